"""The rows of the notions that are about a condition, a circle, a company or a group of actors."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import (
    LEAST,
    Chain,
    Companies,
    Count,
    Row,
    Sheet,
    Things,
    Words,
    listed,
)
from s4s_graph.coherence.coverage import Cell, coverage, coverage_by_size
from s4s_graph.coherence.gaps import DeadEnd, Fragile, Gap, dead_ends, fragile, gaps
from s4s_graph.coherence.loops import Loop, Loops, loops
from s4s_graph.coherence.practice import OutOfOrder, out_of_order

CONFIGURATIONS = 3  # their names are sentences


def missing(seen: Seen) -> Sheet:
    """What is needed and not made, and who waits for it."""
    gettext = seen.page.words.gettext
    columns = {
        "condition": gettext("What is missing"),
        "sort": gettext("What it is"),
        "interventions": gettext("Who waits for it"),
        "configurations": gettext("Because of"),
        "companies": gettext("Companies that use one of those without it"),
    }

    sorts = {
        False: Words((("state-to-reach", gettext("a state to reach")),)),
        True: Words((("reason-to-act", gettext("a reason to act")),)),
    }

    def row(gap: Gap) -> Row:
        return Row(
            (
                Things((gap.condition,)),
                sorts[gap.reason],
                Things(gap.interventions),
                Things(gap.configurations, CONFIGURATIONS),
                _companies(seen, gap.companies),
            ),
            apart=gap.reason,
        )

    return listed(columns, seen.kept("gaps", lambda: gaps(seen.view)), row)


def single(seen: Seen) -> Sheet:
    """What is needed, and made by one only."""
    gettext = seen.page.words.gettext
    columns = {
        "condition": gettext("What is needed"),
        "maker": gettext("The only one that makes it"),
        "configurations": gettext("Because of"),
        "interventions": gettext("Others that need it"),
    }

    def row(found: Fragile) -> Row:
        return Row(
            (
                Things((found.condition,)),
                Things((found.maker,)),
                Things(found.configurations, CONFIGURATIONS),
                Things(found.interventions),
            )
        )

    return listed(columns, seen.kept("fragile", lambda: fragile(seen.view)), row)


def unused(seen: Seen) -> Sheet:
    """What is made, and leads nowhere."""
    gettext = seen.page.words.gettext
    columns = {
        "condition": gettext("What is brought about"),
        "interventions": gettext("By"),
        "configurations": gettext("Because of"),
    }

    def row(found: DeadEnd) -> Row:
        return Row(
            (
                Things((found.condition,)),
                Things(found.interventions),
                Things(found.configurations, CONFIGURATIONS),
            )
        )

    return listed(columns, seen.kept("dead-ends", lambda: dead_ends(seen.view)), row)


def order(seen: Seen) -> Sheet:
    """What was used without, or before, what should come first: one row for all companies."""
    gettext = seen.page.words.gettext
    columns = {
        "intervention": gettext("What was used"),
        "first": gettext("What should have come first"),
        "later": gettext("What came later"),
        "companies": gettext("Companies"),
    }
    grouped = seen.kept("order", lambda: _by_first(out_of_order(seen.view)))

    def row(items: list[OutOfOrder]) -> Row:
        companies = tuple(sorted({item.company for item in items}))
        later = {name for item in items for name, _ in item.later}
        first = items[0].condition or items[0].relation or ""
        return Row(
            (
                Things((items[0].intervention,)),
                Things((first,)),
                Things(tuple(sorted(later)) if len(companies) >= LEAST else ()),
                _companies(seen, companies),
            ),
            frozenset(companies),
        )

    return replace(listed(columns, grouped, row), count=sum(map(len, grouped)))


def _by_first(found: Iterable[OutOfOrder]) -> list[list[OutOfOrder]]:
    """Return together what is about the same two, at however many companies, the most first."""
    grouped: defaultdict[tuple[str, str], list[OutOfOrder]] = defaultdict(list)
    for item in found:
        grouped[item.intervention, item.condition or item.relation or ""].append(item)
    return sorted(grouped.values(), key=lambda items: (-len(items), items[0].intervention))


def circles(seen: Seen) -> Sheet:
    """The circles, and what to know of the search for them."""
    gettext = seen.page.words.gettext
    columns = {
        "loop": gettext("Loop"),
        "kind": gettext("What it does"),
        "basis": gettext("Known of"),
    }
    kinds = {
        "reinforcing": gettext("strengthens itself"),
        "vicious": gettext("is vicious: it goes through an adverse outcome"),
    }

    def row(loop: Loop) -> Row:
        closed = (*loop.subjects, loop.subjects[0])
        known = gettext("the kind, at least in part") if loop.from_kind else gettext("themselves")
        basis = "from-kind" if loop.from_kind else "own"
        steps = tuple(seen.where.pair(*pair) for pair in pairwise(closed))
        return Row(
            (
                Chain(closed, steps=steps),
                Words(((loop.kind, kinds[loop.kind]),), warn=loop.kind == "vicious"),
                Words(((basis, known),)),
            ),
            frozenset(
                operator.configuration.id
                for subject in loop.subjects
                for operator in seen.view.of.get(subject, ())
            ),
        )

    found = found_loops(seen)
    return listed(columns, found.found, row)


def found_loops(seen: Seen) -> Loops:
    """Return the circles of a view, computed once."""
    return seen.kept("loops", lambda: loops(seen.view, seen.links))


def cells(seen: Seen) -> tuple[Cell, ...]:
    """Return what there is for whom at which step."""
    return seen.kept("coverage", lambda: coverage(seen.view.world))


def cells_by_size(seen: Seen) -> tuple[Cell, ...]:
    """Return the same for each size of company that used something."""
    return seen.kept("coverage-by-size", lambda: coverage_by_size(seen.view.world))


def covered(seen: Seen) -> Sheet:
    """Every cell of coverage as a row, empty ones too."""
    gettext = seen.page.words.gettext
    columns = {
        "actor": gettext("Actor group"),
        "step": gettext("Step"),
        "size": gettext("Size class"),
        "number": gettext("Number"),
        "interventions": gettext("Interventions"),
    }

    def row(cell: Cell) -> Row:
        return Row(
            (
                Things((cell.actor,)),
                Things((cell.step,)),
                Things((cell.size,) if cell.size else ()),
                Count(len(cell.interventions)),
                Things(cell.interventions),
            )
        )

    return listed(columns, (*cells(seen), *cells_by_size(seen)), row)


def _companies(seen: Seen, names: tuple[str, ...]) -> Companies:
    return Companies(len(names), not seen.page.release.illustrative.isdisjoint(names))
