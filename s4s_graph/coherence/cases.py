"""Cases as qualitative comparative analysis wants them: what held there, and did it work?

One case is one case study. Made-up cases and real ones are never put in one table.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s4s_graph.coherence.model import Configuration, Finding
from s4s_graph.coherence.read import Link, query, slug
from s4s_graph.coherence.view import View
from s4s_graph.store import Store


@dataclass(frozen=True)
class Records:
    """What a world leaves out, by IRI: the case of a finding, and two facts of configurations."""

    cases: Mapping[str, str]
    statuses: Mapping[str, str]  # slugs: observed, reported, illustrative
    responses: Mapping[str, frozenset[str]]

    def made_up(self, configuration: str) -> bool:
        """Say whether a configuration is illustrative."""
        return self.statuses.get(configuration) == "illustrative"


@dataclass(frozen=True)
class FindingCase:
    """The case that a finding is from."""

    finding: str
    case: str


@dataclass(frozen=True)
class Verdict:
    """That an outcome appeared, or stayed away, in one case."""

    case: str
    company: str
    present: bool


@dataclass(frozen=True)
class Verdicts:
    """What all cases say of one outcome; a case that says both is only in `conflicting`."""

    outcome: str
    decided: tuple[Verdict, ...]
    conflicting: tuple[str, ...]


def records(store: Store) -> Records:
    """Return what a store knows beside the world."""
    rows = store.select(query("cases"), FindingCase)
    return Records(
        cases={row.finding: row.case for row in rows},
        statuses={row.thing: slug(row.value) for row in store.select(query("statuses"), Link)},
        responses=_grouped(store.select(query("responses"), Link)),
    )


def verdicts(view: View, records: Records, illustrative: bool) -> dict[str, Verdicts]:
    """Return by outcome what cases say of it: of made-up cases, or of real ones.

    The outcome appeared in a case if a finding of it supports a favourable configuration with that
    outcome, or contradicts one in which it stays away (uitblijvend); it stayed away if a finding
    contradicts a favourable one or supports one in which it stays away. Findings that refine say
    neither, nor do those about adverse configurations.
    """
    said: defaultdict[str, defaultdict[tuple[str, str], set[bool]]]
    said = defaultdict(lambda: defaultdict(set))
    for finding in view.world.findings.values():
        case = records.cases.get(finding.id)
        configuration = view.world.configurations.get(finding.configuration)
        if case is None or finding.company is None or configuration is None:
            continue
        if finding.illustrative is illustrative and _speaks(finding, configuration):
            appeared = (finding.direction == "supports") == (configuration.valence != "uitblijvend")
            for outcome in configuration.outcomes:
                said[outcome][case, finding.company].add(appeared)
    return {outcome: _verdicts(outcome, said[outcome]) for outcome in sorted(said)}


def _speaks(finding: Finding, configuration: Configuration) -> bool:
    return finding.direction != "refines" and configuration.valence != "averechts"


def _verdicts(outcome: str, said: Mapping[tuple[str, str], set[bool]]) -> Verdicts:
    decided = [
        Verdict(case, company, present)
        for (case, company), values in sorted(said.items())
        if len(values) == 1
        for present in values
    ]
    conflicting = sorted(case for (case, _), values in said.items() if len(values) > 1)
    return Verdicts(outcome, tuple(decided), tuple(conflicting))


def _grouped(rows: Iterable[Link]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.thing].add(row.value)
    return {thing: frozenset(values) for thing, values in found.items()}
