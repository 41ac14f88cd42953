"""What commands that merge into a data folder share: the diff, the question, what came of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s4s_graph import steering
from s4s_graph.forms import Text
from s4s_graph.headings import ID
from s4s_graph.problems import Problem, Standing, blocking
from s4s_graph.reporter import bar
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.importing import Change, Plan

Place = Callable[[Problem], Problem]

_SIGNS = {"new": "+", "changed": "~", "vanished": "-"}


@dataclass(frozen=True)
class Outcome:
    """What came of an import; `backup` is where the old tables are, if anything was written."""

    plan: "Plan"
    problems: tuple[Problem, ...]
    backup: Path | None = None

    def of_file(self) -> list[Problem]:
        """Return the problems of the file itself, not those of the data folder."""
        return [problem for problem in self.problems if problem.file == self.plan.file]

    def standing(self, place: Place = lambda problem: problem) -> Standing:
        """Return how many rows are right: those of the file, or ours if it has none."""
        found = ((place(problem), problem) for problem in self.of_file())
        return Standing.of(self.plan.rows, (there if there.row else ours for there, ours in found))

    def document(self, place: Place = lambda problem: problem) -> dict[str, Any]:
        """Return all of it as one JSON document."""
        return {
            "written": self.backup is not None,
            "backup": str(self.backup) if self.backup else None,
            "changes": [_as_json(change) for change in self.plan.changes],
            "unchanged": self.plan.unchanged,
            "rows": asdict(self.standing(place)),
            "problems": [asdict(place(problem)) for problem in self.problems],
        }


def carried_out(
    plan: "Plan",
    settings: Settings,
    into: Path,
    yes: bool,
    as_json: bool,
    lang: str,
    place: Place = lambda problem: problem,
) -> Outcome:
    """Check a plan, tell what it would do, and do it once that is agreed.

    `place` says where a problem stands in the words of the file. Raises BuildError,
    ImportRefusedError and OSError.
    """
    from s4s_graph import merging

    tables = merging.merged(plan, settings.base)
    with bar(lang) as progress:
        found = merging.checked(plan, tables, settings, progress) if tables else []
    outcome = Outcome(plan, (*plan.problems, *found))
    if not as_json:
        for line in _told(outcome, lang, place):
            click.echo(steering.line(line))
    if not tables or blocking(outcome.problems):
        return outcome
    if not yes and (as_json or not click.confirm(_QUESTION.of(lang))):
        return outcome
    outcome = replace(outcome, backup=merging.write(tables, into))
    if not as_json:
        click.echo(_kept(outcome.backup).of(lang))
    return outcome


def _told(outcome: Outcome, lang: str, place: Place) -> Iterator[str]:
    """Yield the lines about an import: what is wrong or else what changes, and the numbers."""
    for problem in sorted(outcome.problems, key=Problem.order):
        yield place(problem).text(lang)
    if blocking(outcome.problems):
        yield outcome.standing(place).text().of(lang)
        return
    for change in outcome.plan.changes:
        yield from _lines(change, lang)
    counts = Counter(change.kind for change in outcome.plan.changes)
    yield Text(
        nl=f"nieuw: {counts['new']}, gewijzigd: {counts['changed']}, "
        f"ongewijzigd: {outcome.plan.unchanged}, verdwenen: {counts['vanished']}",
        en=f"new: {counts['new']}, changed: {counts['changed']}, "
        f"unchanged: {outcome.plan.unchanged}, vanished: {counts['vanished']}",
    ).of(lang)
    if any(change.kept or change.kind == "vanished" for change in outcome.plan.changes):
        yield (_REMOVED if outcome.plan.removals else _STAYS).of(lang)


def _lines(change: "Change", lang: str) -> Iterator[str]:
    yield f"{_SIGNS[change.kind]} {change.form.table}/{change.id}"
    if change.kind == "vanished":
        return
    for column, texts in change.after.items():
        before, after = ";".join(change.before.get(column, ())), ";".join(texts)
        if column != ID:
            yield f"    {column}: {f'{before} → ' if change.kind == 'changed' else ''}{after}"
    for column in change.kept:
        yield f"    {column}: {_EMPTY.of(lang)}"


def _as_json(change: "Change") -> dict[str, Any]:
    return {
        "kind": change.kind,
        "table": change.form.table,
        "id": change.id,
        "before": change.before,
        "after": change.after,
        "kept": list(change.kept),
    }


def _kept(backup: Path | None) -> Text:
    return Text(
        nl=f"geschreven; de oude tabellen staan in {backup}",
        en=f"written; the old tables are in {backup}",
    )


_QUESTION = Text(nl="Dit schrijven?", en="Write this?")
_EMPTY = Text(nl="leeg in het bestand, blijft staan", en="empty in the file, stays as it is")
_STAYS = Text(
    nl="wat uit het bestand verdween, blijft staan; --allow-removals haalt het weg",
    en="what is gone from the file stays; --allow-removals removes it",
)
_REMOVED = Text(
    nl="wat uit het bestand verdween, wordt weggehaald", en="what is gone from the file is removed"
)
