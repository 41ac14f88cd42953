"""What would improve coherence most: the ranked proposals as a page shows them, and as data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.views import Showing
from catalogue.where import Where
from s4s_graph.coherence.improvements import Gain, Improvement

LEAST = 3  # companies that have to be concerned before they are named or counted exactly
HEADER = (
    "rank",
    "kind",
    "condition",
    "givers",
    "takers",
    "opens",
    "protects",
    "opens_companies",
    "protects_companies",
    "goal_conditions",
    "companies",
    "configurations",
    "standing",
    "illustrative",
)


@dataclass(frozen=True)
class Gained:
    """Which companies would gain, or keep, which conditions that policy asks for.

    `companies` are named where there are enough of them; `number` is how many there are.
    """

    pairs: int
    number: int
    companies: tuple[Shown, ...]
    conditions: tuple[tuple[Shown, int], ...]


@dataclass(frozen=True)
class Proposal:
    """One improvement with names. `invented`: something made-up counts in it."""

    rank: int
    found: Improvement
    condition: Shown | None
    givers: tuple[Shown, ...]
    takers: tuple[Shown, ...]
    opens: Gained
    protects: Gained
    configurations: tuple[Shown, ...]
    invented: bool


def proposals(page: Page, where: Where, most: int | None = None) -> list[Proposal]:
    """Return the improvements of a level, the most valuable first."""
    found = page.release.computed.improvements(where.level)[:most]
    showing = Showing(page, {iri for item in found for iri in _iris(item)})
    return [_proposal(page, showing, rank, item) for rank, item in enumerate(found, 1)]


def as_json(found: Sequence[Proposal]) -> list[dict[str, object]]:
    """Return the proposals as objects; a number of one or two companies is null."""
    return [
        {
            "rank": item.rank,
            "kind": item.found.kind,
            "condition": _thing(item.found.condition, item.condition),
            "givers": _things(item.found.givers, item.givers),
            "takers": _things(item.found.takers, item.takers),
            "opens": _gained_json(item.found.opens, item.opens),
            "protects": _gained_json(item.found.protects, item.protects),
            "companies": _counted(len(item.found.companies)),
            "configurations": _things(item.found.configurations, item.configurations),
            "standing": item.found.standing,
            "illustrative": item.invented,
        }
        for item in found
    ]


def as_rows(found: Sequence[Proposal]) -> Iterator[tuple[str, ...]]:
    """Yield the proposals as rows under HEADER; several values are divided by semicolons."""
    for item in found:
        about, conditions = item.found, {*item.found.opens.conditions}
        conditions |= {*item.found.protects.conditions}
        yield (
            str(item.rank),
            about.kind,
            about.condition or "",
            ";".join(about.givers),
            ";".join(about.takers),
            _few(item.opens.pairs),
            _few(item.protects.pairs),
            _few(item.opens.number),
            _few(item.protects.number),
            ";".join(sorted(conditions)),
            _few(len(about.companies)),
            ";".join(about.configurations),
            about.standing or "",
            str(item.invented).lower(),
        )


def _iris(item: Improvement) -> Iterator[str]:
    yield from (*([item.condition] if item.condition else ()), *item.givers, *item.takers)
    yield from item.configurations
    for gain in (item.opens, item.protects):
        yield from (*gain.companies, *gain.conditions)


def _proposal(page: Page, showing: Showing, rank: int, item: Improvement) -> Proposal:
    return Proposal(
        rank=rank,
        found=item,
        condition=showing.thing(item.condition) if item.condition else None,
        givers=tuple(map(showing.thing, item.givers)),
        takers=tuple(map(showing.thing, item.takers)),
        opens=_gained(showing, item.opens),
        protects=_gained(showing, item.protects),
        configurations=tuple(map(showing.thing, item.configurations)),
        invented=not page.release.illustrative.isdisjoint({*_iris(item), *item.companies}),
    )


def _gained(showing: Showing, gain: Gain) -> Gained:
    companies = gain.companies
    counted = [(showing.thing(name), gain.count(name)) for name in gain.conditions]
    return Gained(
        pairs=len(gain),
        number=len(companies),
        companies=tuple(map(showing.thing, companies)) if len(companies) >= LEAST else (),
        conditions=tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0].text))),
    )


def _gained_json(gain: Gain, shown: Gained) -> dict[str, object]:
    companies = gain.companies if len(gain.companies) >= LEAST else ()
    return {
        "pairs": _counted(shown.pairs),
        "number_of_companies": _counted(shown.number),
        "companies": _things(companies, shown.companies),
        "conditions": [
            {"uri": name, "companies": _counted(gain.count(name))} for name in gain.conditions
        ],
    }


def _thing(iri: str | None, shown: Shown | None) -> dict[str, str] | None:
    return {"uri": iri, "label": shown.text} if iri and shown else None


def _things(iris: Sequence[str], shown: Sequence[Shown]) -> list[dict[str, str]]:
    return [{"uri": iri, "label": name.text} for iri, name in zip(iris, shown, strict=True)]


def _counted(number: int) -> int | None:
    return None if 0 < number < LEAST else number


def _few(number: int) -> str:
    return f"<{LEAST}" if 0 < number < LEAST else str(number)
