"""Layered pictures: every box is a link that overlaps no other, whatever its label says."""

from itertools import combinations, pairwise
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.picturing.diagram import Edge, Node, Style, Words, layered
from catalogue.picturing.layers import HEIGHT, PASSAGE, WIDTH, Layout, arrange
from catalogue.picturing.lettering import measure, wrapped
from catalogue.picturing.ordering import Arc, ordered

STYLES: tuple[Style, ...] = get_args(Style)
SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Title", "What it shows", dict.fromkeys(STYLES, "means this"), "made up")
NAMES = [f"n{number}" for number in range(9)]


def graphs() -> st.SearchStrategy[tuple[list[Arc], list[Arc]]]:
    arc = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda a: a[0] != a[1])
    return st.tuples(
        st.lists(arc, max_size=16, unique=True), st.lists(arc, max_size=5, unique=True)
    )


def drawn(texts: dict[str, str], arcs: list[Arc], style: Style = "supported") -> ET.Element:
    nodes = [Node(name, text, f"/en/{name}") for name, text in texts.items()]
    edges = [Edge(*arc, style, f"{arc}", "/en/pair") for arc in arcs]
    return ET.fromstring(layered(nodes, edges, WORDS))


def boxes(picture: ET.Element) -> list[ET.Element]:
    return [link for link in picture.findall(f"{SVG}a") if link.find(f"{SVG}rect") is not None]


def test_every_node_is_a_link_with_its_name() -> None:
    texts = {"a": "Learning voucher", "b": "Learning coach", "c": "Workplace learning"}
    picture = drawn(texts, [("a", "b"), ("b", "c")])
    found = {link.get("href"): link.find(f"{SVG}title") for link in boxes(picture)}
    assert {href: title.text for href, title in found.items() if title is not None} == {
        f"/en/{name}": text for name, text in texts.items()
    }
    assert all(link.get("tabindex") is None for link in boxes(picture))


def test_a_picture_says_what_it_is() -> None:
    picture = drawn({"a": "A", "b": "B"}, [("a", "b")])
    named = {element.get("id"): element.text for element in picture if element.get("id")}
    assert named[picture.get("aria-labelledby")] == "Title"
    assert named[picture.get("aria-describedby")] == "What it shows"


@settings(max_examples=40, deadline=None)
@given(graphs(), st.booleans())
def test_no_two_boxes_overlap_and_all_are_within_the_picture(
    graph: tuple[list[Arc], list[Arc]], down: bool
) -> None:
    layout = arrange(NAMES, *graph, down=down)
    assert layout.boxes.keys() == set(NAMES)
    for (x, y), (other_x, other_y) in combinations(layout.boxes.values(), 2):
        assert abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT
    for x, y in layout.boxes.values():
        assert 0 <= x <= layout.width - WIDTH
        assert 0 <= y <= layout.height - HEIGHT


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_no_line_runs_through_a_box(graph: tuple[list[Arc], list[Arc]]) -> None:
    layout = arrange(NAMES, *graph)
    for points in layout.lines:
        for place, ((x, top), (_, bottom)) in enumerate(pairwise(points)):
            if place % 2:  # where it passes a layer
                assert clear(layout, x, min(top, bottom))


def clear(layout: Layout, x: float, top: float) -> bool:
    """Tell whether a line down from a point leaves room beside every box of that layer."""
    beside = [left for left, y in layout.boxes.values() if y == top]
    return all(x <= left - PASSAGE / 2 or x >= left + WIDTH + PASSAGE / 2 for left in beside)


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_a_line_runs_from_the_one_box_to_the_other(graph: tuple[list[Arc], list[Arc]]) -> None:
    layout = arrange(NAMES, *graph)
    for (origin, target), points in zip([*graph[0], *graph[1]], layout.lines, strict=True):
        for name, (x, y) in ((origin, points[0]), (target, points[-1])):
            left, top = layout.boxes[name]
            assert left < x < left + WIDTH
            assert y in {top, top + HEIGHT}


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_what_feeds_stands_before_what_it_feeds_unless_in_a_circle(
    graph: tuple[list[Arc], list[Arc]],
) -> None:
    flows = graph[0]
    rank = {name: place for place, name in enumerate(ordered(NAMES, flows))}
    boxes = arrange(NAMES, flows).boxes
    for origin, target in flows:
        if not leads(flows, target, origin):
            assert rank[origin] < rank[target]
            assert boxes[origin][1] < boxes[target][1]


