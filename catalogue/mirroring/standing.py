"""What one intervention has to do with others in a year: what it misses, who waits for it.

Computed from shared conditions, so all of it is a hypothesis. See `s4s_graph.coherence`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue.live import Release
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence import gaps
from s4s_graph.coherence.gaps import Need
from s4s_graph.coherence.model import Level, Operator
from s4s_graph.coherence.view import View, favourable

LEVEL: Level = "interventions"
MOST = 10  # conditions, or pairs, of one sort
NAMES = 3  # others beside one condition


@dataclass(frozen=True)
class Line:
    """A condition between one intervention and so many others.

    of_kind: known of its kind only. invented: something invented is part of what says so.
    """

    condition: str
    others: tuple[str, ...]
    of_kind: bool
    invented: bool


@dataclass(frozen=True)
class Found:
    """What an intervention has to do with others, before it has names.

    missing: needed, and nobody brings it about. leaning: others bring it about. waited: others
    need it and this one brings it about. alone: of those, it is the only one. away: others need
    it, it was looked for here, and it stayed away. gained, lost: others that it is linked with now
    and was not the year before, and the other way round; None where there is no year before.
    """

    missing: tuple[Line, ...]
    leaning: tuple[Line, ...]
    waited: tuple[Line, ...]
    alone: frozenset[str]
    away: tuple[Line, ...]
    gained: tuple[str, ...] | None
    lost: tuple[str, ...] | None
    invented: bool  # something invented is among what says what it is linked with


@dataclass(frozen=True)
class Said:
    """A line with names."""

    condition: Shown
    others: tuple[Shown, ...]
    number: int
    of_kind: bool
    invented: bool
    alone: bool


@dataclass(frozen=True)
class Links:
    """So many others, and the first of them; `invented`: it may follow from something invented."""

    number: int
    things: tuple[Shown, ...]
    invented: bool


@dataclass(frozen=True)
class Between:
    """What an intervention has to do with others."""

    missing: tuple[Said, ...]
    leaning: tuple[Said, ...]
    waited: tuple[Said, ...]
    away: tuple[Said, ...]
    gained: Links | None
    lost: Links | None


def between(release: Release, subject: str, year: int) -> Found | None:
    """Return what an intervention has to do with others; None for a year of which none is known."""
    computed = release.computed
    if year not in computed.years:
        return None
    view = computed.view(year, LEVEL)
    needs = computed.keep(("needs", year), lambda: {n.condition: n for n in gaps.needs(view)})
    operators = view.of.get(subject, ())
    good = [operator for operator in operators if favourable(operator)]
    gone = [o for o in operators if o.configuration.valence == "uitblijvend"]
    needed = _by_condition((o, o.configuration.needs) for o in good)
    made = _by_condition((o, view.broader(o.configuration.brings)) for o in good)
    hoped = _by_condition((o, view.broader(o.configuration.outcomes)) for o in gone)
    lines = _Lines(release, view, subject, needs)
    waited = lines.waiting(made)
    handed = {line.condition for line in waited}
    gained, lost = _changed(release, subject, year)
    return Found(
        missing=lines.missing(needed),
        leaning=lines.leaning(needed),
        waited=waited,
        alone=frozenset(name for name in handed if needs[name].makers == (subject,)),
        away=lines.waiting({name: of for name, of in hoped.items() if name not in made}),
        gained=gained,
        lost=lost,
        invented=_rests_on_invented(release, subject, year),
    )


@dataclass(frozen=True)
class _Lines:
    """Makes the lines about one intervention, the weightiest first."""

    release: Release
    view: View
    subject: str
    needs: Mapping[str, Need]

    def missing(self, needed: Mapping[str, list[Operator]]) -> tuple[Line, ...]:
        """Return what it needs and nobody brings about, with who else waits for it.

        A reason to act is left out: nobody has to bring it about.
        """
        return self._lines(
            (name, of, self.needs[name].takers)
            for name, of in needed.items()
            if self.needs[name].malleable
            and not self.needs[name].makers
            and not self.view.is_reason(name)
        )

    def leaning(self, needed: Mapping[str, list[Operator]]) -> tuple[Line, ...]:
        """Return what it needs and only others bring about, with who does."""
        return self._lines(
            (name, of, makers)
            for name, of in needed.items()
            if (makers := self.needs[name].makers) and self.subject not in makers
        )

    def waiting(self, made: Mapping[str, list[Operator]]) -> tuple[Line, ...]:
        """Return what others need of it, with who does."""
        return self._lines(
            (name, of, takers)
            for name, of in made.items()
            if name in self.needs and (takers := set(self.needs[name].takers) - {self.subject})
        )

    def _lines(
        self, found: Iterable[tuple[str, list[Operator], Iterable[str]]]
    ) -> tuple[Line, ...]:
        lines = (
            self._line(name, of, tuple(sorted(set(others) - {self.subject})))
            for name, of, others in found
        )
        return tuple(sorted(lines, key=lambda line: (-len(line.others), line.condition)))

    def _line(self, name: str, of: list[Operator], others: tuple[str, ...]) -> Line:
        rests = {operator.configuration.id for operator in of}
        rests |= set(self.needs[name].configurations)
        return Line(
            name,
            others,
            all(operator.from_kind for operator in of),
            not rests.isdisjoint(self.release.illustrative),
        )


def _by_condition(
    pairs: Iterable[tuple[Operator, Iterable[str]]],
) -> dict[str, list[Operator]]:
    found: dict[str, list[Operator]] = {}
    for operator, conditions in pairs:
        for condition in conditions:
            found.setdefault(condition, []).append(operator)
    return found


def _changed(
    release: Release, subject: str, year: int
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Return the others that it is linked with since the year before, and no longer."""
    computed = release.computed
    if year - 1 not in computed.years:
        return None, None

    def linked(then: int) -> set[str]:
        pairs = computed.links(then, LEVEL).pairs
        return {*pairs.after(subject), *pairs.before(subject)}

    now, before = linked(year), linked(year - 1)
    return tuple(sorted(now - before)), tuple(sorted(before - now))


