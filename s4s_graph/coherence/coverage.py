"""Whom the interventions reach, at which step of the skills chain, and for whom there is nothing.

The five groups are those that the programme says must all take part; the five steps are those of
SEO/ROA, Inzicht in skills. Both come from the lists, so that empty cells are there too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from s4s_graph.coherence.model import Intervention, World


@dataclass(frozen=True)
class Cell:
    """The interventions for an actor group at a step; with `size`, those used by such companies."""

    actor: str
    step: str
    size: str | None
    interventions: tuple[str, ...]


def coverage(world: World) -> tuple[Cell, ...]:
    """Return a cell for each actor group and step, in the order of the lists, empty ones too."""
    return _cells(world, None, world.interventions.values())


def coverage_by_size(world: World) -> tuple[Cell, ...]:
    """Return a cell for each size class, actor group and step, empty ones too.

    An intervention is in it when a company of that size deployed it. Companies of unknown size
    count nowhere.
    """
    deployed: defaultdict[str | None, set[str]] = defaultdict(set)
    for item in world.deployments:
        company = world.companies.get(item.company)
        deployed[company.size if company else None].add(item.intervention)
    return tuple(
        cell
        for size in world.sizes
        for cell in _cells(
            world,
            size,
            (world.interventions[name] for name in deployed[size] & world.interventions.keys()),
        )
    )


def _cells(world: World, size: str | None, found: Iterable[Intervention]) -> tuple[Cell, ...]:
    filled: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for intervention in found:
        for cell in product(intervention.actors, intervention.steps):
            filled[cell].append(intervention.id)
    return tuple(
        Cell(actor, step, size, tuple(sorted(filled[actor, step])))
        for actor, step in product(world.actors, world.steps)
    )
