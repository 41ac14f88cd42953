"""Pictures of a list: picture, table and file say the same, and it is what the graph holds."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.picturing import alluvial, bars, gantt, nodes
from catalogue.picturing.alluvial import Band, Station
from catalogue.picturing.asked import AXES, NAMES
from catalogue.picturing.bars import Lane
from catalogue.picturing.ego import STATED
from catalogue.picturing.flow import OTHER
from catalogue.picturing.gantt import Bar, Mark
from catalogue.picturing.network import LINES, MOST
from catalogue.picturing.nodes import Node, Tie
from catalogue.picturing.stress import arrange
from catalogue.things.understanding import FAVOURABLE
from s4s_graph.namespaces import BASE, STANDARD
from s4s_graph.store import Store

SVG = "{http://www.w3.org/2000/svg}"
DEF, SKOS, PROV, DCAT = f"{BASE}def#", STANDARD["skos"], STANDARD["prov"], STANDARD["dcat"]
HOWS = {"averechts": "adverse", "uitblijvend": "away"}
SAID = {"adverse": "adverse: ", "away": "stays away: "}
SAYS = ("supports", "contradicts", "refines")
# What a list can be narrowed to, some of it to nothing.
CHOICES = [
    ("ofKind", "scholing"),
    ("ofKind", "learning-culture"),
    ("ofKind", "financiering"),
    ("targetsActor", "medewerker"),
    ("targetsActor", "hr"),
    ("skillsStep", "matching"),
    ("condition", "small-or-medium-firm"),
    ("evidence", "none"),
    ("dataStatus", "observed"),
]
SLOW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ANY = st.lists(st.sampled_from(CHOICES), max_size=3, unique=True).map(urlencode)


@pytest.fixture(scope="module")
def client(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


class Graph:
    """Every triple, asked step by step."""

    def __init__(self, triples: Iterable[tuple[str, str, str]]) -> None:
        self._said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._having: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for thing, path, value in set(triples):
            self._said[thing, path].add(value)
            self._having[path].append((thing, value))

    def of(self, thing: str, *names: str) -> frozenset[str]:
        """Return the values of a path of properties."""
        found = {thing}
        for name in names:
            path = name if ":" in name else DEF + name
            found = set().union(*(self._said.get((one, path), ()) for one in found))
        return frozenset(found)

    def having(self, name: str) -> list[tuple[str, str]]:
        """Return what has a property, with each value."""
        return self._having[name if ":" in name else DEF + name]

    def upward(self, things: frozenset[str]) -> frozenset[str]:
        """Return things and all that is broader."""
        found = things
        while new := frozenset().union(*(self.of(t, f"{SKOS}broader") for t in found)) - found:
            found |= new
        return found

    def one(self, thing: str, name: str) -> str:
        """Return the last part of the one value of a property."""
        (value,) = self.of(thing, name)
        return value.rpartition("/")[2]

    def about(self, interventions: list[str]) -> dict[str, list[str]]:
        """Return the configurations about interventions, and about their kinds."""
        kinds = self.upward(frozenset().union(*(self.of(i, "ofKind") for i in interventions)))
        own = (c for c, i in self.having("aboutIntervention") if i in interventions)
        kind = (c for c, k in self.having("aboutKind") if k in kinds)
        return {
            scope: sorted(c for c in some if "/configuration/" in c)
            for scope, some in (("own", own), ("kind", kind))
        }

    def rejected(self, configuration: str) -> bool:
        """Tell whether it counts no more."""
        return self.one(configuration, "status") == "verworpen"

    def invented(self, thing: str) -> bool:
        """Tell whether it is an example."""
        return self.one(thing, "dataStatus") == "illustrative"


@pytest.fixture(scope="module")
def graph(shipped_release: Path) -> Graph:
    answer = Store.open(shipped_release, memory_quads=10**9).answer(
        "SELECT ?s ?p ?o WHERE { ?s ?p ?o . FILTER (!isBlank(?s) && !isBlank(?o)) }"
    )
    return Graph((s.value, p.value, o.value) for s, p, o in answer.rows if s and p and o)


def listed(client: TestClient, query: str) -> list[str]:
    """Return the interventions of a list, in its order."""
    text = client.get(f"/en/interventions.csv?{query}").text
    return [f"{BASE}id/intervention/{row['id']}" for row in csv.DictReader(io.StringIO(text))]


def rows(client: TestClient, path: str) -> list[dict[str, str]]:
    """Return the numbers of a picture as its file has them."""
    response = client.get(path, follow_redirects=True)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def seen(client: TestClient, path: str) -> BeautifulSoup:
    response = client.get(path, follow_redirects=True)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def titles(page: BeautifulSoup) -> list[str]:
    """Return what the parts of a picture say of themselves."""
    return [title.text for title in page.select("figure svg :is(g, a) > title")]


def cells(page: BeautifulSoup) -> list[list[str]]:
    """Return the table under a picture as a reader sees it."""
    table = page.select("#table tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in table]


def numbers(row: dict[str, str], *names: str) -> list[int]:
    return [int(row[name]) for name in names]


@SLOW
@given(query=ANY, top=st.sampled_from([8, 32]))
def test_a_flow_counts_what_the_configurations_say(
    client: TestClient, graph: Graph, query: str, top: int
) -> None:
    about = graph.about(listed(client, query))
    expected: Counter[tuple[str, str, str]] = Counter()
    for one in [*about["own"], *about["kind"]]:
        if not graph.rejected(one):
            mechanisms = graph.of(one, "hasMechanism")
            expected.update(product(graph.of(one, "hasContext"), mechanisms, ["brings"]))
            becomes = HOWS.get(graph.one(one, "valence"), "brings")
            expected.update(product(mechanisms, graph.of(one, "hasOutcome"), [becomes]))
    every = rows(client, f"/en/pictures/flow.csv?{query}&top={top}")
    found = {
        (row["from"], row["to"], how(row["to_label"])): int(row["configurations"])
        for row in every
        if {row["from"], row["to"]}.isdisjoint({OTHER, "none"})
    }
    assert found.items() <= expected.items()
    if not any(OTHER in (row["from"], row["to"]) for row in every):
        assert found == expected


def how(label: str) -> str:
    """Return what becomes of an outcome, by the words before its name."""
    return next((how for how, said in SAID.items() if label.startswith(said)), "brings")


@SLOW
@given(query=ANY)
def test_a_flow_says_the_same_in_bands_and_table_and_file(client: TestClient, query: str) -> None:
    page = seen(client, f"/en/pictures/flow?{query}")
    drawn = Counter(title for title in titles(page) if " → " in title)
    plain = (row for row in rows(client, f"/en/pictures/flow.csv?{query}"))
    filed = Counter(
        f"{row['from_label']} → {row['to_label']}: {row['configurations']}" for row in plain
    )
    bands = Counter({title: count for title, count in drawn.items() if title in filed})
    assert bands == filed
    counts = sorted((int(row[2]), int(row[3])) for row in cells(page))
    filed_counts = rows(client, f"/en/pictures/flow.csv?{query}")
    assert counts == sorted(tuple(numbers(r, "configurations", "invented")) for r in filed_counts)


@SLOW
@given(query=ANY)
def test_evidence_counts_every_finding_once_by_what_it_says(
    client: TestClient, graph: Graph, query: str
) -> None:
    about = graph.about(listed(client, query))
    expected: Counter[tuple[str, str, str, str]] = Counter()
    for scope, configurations in about.items():
        for says in SAYS:
            for finding, one in graph.having(says):
                if one in configurations:
                    favourable = graph.one(one, "valence") in FAVOURABLE
                    stand = {
                        "supports": "for" if favourable else "against",
                        "contradicts": "against" if favourable else "neither",
                        "refines": "refines",
                    }[says]
                    years = (
                        graph.of(finding, "fromCase", "inRound", "year")
                        or graph.of(finding, "year")
                        or graph.of(finding, "fromStudy", "year")
                    )
                    year = next(iter(years), "no year")
                    expected[year, scope, graph.one(finding, "dataStatus"), stand] += 1
    found = {
        (row["year"], row["about"], row["status"], stand): int(row[stand])
        for row in rows(client, f"/en/pictures/evidence.csv?{query}")
        for stand in ("for", "against", "refines", "neither")
        if row[stand] != "0"
    }
    assert found == expected
    page = seen(client, f"/en/pictures/evidence?{query}")
    each = re.compile(r"(\d+) (?:observed|reported|invented)")
    drawn = sum(int(number) for title in titles(page) for number in each.findall(title))
    shown = sum(int(cell) for row in cells(page) for cell in row[3:])
    assert drawn == shown == expected.total()


@SLOW
@given(query=ANY)
def test_a_timeline_has_every_version_round_and_number_of_companies(
    client: TestClient, graph: Graph, query: str
) -> None:
    chosen = listed(client, query)
    expected: Counter[tuple[str, str, str]] = Counter()
    companies: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for version, intervention in graph.having(f"{DCAT}isVersionOf"):
        if intervention in chosen:
            (year,) = graph.of(version, "year")
            expected[intervention, "version", year] += 1
            for deployment, deployed in graph.having("deploys"):
                if deployed == version:
                    (year,) = graph.of(deployment, "year")
                    at = graph.of(deployment, "atCompany")
                    companies[intervention, "applied", year] |= at
    every = rows(client, f"/en/pictures/timeline.csv?{query}")
    found = Counter((row["intervention"], row["what"], row["year"]) for row in every)
    assert {key: count for key, count in found.items() if key[1] == "version"} == expected
    applied = {
        (row["intervention"], row["what"], row["year"]): row["companies"]
        for row in every
        if row["what"] == "applied"
    }
    few = {key: "<3" if len(some) < 3 else str(len(some)) for key, some in companies.items()}
    assert applied == few
    page = seen(client, f"/en/pictures/timeline?{query}")
    marked = [title for title in titles(page) if title.startswith(("Version", "Round", "Applied"))]
    assert len(marked) == sum(row["what"] != "run" for row in every)
    assert len(cells(page)) == len(every)


@SLOW
@given(query=ANY, axis=st.sampled_from(["condition", "mechanism", "targetsActor", "outcome"]))
def test_a_cell_of_the_matrix_counts_the_configurations_that_say_so(
    client: TestClient, graph: Graph, query: str, axis: str
) -> None:
    found = rows(client, f"/en/pictures/matrix.csv?{query}&axis={axis}")
    if found and "/intervention-kind/" in found[0]["row"]:
        return  # too many for a row each; the next test is about those
    name = {
        "condition": "hasContext",
        "outcome": "hasOutcome",
        "mechanism": "hasMechanism",
        "targetsActor": "hasActor",
    }[axis]

    def naming(one: str, value: str) -> bool:
        away = axis == "outcome" and graph.one(one, "valence") == "uitblijvend"
        return value in graph.upward(graph.of(one, name)) and not away

    for row in found:
        about = graph.about([row["row"]])
        own, kind = (
            [c for c in about[scope] if naming(c, row["column"]) and not graph.rejected(c)]
            for scope in ("own", "kind")
        )
        counted = [c for c in own if not graph.invented(c)] or kind or own
        pairs = [pair for path in SAYS for pair in graph.having(path)]
        findings = sum(one in counted and not graph.invented(f) for f, one in pairs)
        assert numbers(row, "count", "findings") == [len(counted), findings]


def test_a_cell_of_a_kind_leads_to_as_many_interventions_as_it_says(client: TestClient) -> None:
    page = soup(client, "/en/pictures/matrix?axis=condition")
    links = page.select('.crossed tbody td a[href*="/interventions?"]')
    assert links
    for link in links[::17]:
        (number,) = (int(part) for part in link.select_one("span").text.split() if part.isdigit())
        assert len(listed(client, str(link["href"]).partition("?")[2])) == number


@pytest.mark.parametrize("query", ["axis=condition&ofKind=scholing", "axis=skillsStep"])
def test_the_matrix_adds_up_its_columns_and_marks_white_spots(
    client: TestClient, query: str
) -> None:
    page = soup(client, f"/en/pictures/matrix?{query}")
    body = [row.select("td:not(.sum)") for row in page.select(".crossed tbody tr")]
    known, supported = (list(row.select("td.sum")) for row in page.select("tfoot tr"))
    assert [int(cell.find(string=True)) for cell in known] == [
        sum(bool(row[place].select("a")) for row in body) for place in range(len(known))
    ]
    with_findings = [
        sum("finding" in row[place].text for row in body) for place in range(len(supported))
    ]
    assert [int(cell.find(string=True)) for cell in supported] == with_findings
    for cell, number in zip(supported, with_findings, strict=True):
        assert ("white" in cell["class"]) == (number == 0)


@SLOW
@given(query=ANY, axis=st.sampled_from(["condition", "holder", "ofKind"]))
def test_a_network_has_the_links_that_the_list_has(
    client: TestClient, query: str, axis: str
) -> None:
    found = rows(client, f"/en/pictures/network.csv?{query}&axis={axis}")
    chosen = set(listed(client, query))
    by_value: defaultdict[str, set[str]] = defaultdict(set)
    for row in found:
        by_value[row[axis]].add(row["intervention"])
    things = {row["intervention"] for row in found}
    for value, linked in list(by_value.items())[:4]:
        having = set(listed(client, f"{axis}={value.rpartition('/')[2]}"))
        assert linked == having & chosen & things
    page = seen(client, f"/en/pictures/network?{query}&axis={axis}")
    links = page.select("figure svg a")
    assert len(links) == len(things) + len(by_value) <= MOST
    assert len(page.select("figure svg > path.net")) == len(found) == len(cells(page)) <= LINES


@pytest.mark.parametrize("slug", ["project-werkplekleren-technische-fondsen", "techwise-twente"])
def test_around_an_intervention_stand_its_organisations_and_its_skills(
    client: TestClient, graph: Graph, slug: str
) -> None:
    address = f"/en/pictures/network.csv?intervention={slug}"
    found = [row for row in rows(client, address) if row["known"] == "stated"]
    iri = f"{BASE}id/intervention/{slug}"
    behind = frozenset().union(*(graph.of(iri, n) for n in ("holder", "deliverer", "funder")))
    skills = graph.of(iri, "develops")
    assert behind or skills
    assert {row["from"] for row in found if row["to"] == iri} <= behind
    assert {row["to"] for row in found if row["from"] == iri} <= skills
    assert len(found) == min(len(behind), STATED) + min(len(skills), STATED)


def test_more_than_can_be_read_is_a_neighbourhood_and_says_so(client: TestClient) -> None:
    page = soup(client, "/en/pictures/network?axis=condition")
    assert "is too much to read" in page.select_one("main").text
    assert page.select("figure svg circle.area:not(.bare)")


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_each_picture_is_a_sound_page_that_can_be_taken_along(
    client: TestClient, name: str, lang: str
) -> None:
    page = soup(client, f"/{lang}/pictures/{name}")
    assert list(unsound(page)) == []
    assert page.select_one("link[rel=canonical]")["href"] == f"/{lang}/pictures/{name}"
    figure = page.select_one("figure")
    assert figure.select_one("figcaption").text
    if name != "matrix":
        svg = figure.select_one("svg[role=group]")
        for attribute in ("aria-labelledby", "aria-describedby"):
            assert svg.select_one(f"#{svg[attribute]}").text
        assert svg.select("a[href]")
    for link in page.select(".formats a"):
        response = client.get(str(link["href"]))
        assert response.status_code == 200
        assert response.content
    kind = client.get(f"/{lang}/pictures/{name}.svg").headers["content-type"]
    assert kind.startswith("image/svg+xml")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_its_own_has_its_colours_and_a_page_has_none(
    client: TestClient, name: str
) -> None:
    file = ET.fromstring(client.get(f"/en/pictures/{name}.svg").text)
    painted = [e for e in file.iter() if e.tag.removeprefix(SVG) in {"rect", "circle", "polygon"}]
    assert painted
    for element in painted:
        assert (element.get("fill") or "").startswith(("#", "url(#"))
        assert element.get("style") is None
    texts = list(file.iter(f"{SVG}text"))
    assert texts
    assert all((text.get("fill") or "").startswith("#") for text in texts)
    hrefs = [link.get("href") or "" for link in file.iter(f"{SVG}a")]
    assert all(href.startswith("http") for href in hrefs)
    for element in soup(client, f"/en/pictures/{name}").select("figure svg *"):
        assert not {"style", "stroke"} & element.attrs.keys()
        assert element.get("fill", "url(#").startswith(("url(#", "none"))


def test_what_is_invented_looks_different_without_colour(client: TestClient) -> None:
    page = soup(client, "/en/pictures/evidence?intervention=leercultuur")
    assert page.select('figure svg [fill="url(#evidence-hatch)"]')
    assert page.select(".banner")
    flags = {row["illustrative"] for row in rows(client, "/en/pictures/evidence.csv")}
    assert flags == {"true", "false"}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("nothing", 404),
        ("matrix?axis=nothing", 404),
        ("network?axis=targetsActor", 404),
        ("flow?top=9", 404),
        ("flow?top=1000000000", 404),
        ("flow?intervention=nothing", 404),
        ("flow?intervention=%00%3Cscript%3E", 404),
        ("flow.exe", 404),
        ("matrix?ofKind=nothing", 200),
        ("flow?colour=red", 200),
        ("flow?q=" + "a" * 9000, 200),
    ],
)
def test_what_cannot_be_asked_is_told_cleanly(client: TestClient, asked: str, status: int) -> None:
    page = soup(client, f"/en/pictures/{asked}", status)
    assert list(unsound(page)) == []
    assert page.select_one("main").text.strip()


def test_two_hundred_choices_are_one_address(client: TestClient) -> None:
    query = urlencode([("holder", f"nobody-{number}") for number in range(200)])
    page = seen(client, f"/en/pictures/flow?{query}")
    assert "Nothing fits all of this." in page.select_one("main").text


def test_a_selection_of_nothing_says_so_and_has_no_picture(client: TestClient) -> None:
    for name in NAMES:
        page = soup(client, f"/en/pictures/{name}?dataStatus=observed")
        assert "Nothing fits all of this." in page.select_one("main").text
        assert not page.select("figure")
        assert rows(client, f"/en/pictures/{name}.csv?dataStatus=observed") == []
        soup(client, f"/en/pictures/{name}.svg?dataStatus=observed", 404)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("flow?top=8", "flow"),
        ("flow?ofKind=b&ofKind=a&page=3", "flow?ofKind=a&ofKind=b"),
        ("matrix?axis=targetsActor", "matrix"),
        ("network?intervention=leercultuur&ofKind=a", "network?intervention=leercultuur"),
        ("flow?sort=name&intervention=", "flow"),
    ],
)
def test_each_picture_has_one_address(client: TestClient, asked: str, address: str) -> None:
    response = client.get(f"/nl/pictures/{asked}")
    assert (response.status_code, response.headers["location"]) == (303, f"/nl/pictures/{address}")
    assert client.get(response.headers["location"]).status_code == 200


def test_a_list_and_its_pictures_are_one_permalink(client: TestClient) -> None:
    query = "condition=small-or-medium-firm&targetsActor=medewerker"
    link = soup(client, f"/en/interventions?{query}").select_one('a[href*="/pictures"]')
    assert link["href"] == f"/en/pictures?{query}"
    entry = soup(client, str(link["href"]))
    tiles = [str(tile["href"]) for tile in entry.select(".tiles a")]
    assert tiles == [f"/en/pictures/{name}?{query}" for name in NAMES]
    back = soup(client, tiles[0]).select_one('main a[href^="/en/interventions?"]')
    assert back["href"] == f"/en/interventions?{query}"
    assert soup(client, "/en/").select_one('a[href="/en/pictures"]')
    assert "/en/pictures/flow</loc>" in client.get("/sitemap.xml").text


def test_an_intervention_has_its_pictures_on_its_page(client: TestClient) -> None:
    page = soup(client, "/en/interventions/leercultuur")
    assert list(unsound(page)) == []
    links = {str(link["href"]) for link in page.select("#pictures details > p a")}
    of = "?intervention=leercultuur"
    assert links == {f"/en/pictures/{n}{of}" for n in ("flow", "evidence", "timeline", "network")}
    assert len(page.select("#pictures svg")) == 4


def test_the_line_of_today_is_not_kept_longer_than_an_hour(client: TestClient) -> None:
    response = client.get("/en/pictures/timeline")
    assert response.headers["cache-control"] == "max-age=3600"
    assert "etag" not in response.headers
    assert ">today<" in response.text


def test_an_axis_is_a_facet_of_the_list(client: TestClient, tiny: TestClient) -> None:
    for name, axes in AXES.items():
        for axis in axes:
            response = client.get(f"/nl/pictures/{name}?axis={axis}", follow_redirects=True)
            assert response.status_code == 200
        assert tiny.get(f"/nl/pictures/{name}").status_code == 200


def test_what_was_worked_out_on_paper(tiny: TestClient) -> None:
    found = rows(tiny, "/nl/pictures/network.csv?intervention=werkplekleren")
    # c03 and c04 of itself, c09 of its kind; c04 brings about what c03 does. Its holder, who
    # delivers it and the skill it develops are stated, not said by a configuration.
    sides = {
        (row["from"].rpartition("/")[2], row["to"].rpartition("/")[2]): row["configurations"]
        for row in found
    }
    assert sides == {
        ("leerwens", "werkplekleren"): "2",
        ("oefenruimte", "werkplekleren"): "1",
        ("leiding-steunt", "werkplekleren"): "1",
        ("tijd", "werkplekleren"): "1",
        ("werkplekleren", "vakmanschap"): "2",
        ("werkplekleren", "leiding-steunt"): "1",
        ("bond", "werkplekleren"): "0",
        ("bureau", "werkplekleren"): "0",
        ("werkplekleren", "lassen"): "0",
    }


links = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), links, st.sampled_from([400.0, 1000.0]))
def test_no_node_lies_on_another_and_all_are_within_the_width(
    count: int, pairs: list[tuple[int, int]], width: float
) -> None:
    known = tuple(pair for pair in pairs if max(pair) < count)
    corners = arrange(count, known, (142.0, 66.0), width)
    assert len(corners) == count
    assert all(0 <= x <= width - 142 + 1e-6 and y >= 0 for x, y in corners)
    for (x, y), (other_x, other_y) in combinations(corners, 2):
        assert abs(x - other_x) >= 142 - 1e-6 or abs(y - other_y) >= 66 - 1e-6
    arrange.cache_clear()
    assert arrange(count, known, (142.0, 66.0), width) == corners


def test_what_is_linked_stands_nearer_than_what_is_not() -> None:
    # Two stars with nothing between them.
    pairs = tuple((0, n) for n in range(1, 6)) + tuple((6, n) for n in range(7, 12))
    corners = arrange(12, pairs, (10.0, 10.0), 1000.0)

    def apart(one: int, other: int) -> float:
        (x, y), (other_x, other_y) = corners[one], corners[other]
        return ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5

    near = sum(apart(*pair) for pair in pairs) / len(pairs)
    far = sum(apart(0, n) + apart(6, n - 6) for n in range(7, 12)) / 10
    assert near < far


HOSTILE = [
    "<script>alert(1)</script>",
    '"><a href="javascript:alert(1)">x</a>',
    "&lt;b&gt; &amp;",
    "مرحبا بالعالم",
    "\u202eright to left",
    "control \x00\x0b\x1f characters",
    "",
]


def pictures_of(label: str) -> Iterator[str]:
    """Draw each picture with a label wherever one can be."""
    key, other = ("a", "brings"), ("b", "away")
    words = alluvial.Words(label, label, (label, label, label), label, label, label)
    columns = [{key: Station(label, 2, "/a")}, {key: Station(label, 2)}, {other: Station(label, 2)}]
    bands = [Band(0, key, key, 2, 2, label), Band(1, key, other, 2, 0, label)]
    yield alluvial.drawn(words, columns, bands)
    statuses = dict.fromkeys(("observed", "reported", "illustrative"), label)
    lane = Lane(label, label, "for", {(2024, "observed"): 1, (None, "illustrative"): 2})
    yield bars.drawn(bars.Words(label, label, label, statuses, "/a"), [lane])
    bar = Bar(label, "/a", None, 1990, None, True, (Mark("version", 2024, True, "", label),))
    key_words = dict.fromkeys(("run", "guess", "version", "round", "applied", "invented"), label)
    yield gantt.drawn(gantt.Words(label, label, label, key_words), [bar], None)
    some = [Node(label, "/a", "square"), Node(label, "/b", "circle", invented=True)]
    said = nodes.Words(label, label, label, label, label, "%(count)s")
    yield nodes.drawn(said, some, [Tie(0, 1, False)])


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_text(label: str) -> None:
    shapes = {"pattern", "path", "rect", "circle", "polygon"}
    known = {"svg", "title", "desc", "defs", "a", "g", "text", *shapes}
    drawn = list(pictures_of(label))
    assert len(drawn) == 4
    for picture in drawn:
        root = ET.fromstring(picture)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= known
        assert {link.get("href") for link in root.iter(f"{SVG}a")} <= {"/a", "/b"}
