"""What became of the findings about all interventions: read and added up once in a release."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from catalogue.live import Release
from catalogue.mirroring import courses
from catalogue.mirroring.courses import Course, Key

Way = tuple[int, str, bool]  # the year of a finding, what was decided, whether a version followed


@dataclass(frozen=True)
class Totals:
    """How many findings of a year were made, put forward, answered, and led to a version."""

    year: int
    made: int
    mirrored: int
    answered: int
    led: int
    invented: bool  # a finding of them at least


@dataclass(frozen=True)
class Overall:
    """The courses of all interventions, and what they come to.

    of_year: the interventions of each year; of: the years of each intervention. ways: how many
    findings went each way, and how many of them were invented. invented: "all", "some" or None.
    """

    courses: Mapping[Key, Course]
    of_year: Mapping[int, tuple[str, ...]]
    of: Mapping[str, tuple[int, ...]]
    totals: tuple[Totals, ...]
    ways: Mapping[Way, tuple[int, int]]
    invented: str | None

    @property
    def years(self) -> tuple[int, ...]:
        """The years with findings or sessions."""
        return tuple(self.of_year)


def overall(release: Release) -> Overall:
    """Return what became of the findings in a release."""

    def make() -> Overall:
        return added_up(courses.courses(courses.read(release)), release.illustrative)

    return release.computed.keep("mirror", make)


def added_up(found: Mapping[Key, Course], illustrative: Collection[str]) -> Overall:
    """Add up courses, given what was invented."""
    of_year: defaultdict[int, list[str]] = defaultdict(list)
    of: defaultdict[str, list[int]] = defaultdict(list)
    ways: defaultdict[Way, list[int]] = defaultdict(lambda: [0, 0])
    for (intervention, year), course in sorted(found.items()):
        of_year[year].append(intervention)
        of[intervention].append(year)
        for finding, decision in course.decisions.items():
            way = ways[year, decision, finding in course.led]
            way[0] += 1
            way[1] += finding in illustrative
    number, made_up = (sum(way[place] for way in ways.values()) for place in (0, 1))
    return Overall(
        found,
        {year: tuple(of_year[year]) for year in sorted(of_year)},
        {intervention: tuple(years) for intervention, years in of.items()},
        tuple(_totals(year, ways) for year in sorted(of_year)),
        {way: (count, invented) for way, (count, invented) in sorted(ways.items())},
        None if not made_up else "all" if made_up == number else "some",
    )


def _totals(year: int, ways: Mapping[Way, list[int]]) -> Totals:
    of_year = {way[1:]: counts for way, counts in ways.items() if way[0] == year}
    mirrored = {way: counts for way, counts in of_year.items() if way[0] != courses.APART}
    return Totals(
        year,
        sum(count for count, _ in of_year.values()),
        sum(count for count, _ in mirrored.values()),
        sum(n for (decision, _), (n, _) in mirrored.items() if decision != courses.AWAITED),
        sum(count for (_, led), (count, _) in of_year.items() if led),
        any(invented for _, invented in of_year.values()),
    )
