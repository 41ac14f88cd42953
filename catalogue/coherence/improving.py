"""What would improve coherence most: the ranked proposals as a page shows them, and as data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from catalogue.coherence.where import Where
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence.improvements import Gain, Improvement
from s4s_graph.coherence.model import Level

LEAST = 3  # companies that have to be concerned before they are named or counted exactly
NAMED = 12  # things of one sort that a page names; the downloads have all
COMPANIES = 50  # the same for companies, whose names can be opened
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
class Named:
    """The first of some things, by name where a page has room for them, and how many there are."""

    shown: tuple[Shown, ...]
    total: int


@dataclass(frozen=True)
class Gained:
    """Which companies would gain, or keep, which conditions that policy asks for.

    `companies` are named where there are enough of them; `number` is how many there are.
    """

    pairs: int
    number: int
    companies: Named
    conditions: tuple[tuple[Shown, int], ...]


@dataclass(frozen=True)
class Proposal:
    """One improvement with names. `invented`: something made-up counts in it."""

    rank: int
    found: Improvement
    condition: Shown | None
    givers: Named
    takers: Named
    opens: Gained
    protects: Gained
    configurations: Named
    invented: bool


def proposals(page: Page, where: Where) -> tuple[Proposal, ...]:
    """Return the improvements of a level, the most valuable first."""
    computed, level = page.release.computed, where.level
    return computed.keep(("proposals", level, page.lang), lambda: _proposals(page, level))


def as_json(page: Page, found: Sequence[Proposal]) -> list[dict[str, object]]:
    """Return the proposals as objects; a number of one or two companies is null."""
    named = {iri for item in found for iri in _iris(item.found)}
    gains = [gain for item in found for gain in (item.found.opens, item.found.protects)]
    named |= {iri for gain in gains for iri in gain.companies}
    labels = page.release.store.labels(named, page.lang)

    def things(iris: Iterable[str]) -> list[dict[str, str]]:
        return [
            {"uri": iri, "label": labels[iri].text} if iri in labels else {"uri": iri}
            for iri in iris
        ]

    def gained(gain: Gain, shown: Gained) -> dict[str, object]:
        return {
            "pairs": _counted(shown.pairs),
            "number_of_companies": _counted(shown.number),
            "companies": things(gain.companies if shown.number >= LEAST else ()),
            "conditions": [
                {"uri": name, "companies": _counted(gain.count(name))} for name in gain.conditions
            ],
        }

    return [
        {
            "rank": item.rank,
            "kind": item.found.kind,
            "condition": next(iter(things(filter(None, [item.found.condition]))), None),
            "givers": things(item.found.givers),
            "takers": things(item.found.takers),
            "opens": gained(item.found.opens, item.opens),
            "protects": gained(item.found.protects, item.protects),
            "companies": _counted(len(item.found.companies)),
            "configurations": things(item.found.configurations),
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


def _proposals(page: Page, level: Level) -> tuple[Proposal, ...]:
    found = page.release.computed.improvements(level)
    named = {iri for item in found for iri in _iris(item)}
    gains = [gain for item in found for gain in (item.opens, item.protects)]
    named |= {iri for gain in gains for iri in _told(gain.companies)}
    showing = Showing(page, named)
    return tuple(_proposal(page, showing, rank, item) for rank, item in enumerate(found, 1))


def _iris(item: Improvement) -> Iterator[str]:
    """Yield what an improvement is about, but for the companies."""
    yield from (*([item.condition] if item.condition else ()), *item.givers, *item.takers)
    yield from (*item.configurations, *item.opens.conditions, *item.protects.conditions)


def _proposal(page: Page, showing: Showing, rank: int, item: Improvement) -> Proposal:
    illustrative = page.release.illustrative
    sources = _iris(item), item.companies, item.opens.companies, item.protects.companies
    return Proposal(
        rank=rank,
        found=item,
        condition=showing.thing(item.condition) if item.condition else None,
        givers=_named(showing, item.givers),
        takers=_named(showing, item.takers),
        opens=_gained(showing, item.opens),
        protects=_gained(showing, item.protects),
        configurations=_named(showing, item.configurations),
        invented=any(iri in illustrative for iri in chain(*sources)),
    )


def _gained(showing: Showing, gain: Gain) -> Gained:
    companies = gain.companies
    counted = [(showing.thing(name), gain.count(name)) for name in gain.conditions]
    return Gained(
        pairs=len(gain),
        number=len(companies),
        companies=Named(tuple(map(showing.thing, _told(companies))), len(companies)),
        conditions=tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0].text))),
    )


def _told(companies: Sequence[str]) -> Sequence[str]:
    """Return the companies that a page names: none where there are too few of them."""
    return companies[:COMPANIES] if len(companies) >= LEAST else ()


def _named(showing: Showing, iris: Sequence[str]) -> Named:
    return Named(tuple(map(showing.thing, iris[:NAMED])), len(iris))


def _counted(number: int) -> int | None:
    return None if 0 < number < LEAST else number


def _few(number: int) -> str:
    return f"<{LEAST}" if 0 < number < LEAST else str(number)
