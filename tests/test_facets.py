"""Facets: which there are, what they hold, and counts held against counting one by one."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.searching.narrowing import MOST, narrowed, things
from catalogue.searching.selection import RESERVED, SEEK, Selection
from s4s_graph import release
from s4s_graph.forms import Forms, Text
from s4s_graph.search.facets import facets
from s4s_graph.search.read import Facet, Index, Listing, Value

NAMES = ("f0", "f1", "f2")
KEYS = ("a", "b", "c")
Held = Mapping[str, Mapping[str, frozenset[int]]]


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Iterator[Index]:
    opened = Index(tiny_release / release.SEARCH)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def forms(tiny_release: Path) -> Forms:
    return Forms.from_json((tiny_release / release.FORMS).read_text(encoding="utf-8"))


def held(index: Index, table: str, facet: str) -> dict[str, set[str]]:
    """Return which things have which value of a facet, both by the ids of their rows."""
    listing = index.listing(table)
    return {
        value.key: {slug for n, slug in enumerate(listing.slugs) if value.things >> n & 1}
        for value in listing.by_name[facet].values
        if value.things
    }


def test_interventions_can_be_narrowed_by_all_that_policy_staff_ask_for(tiny: Index) -> None:
    names = {facet.name for facet in tiny.listing("interventions").facets}
    asked = "targetsActor skillsStep ofKind holder size-class condition mechanism outcome develops"
    assert names >= {*asked.split(), "year", "status", "evidence", "cost-known", "contributesTo",
                     "dataStatus"}  # fmt: skip


def test_what_was_worked_out_on_paper(tiny: Index) -> None:
    outcomes = held(tiny, "interventions", "outcome")
    # Of c03 and c04, and of c09 through the kind; c08 is rejected, in c07 it stayed away.
    assert "werkplekleren" in outcomes["vakmanschap"]
    assert "vakcertificaat" not in outcomes.get("leiding-steunt", set())
    assert "leerbudget" in outcomes["tijd"]
    # What is narrower counts for what is broader: leercoach brings about concrete-leerwens.
    assert "leercoach" in outcomes["leerwens"]
    assert held(tiny, "companies", "dataStatus").keys() == {"illustrative"}


def test_no_facet_has_the_name_of_something_else_in_an_address(forms: Forms) -> None:
    found = {facet.id for form in forms for facet in facets(form, forms)}
    assert found
    assert found.isdisjoint(RESERVED)
    assert not any(name.startswith(SEEK) for name in found)


def test_a_new_field_with_values_from_a_list_is_a_facet_without_any_python(forms: Forms) -> None:
    form = forms.by_table("versions")
    other = forms.by_table("interventions")
    assert form
    assert other
    field = next(field for field in other.fields if field.id == "targetsActor")
    wider = replace(form, fields=(*form.fields, replace(field, id="newField")))
    new = {f.id: f for f in facets(wider, forms)}.keys() - {f.id for f in facets(form, forms)}
    assert new == {"newField"}
    restricted = replace(form, fields=(replace(field, disclosure="restricted"),))
    assert facets(restricted, forms) == []


def test_what_rests_on_an_example_only_is_known_to(shipped_release: Path) -> None:
    index = Index(shipped_release / release.SEARCH)
    try:
        sizes = index.listing("interventions").by_name["size-class"].values
        assert any(value.things for value in sizes)
        assert not any(value.real for value in sizes)
    finally:
        index.close()


def many(count: int) -> Listing:
    """Return a list with a facet of so many values, of which the last are the most frequent."""
    values = tuple(
        Value(f"v{n}", Text(f"Waarde {n}", f"Value {n}"), f'"v{n}"', 0, (1 << n) - 1, 0)
        for n in range(count)
    )
    facet = Facet("f", Text("f", "f"), Text("", ""), None, "path", None, values)
    everything = tuple(range(count))
    slugs = tuple(f"t{number}" for number in everything)
    return Listing(1, slugs, (facet,), {"nl": everything, "en": everything})


def test_of_many_values_the_most_frequent_are_seen_and_the_chosen() -> None:
    count = 3 * MOST
    (facet,) = narrowed(many(count), Selection(chosen={"f": ("v3",)}), None, "nl").facets
    keys = {choice.key for choice in (*facet.first, *facet.rest)}
    assert keys == {"v3", *(f"v{n}" for n in range(count - MOST, count))}
    assert facet.more == count - MOST - 1
    assert "v3" in {choice.key for choice in facet.first if choice.chosen}


def test_any_of_many_values_is_found_by_words_in_its_name_with_its_count() -> None:
    found = many(3 * MOST)
    (facet,) = narrowed(found, Selection(sought={"f": "WAARDE 7"}), None, "nl").facets
    sevens = {f"v{n}" for n in range(3 * MOST) if "7" in str(n)}
    assert {choice.key for choice in facet.first} == sevens
    assert {choice.key: choice.count for choice in facet.first}["v7"] == 7
    assert facet.is_open
    assert facet.rest == ()
    (nothing,) = narrowed(found, Selection(sought={"f": "value 7"}), None, "nl").facets
    assert nothing.first == ()


def rows(root: Path, name: str) -> list[dict[str, str]]:
    with (root / f"s4s_graph/data/reported/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_counts_of_the_shipped_data_are_those_of_its_tables(
    shipped_release: Path, root: Path
) -> None:
    """Skills with all that is narrower, groups and data status: read from the tables by hand."""
    broader = {row["id"]: row["broader"].split(";") for row in rows(root, "skills")}

    def upward(skill: str) -> set[str]:
        above = {name for name in broader.get(skill, ()) if name}
        return {skill}.union(*map(upward, above))

    having: dict[str, dict[str, set[str]]] = {}
    for row in rows(root, "interventions"):
        skills = {up for skill in row["develops"].split(";") if skill for up in upward(skill)}
        having[row["id"]] = {
            "develops": skills,
            "targetsActor": {*row["targetsActor"].split(";")},
            "dataStatus": {row["dataStatus"]},
        }
    index = Index(shipped_release / release.SEARCH)
    try:
        found = index.listing("interventions")
    finally:
        index.close()
    chosen = {"targetsActor": ("leidinggevende", "medewerker"), "dataStatus": ("reported",)}
    result = narrowed(found, Selection(chosen=chosen), None, "nl")
    checked = 0
    for facet in result.facets:
        others = {name: {*keys} for name, keys in chosen.items() if name != facet.name}
        left = [v for v in having.values() if all(v[name] & keys for name, keys in others.items())]
        for choice in (*facet.first, *facet.rest) if facet.name in having["evc"] else ():
            assert choice.count == sum(choice.key in v[facet.name] for v in left), choice
            checked += 1
    assert checked > 10
    assert any(choice.depth for facet in result.facets for choice in facet.first)


def listing(count: int, facets: Held) -> Listing:
    """Return a list of so many things with these values."""
    made = [
        Facet(
            name, Text(name, name), Text("", ""), None, "path", None,
            tuple(
                Value(key, Text(key, key), f'"{key}"', 0, sum(1 << n for n in having), 0)
                for key, having in values.items()
            ),
        )
        for name, values in facets.items()
    ]  # fmt: skip
    slugs = tuple(f"t{number}" for number in range(count))
    backwards = tuple(reversed(range(count)))
    return Listing(1, slugs, tuple(made), {"nl": tuple(range(count)), "en": backwards})


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, Held, Selection]:
    """A list, who has what in it, and a choice, of which some values may not exist."""
    count = draw(st.integers(0, 20))
    some = st.frozensets(st.sampled_from(range(count))) if count else st.just(frozenset[int]())
    facets = {name: {key: draw(some) for key in KEYS} for name in NAMES}
    chosen = {
        name: tuple(sorted(keys))
        for name in NAMES
        if (keys := draw(st.frozensets(st.sampled_from([*KEYS, "unknown"]))))
    }
    return count, facets, Selection(chosen=chosen)


@given(cases())
def test_counts_are_those_of_counting_one_by_one(case: tuple[int, Held, Selection]) -> None:
    count, facets, selection = case

    def fits(thing: int, without: str | None = None) -> bool:
        """OR inside a facet, AND between facets; one facet can be left out of account."""
        return all(
            any(thing in facets[name].get(key, ()) for key in keys)
            for name, keys in selection.chosen.items()
            if name != without
        )

    made = listing(count, facets)
    result = narrowed(made, selection, None, "nl")
    expected = [thing for thing in range(count) if fits(thing)]
    assert list(result.things) == expected
    assert things(made, selection, None, "en") == expected[::-1]
    for facet in result.facets:
        for choice in (*facet.first, *facet.rest):
            having = facets[facet.name][choice.key]
            assert choice.count == sum(fits(thing, facet.name) for thing in having)
            assert choice.chosen == (choice.key in selection.chosen.get(facet.name, ()))
    assert len(result.chips) == sum(map(len, selection.chosen.values()))
