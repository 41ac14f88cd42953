"""Demi-regularities: patterns that recur, over current configurations.

A demi-regularity is a pattern of contexts and outcomes that recurs without being a law (Lawson
1997, Economics and Reality; for realist synthesis see doi 10.1186/s12877-021-02705-w, table 1).
They are counted, never recorded by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from s4s_graph.coherence.cases import Records
from s4s_graph.coherence.model import Configuration, Valence
from s4s_graph.coherence.qca import LEAST
from s4s_graph.coherence.view import View

Role = Literal["outcome", "response"]
Pattern = tuple[str, Role, str, Valence]


@dataclass(frozen=True)
class Regularity:
    """A context and what it goes with, in several configurations.

    `subjects` are the interventions and kinds of intervention that they are about, `statuses` their
    data statuses, each with its number of configurations.
    """

    context: str
    role: Role
    consequence: str
    valence: Valence
    configurations: tuple[str, ...]
    subjects: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]


def regularities(
    view: View, records: Records, illustrative: bool, at_least: int = LEAST
) -> tuple[Regularity, ...]:
    """Return the pairs that at least so many configurations share, most shared first.

    Of made-up configurations or of real ones, never of both. A configuration without a mechanism
    has no response, and counts for its outcomes only.
    """
    found: defaultdict[Pattern, set[str]] = defaultdict(set)
    for configuration in view.world.configurations.values():
        if records.made_up(configuration.id) is illustrative:
            for pattern in _patterns(configuration, records):
                found[pattern].add(configuration.id)
    kept = [
        _regularity(view, records, pattern, names)
        for pattern, names in found.items()
        if len(names) >= at_least
    ]
    return tuple(sorted(kept, key=_rank))


def _patterns(configuration: Configuration, records: Records) -> Iterator[Pattern]:
    responses = records.responses.get(configuration.id, frozenset())
    for context in configuration.needs:
        for outcome in configuration.outcomes:
            yield context, "outcome", outcome, configuration.valence
        for response in responses:
            yield context, "response", response, configuration.valence


def _regularity(view: View, records: Records, pattern: Pattern, names: set[str]) -> Regularity:
    subjects = Counter(view.world.configurations[name].subject for name in names)
    statuses = Counter(records.statuses[name] for name in names if name in records.statuses)
    return Regularity(
        *pattern,
        configurations=tuple(sorted(names)),
        subjects=tuple(sorted(subjects.items(), key=lambda item: (-item[1], item[0]))),
        statuses=tuple(sorted(statuses.items())),
    )


def _rank(item: Regularity) -> tuple[int, int, str, str, str, str]:
    return (
        -len(item.configurations),
        -len(item.subjects),
        item.context,
        item.role,
        item.consequence,
        item.valence,
    )