def leads(arcs: list[Arc], origin: str, target: str) -> bool:
    """Tell whether arcs lead from one node to another, naively."""
    found, waiting = {origin}, [origin]
    while waiting:
        current = waiting.pop()
        new = {after for before, after in arcs if before == current} - found
        found |= new
        waiting += new
    return target in found


@settings(max_examples=30, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_same_boxes_and_lines_give_the_same_picture_in_any_order(
    graph: tuple[list[Arc], list[Arc]], random: object
) -> None:
    nodes = [Node(name, name, name) for name in NAMES]
    edges = [Edge(*arc, "supported", "", None) for arc in graph[0]]
    edges += [Edge(*arc, "conflict", "", None) for arc in graph[1]]
    first = layered(nodes, edges, WORDS)
    random.shuffle(nodes)  # type: ignore[attr-defined]
    random.shuffle(edges)  # type: ignore[attr-defined]
    assert layered(nodes, edges, WORDS) == first


@pytest.mark.parametrize(
    "label",
    [
        "<script>alert(1)</script>",
        '"><a href="javascript:alert(1)">x</a>',
        "&lt;b&gt; &amp;",
        "مرحبا بالعالم",
        "\u202eright to left",
        "control \x00\x0b\x1f characters",
        "]]>",
        "",
    ],
)
def test_a_hostile_label_stays_text(label: str) -> None:
    picture = drawn({"a": label, "b": "B"}, [("a", "b")])
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} <= {
        "svg", "title", "desc", "defs", "marker", "path", "a", "g", "rect", "text", "circle"
    }  # fmt: skip
    assert {link.get("href") for link in boxes(picture)} == {"/en/a", "/en/b"}
    title = boxes(picture)[0].findtext(f"{SVG}title")
    assert title == label.replace("\x00", "").replace("\x0b", "").replace("\x1f", "")


def test_colours_are_in_the_stylesheet_on_a_page_and_in_a_file_of_its_own() -> None:
    nodes = [Node("a", "A", "a", invented=True), Node("b", "B", "b", chosen=True)]
    edges = [Edge("a", "b", style, "") for style in STYLES]
    page = ET.fromstring(layered(nodes, edges, WORDS))
    file = ET.fromstring(layered(nodes, edges, WORDS, literal=True))
    colours = {"fill", "stroke"}
    for element in page.iter():
        assert element.get("style") is None
        assert {element.get(name) for name in colours} <= {None, "none"}
    for element in file.iter():
        if element.tag.removeprefix(SVG) in {"rect", "path", "text", "circle"}:
            assert any((element.get(name) or "").startswith("#") for name in colours)


def test_each_style_differs_without_colour_and_is_explained() -> None:
    looks = set()
    for style in STYLES:
        picture = drawn({"a": "A", "b": "B"}, [("a", "b")], style)
        link = next(a for a in picture.findall(f"{SVG}a") if a.get("href") == "/en/pair")
        path = link.find(f"{SVG}path")
        assert path is not None
        looks.add((path.get("stroke-dasharray"), link.findtext(f"{SVG}text")))
        assert "means this" in [text.text for text in picture.iter(f"{SVG}text")]
    assert len(looks) == len(STYLES)


def test_what_is_made_up_can_be_seen_without_colour() -> None:
    picture = ET.fromstring(layered([Node("a", "A", "a", invented=True)], [], WORDS))
    (box,) = boxes(picture)
    rect = box.find(f"{SVG}rect")
    assert rect is not None
    assert rect.get("stroke-dasharray")
    assert box.findtext(f"{SVG}title") == "A (made up)"


def test_nothing_gives_an_empty_picture() -> None:
    assert not boxes(ET.fromstring(layered([], [], WORDS)))


@given(st.text(max_size=120), st.integers(1, 3))
@settings(max_examples=80, deadline=None)
def test_lines_of_text_fit(text: str, most: int) -> None:
    lines = wrapped(text, 160, most)
    assert len(lines) <= most
    assert all(measure(line) <= 160 for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Leerbudget", ["Leerbudget"]),
        ("Certificaten en deelkwalificaties", ["Certificaten en", "deelkwalificaties"]),
        ("Arbeidsongeschiktheidsverzekeringsmaatschappij", 2),
        ("one two three four five six seven eight nine ten eleven", 2),
    ],
)
def test_text_is_broken_between_words_if_it_can_be(text: str, lines: list[str] | int) -> None:
    found = wrapped(text, 150, 2)
    assert found == lines if isinstance(lines, list) else len(found) == lines


def test_what_does_not_fit_is_cut_short() -> None:
    assert wrapped("one two three four five six seven eight nine ten", 60, 2)[-1].endswith("…")
