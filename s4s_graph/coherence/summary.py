"""What the build computes once for the pages: a report for each year, and the improvements."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self, get_args

from s4s_graph.coherence import conflicts, overlaps
from s4s_graph.coherence.gaps import dead_ends, fragile, gaps
from s4s_graph.coherence.improvements import Gain, Improvement, improvements
from s4s_graph.coherence.indicators import Share, indicators, years
from s4s_graph.coherence.links import Passing, rows
from s4s_graph.coherence.model import Level, World, valid
from s4s_graph.coherence.practice import deviations
from s4s_graph.coherence.reach import share
from s4s_graph.coherence.tallies import Tally, tally
from s4s_graph.coherence.view import View

LEVELS: tuple[Level, ...] = get_args(Level)
REACH = "reach"


@dataclass(frozen=True)
class Report:
    """How coherent one level was in a year; in all years together where `year` is None.

    illustrative: something invented is part of what the report is about.
    indicators: by their ids, in their order; something invented counts in those of `invented`.
    counts: how many there are of each notion, and of the links by standing.
    """

    year: int | None
    level: Level
    illustrative: bool
    indicators: Mapping[str, Share]
    invented: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Summary:
    """The reports, all years together first, and the improvements of each level, best first.

    Improvements are those of all years together.
    """

    reports: tuple[Report, ...]
    improvements: Mapping[Level, tuple[Improvement, ...]]

    def report(self, year: int | None, level: Level) -> Report | None:
        """Return the report of a year and a level, if there is one."""
        found = (item for item in self.reports if (item.year, item.level) == (year, level))
        return next(found, None)

    def to_json(self) -> str:
        """Return the summary as JSON, the same text for the same content."""
        content = {
            "reports": [asdict(report) for report in self.reports],
            "improvements": {
                level: [_written(item) for item in items]
                for level, items in self.improvements.items()
            },
            "companies": self._companies(),
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the summary that `to_json` wrote."""
        found = json.loads(text)
        order = tuple(found["companies"])
        return cls(
            tuple(_report(report) for report in found["reports"]),
            {
                level: tuple(_improvement(item, order) for item in items)
                for level, items in found["improvements"].items()
            },
        )

    def _companies(self) -> tuple[str, ...]:
        """Return what the bits of every gain are about, which is written once."""
        every = (item.opens.order for items in self.improvements.values() for item in items)
        return next(every, ())


def summarise(world: World, invented: Collection[str]) -> Summary:
    """Return what coherence comes to in a world of all years, of which some is invented."""
    now = valid(world, None)
    views = [View(now, level) for level in LEVELS]
    ranked = {view.level: improvements(view, Passing(view)) for view in views}
    overall = [report(view, None, invented) for view in views]
    reports = list(overall)
    for year in years(world):
        then = valid(world, year)
        if then == now:  # as it mostly is in the last year
            reports += [replace(item, year=year) for item in overall]
        else:
            reports += [report(View(then, level), year, invented) for level in LEVELS]
    return Summary(tuple(reports), ranked)


def report(view: View, year: int | None, invented: Collection[str]) -> Report:
    """Return the report of one view; `year` is the year that its world is valid in."""
    linked = tally(view, rows(view))
    shares = indicators(view, linked, share(view))
    if view.level == "interventions":
        illustrative, made_up = bool(invented), tuple(shares) if invented else ()
    else:
        sources = {operator.configuration.id for operator in view.operators}
        illustrative = not sources.isdisjoint(invented)
        companies = not view.world.companies.keys().isdisjoint(invented)
        made_up = tuple(shares) if illustrative else (REACH,) if companies else ()
    return Report(year, view.level, illustrative, shares, made_up, _counts(view, linked))


def _counts(view: View, linked: Tally) -> dict[str, int]:
    lacking = gaps(view)
    clashing = map(conflicts.anyhow, conflicts.rows(view, conflicts.harmed(view)))
    return {
        "subjects": len(view.subjects),
        "described": len(view.described),
        "links": linked.links,
        "breaks": linked.breaks,
        **{f"standing/{name}": number for name, number in linked.by_standing.items()},
        "gaps": len(lacking),
        "reasons-to-act": sum(gap.reason for gap in lacking),
        "fragile": len(fragile(view)),
        "dead-ends": len(dead_ends(view)),
        "conflicts": sum(map(int.bit_count, clashing)),
        # Each is a pair of both.
        "overlaps": sum(row.bit_count() for row, _ in overlaps.rows(view)) // 2,
        "agreements": linked.agreements,
        "out-of-order": sum(1 for _ in deviations(view)),
    }


def _report(found: dict[str, Any]) -> Report:
    shares = {name: Share(**share) for name, share in found["indicators"].items()}
    return Report(**{**found, "indicators": shares, "invented": tuple(found["invented"])})


def _written(item: Improvement) -> dict[str, Any]:
    gains = {"opens": item.opens, "protects": item.protects}
    plain = {field.name: getattr(item, field.name) for field in fields(item)}
    # In hexadecimal, because a JSON number of thousands of bits is not one that everyone reads.
    return plain | {
        name: {key: f"{bits:x}" for key, bits in gain.bits} for name, gain in gains.items()
    }


def _improvement(found: dict[str, Any], order: tuple[str, ...]) -> Improvement:
    lists = {name: tuple(value) for name, value in found.items() if isinstance(value, list)}
    gains = {
        name: Gain(order, tuple((key, int(bits, 16)) for key, bits in found[name].items()))
        for name in ("opens", "protects")
    }
    return Improvement(**{**found, **lists, **gains})
