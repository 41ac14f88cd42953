"""The matrix: interventions, or their kinds, against what they are for, need or bring about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.picturing.asked import Asked, values
from catalogue.picturing.facts import Facts
from s4s_graph.coherence.model import Configuration
from s4s_graph.search.read import Facet, Value

ROWS, COLUMNS = 60, 20
# Configurations say nothing of these: only how an intervention is described does.
DESCRIBED = {"skillsStep", "develops"}
# The field of a configuration that names what the facet holds, as a list of them is narrowed.
FIELDS = {
    "targetsActor": "hasActor",
    "condition": "hasContext",
    "mechanism": "hasMechanism",
    "outcome": "hasOutcome",
}

# What is known of a pair, the surest first.
Standing = Literal["found", "stated", "kind", "example", "said"]
SYMBOLS: dict[Standing, str] = {
    "found": "●",
    "stated": "◑",
    "kind": "○",
    "example": "◌",
    "said": "·",
}
# The classes that the matrix of coherence has for the same shades.
SHADES: dict[Standing, str] = {
    "found": "observed",
    "stated": "one-supported",
    "kind": "from-kind",
    "example": "example",
    "said": "none",
}


@dataclass(frozen=True)
class Square:
    """One cell. None as standing: a white spot.

    count: configurations; in a row of a kind the interventions of that kind.
    findings: those on the configurations that were not invented.
    examples: the configurations that were invented, where there are no others.
    """

    standing: Standing | None
    count: int
    findings: int
    href: str | None
    examples: frozenset[str]


@dataclass(frozen=True)
class Line:
    """One row: an intervention or a kind, with the findings on it and on its kinds."""

    iri: str
    squares: tuple[Square, ...]
    findings: int
    of_kind: int


@dataclass(frozen=True)
class Matrix:
    """The table. `left_out` columns are used by fewer; `kinds`: the rows are kinds."""

    facet: Facet
    columns: tuple[Value, ...]
    lines: tuple[Line, ...]
    left_out: int
    kinds: bool

    @property
    def known(self) -> tuple[int, ...]:
        """In how many rows something is known, for each column."""
        return self._counted(lambda square: square.standing is not None)

    @property
    def supported(self) -> tuple[int, ...]:
        """In how many rows there are findings, for each column."""
        return self._counted(lambda square: square.findings > 0)

    @property
    def used(self) -> list[Standing]:
        """What the matrix has, for its legend."""
        found = {square.standing for line in self.lines for square in line.squares}
        return [standing for standing in SYMBOLS if standing in found]

    def _counted(self, told: Callable[[Square], bool]) -> tuple[int, ...]:
        places = range(len(self.columns))
        return tuple(sum(told(line.squares[place]) for line in self.lines) for place in places)


def table(asked: Asked) -> Matrix | None:
    """Return the matrix of what was asked for; None where there is no axis or nothing to show."""
    facet = asked.facet
    if not facet or not asked.things:
        return None
    key = ("columns", facet.name, asked.things)
    columns, left_out = asked.facts.remember(key, lambda: _columns(facet, asked.bits))
    if len(asked.things) <= ROWS:
        lines = [_intervention(asked, facet, columns, thing) for thing in asked.things]
        return Matrix(facet, columns, tuple(lines), left_out, kinds=False)
    kinds = asked.listing.by_name.get("ofKind")
    held = values(kinds, asked.bits) if kinds else []
    lines = [_kind(asked, facet, columns, value, some) for value, some in held]
    if asked.selection.sort == "evidence":
        lines.sort(key=lambda line: -line.findings)
    return Matrix(facet, columns, tuple(lines), left_out, kinds=True)


def _columns(facet: Facet, bits: int) -> tuple[tuple[Value, ...], int]:
    """Return all of a short list, with what nothing has; of a long one what most have."""
    if len(facet.values) <= COLUMNS // 2:
        return facet.values, 0
    held = values(facet, bits)
    places = range(len(held))
    ranked = sorted(places, key=lambda place: (-held[place][1].bit_count(), place))[:COLUMNS]
    return tuple(held[place][0] for place in ranked), len(held) - len(ranked)


def _intervention(asked: Asked, facet: Facet, columns: Sequence[Value], thing: int) -> Line:
    facts, slug = asked.facts, asked.listing.slugs[thing]
    iri = asked.page.release.iri("intervention", slug)
    own = [one for one in facts.own([iri]) if not one.rejected]
    of_kind = [one for one in facts.of_kind([iri]) if not one.rejected]
    address = f"/{asked.page.lang}/interventions/{slug}"
    squares = []
    for value in columns:
        mine, theirs = (_naming(facts, facet, value, some) for some in (own, of_kind))
        standing = _standing(facts, mine, theirs, bool(value.things >> thing & 1))
        # What was invented is never added to what was not, and counts only where it is all.
        counted = _real(facts, mine) or theirs or mine
        examples = facts.invented.intersection(one.id for one in counted)
        href = address + ("#of-kind" if standing == "kind" else "#works" if mine else "")
        findings = sum(map(facts.real, counted))
        href_if = href if standing else None
        squares.append(Square(standing, len(counted), findings, href_if, examples))
    return Line(iri, tuple(squares), sum(map(facts.real, own)), sum(map(facts.real, of_kind)))


def _kind(asked: Asked, facet: Facet, columns: Sequence[Value], kind: Value, some: int) -> Line:
    facts, iri = asked.facts, kind.term[1:-1]
    own = [one for one in facts.own([iri]) if not one.rejected]
    squares = []
    for value in columns:
        mine = _naming(facts, facet, value, own)
        things = (value.things & some).bit_count()
        standing = _standing(facts, mine, [], things > 0)
        href = None
        if things:
            href = asked.within(ofKind=kind.key, **{facet.name: value.key})
        elif standing:
            query = f"aboutKind={kind.key}&{FIELDS[facet.name]}={value.key}"
            href = f"/{asked.page.lang}/configurations?{query}"
        examples = facts.invented.intersection(one.id for one in mine)
        squares.append(Square(standing, things, sum(map(facts.real, mine)), href, examples))
    return Line(iri, tuple(squares), sum(map(facts.real, own)), 0)


def _naming(
    facts: Facts, facet: Facet, value: Value, configurations: Sequence[Configuration]
) -> list[Configuration]:
    """Return the configurations that name a value, or something narrower, as the list counts."""
    if facet.name in DESCRIBED:
        return []
    iri = value.term[1:-1]
    return [one for one in configurations if iri in _named(facts, facet, one)]


def _named(facts: Facts, facet: Facet, one: Configuration) -> frozenset[str]:
    if facet.name == "targetsActor":
        return one.actors
    if facet.name == "mechanism":
        return facts.mechanisms.get(one.id, frozenset())
    conditions = one.needs if facet.name == "condition" else one.brings
    above = facts.world.satisfied_by
    return frozenset[str]().union(*(above.get(iri, {iri}) for iri in conditions))


def _real(facts: Facts, configurations: Sequence[Configuration]) -> list[Configuration]:
    return [one for one in configurations if one.id not in facts.invented]


def _standing(
    facts: Facts, mine: Sequence[Configuration], theirs: Sequence[Configuration], said: bool
) -> Standing | None:
    if any(map(facts.real, mine)):
        return "found"
    if _real(facts, mine):
        return "stated"
    if theirs:
        return "kind"
    return "example" if mine else "said" if said else None