def _rests_on_invented(release: Release, subject: str, year: int) -> bool:
    """Say whether one of its configurations was invented, that year or the year before."""
    years = {year, year - 1} & set(release.computed.years)
    views = (release.computed.view(one, LEVEL) for one in years)
    rests = {o.configuration.id for view in views for o in view.of.get(subject, ())}
    return not rests.isdisjoint(release.illustrative)


def iris(found: Found | None) -> set[str]:
    """Return everything that needs a name."""
    if found is None:
        return set()
    named = {*(found.gained or ())[:MOST], *(found.lost or ())[:MOST]}
    for lines in (found.missing, found.leaning, found.waited, found.away):
        for line in lines[:MOST]:
            named |= {line.condition, *line.others[:NAMES]}
    return named


def shown(showing: Showing, found: Found | None) -> Between | None:
    """Return the same with names, as much as there is room for."""
    if found is None:
        return None

    def said(lines: tuple[Line, ...]) -> tuple[Said, ...]:
        return tuple(_said(showing, line, found.alone) for line in lines[:MOST])

    return Between(
        said(found.missing),
        said(found.leaning),
        said(found.waited),
        said(found.away),
        _links(showing, found.gained, found.invented),
        _links(showing, found.lost, found.invented),
    )


def _said(showing: Showing, line: Line, alone: frozenset[str]) -> Said:
    return Said(
        showing.thing(line.condition),
        tuple(map(showing.thing, line.others[:NAMES])),
        len(line.others),
        line.of_kind,
        line.invented,
        line.condition in alone,
    )


def _links(showing: Showing, others: tuple[str, ...] | None, invented: bool) -> Links | None:
    if others is None:
        return None
    things = tuple(map(showing.thing, others[:MOST]))
    return Links(len(others), things, invented and bool(others))
