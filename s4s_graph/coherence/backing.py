"""How many separate studies and cases a link rests on.

One study, or one case, can have many findings, and each restated statement of a study has a finding
of its own. So "supported on both sides" can still be the work of one study: where that is so, a
reader has to see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from s4s_graph.coherence.links import Instance
from s4s_graph.coherence.view import View


@dataclass(frozen=True)
class Backing:
    """The studies and cases, sorted, with a finding that supports what one side rests on."""

    studies: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.studies or self.cases)

    @property
    def all(self) -> tuple[str, ...]:
        """The studies, then the cases."""
        return self.studies + self.cases


@dataclass(frozen=True)
class Sides:
    """What is behind the giver of a link, and behind its taker."""

    giver: Backing = Backing()
    taker: Backing = Backing()

    def __bool__(self) -> bool:
        return bool(self.giver or self.taker)

    @property
    def same(self) -> bool:
        """Whether there is evidence on both sides, and all of it is of one study, or one case."""
        both = bool(self.giver and self.taker)
        return both and len({*self.giver.all, *self.taker.all}) == 1


def behind(view: View, ways: Iterable[Instance]) -> Sides:
    """Return what is behind a link: behind those of its ways that give it its standing.

    ways: all of the pair, as `instances` returns them.
    """
    proper = [way for way in ways if not way.breaks]
    best = [way for way in proper if way.standing == proper[0].standing]
    return Sides(
        backing(view, {way.giver.configuration.id for way in best}),
        backing(view, {way.taker.configuration.id for way in best}),
    )


def backing(view: View, configurations: Iterable[str]) -> Backing:
    """Return the studies and cases with a finding that supports one of some configurations."""
    found = [item for name in configurations for item in view.findings.get(name, ())]
    supporting = [item for item in found if item.direction == "supports"]
    return Backing(
        tuple(sorted({item.study for item in supporting if item.study})),
        tuple(sorted({item.case for item in supporting if item.case})),
    )
