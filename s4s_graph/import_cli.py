"""The command that merges a file of tables into a data folder: `s4s import`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s4s_graph import forms
from s4s_graph.forms import FormsError, Text
from s4s_graph.headings import ID
from s4s_graph.intake_cli import must_be_xlsx
from s4s_graph.options import json_option, lang_option
from s4s_graph.problems import Problem, Standing, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.importing import Change, Plan

_SIGNS = {"new": "+", "changed": "~", "vanished": "-"}
_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", type=_FOLDER, required=True, help="The data folder, or a folder in it.")
@click.option("--allow-removals", is_flag=True, help="Remove what is gone from the file.")
@click.option("--yes", is_flag=True, help="Write without asking, for scripts.")
@click.option("--annotate", type=_NEW, help="Copy FILE to this .xlsx, what is wrong marked.")
@json_option
@lang_option
@click.pass_obj
def import_command(
    settings: Settings,
    file: Path,
    into: Path,
    allow_removals: bool,
    yes: bool,
    annotate: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Merge a workbook or a CSV file into the tables of a data folder, by id.

    Shows what is new, changed and gone, checks the whole of it, and writes once that is agreed.
    With --json it asks nothing, and writes only with --yes.

    Example: s4s import intake.xlsx --into s4s_graph/data/reported
    """
    from s4s_graph.build import BuildError
    from s4s_graph.merging import ImportRefusedError

    file, into, data = file.resolve(), into.resolve(), settings.data.resolve()
    settings = replace(settings, data=data if into.is_relative_to(data) else into)
    if file.is_relative_to(settings.data):
        raise click.UsageError(_INSIDE.of(lang))
    if annotate:
        must_be_xlsx(annotate, lang)
    try:
        outcome = _import(settings, file, into, allow_removals, yes, as_json, lang)
        if annotate:
            from s4s_graph import marking

            marking.write(annotate, file.parent, outcome.of_file(), lang)
    except (BuildError, ImportRefusedError) as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (FormsError, OSError, SyntaxError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(outcome.document(), ensure_ascii=False, indent=2))
    if blocking(outcome.problems):
        sys.exit(1)


@dataclass(frozen=True)
class _Outcome:
    """What came of an import; `backup` is where the old tables are, if anything was written."""

    plan: "Plan"
    problems: tuple[Problem, ...]
    backup: Path | None = None

    def of_file(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.file == self.plan.file]

    def standing(self) -> Standing:
        return Standing.of(self.plan.rows, self.of_file())

    def document(self) -> dict[str, Any]:
        return {
            "written": self.backup is not None,
            "backup": str(self.backup) if self.backup else None,
            "changes": [_as_json(change) for change in self.plan.changes],
            "unchanged": self.plan.unchanged,
            "rows": asdict(self.standing()),
            "problems": [asdict(problem) for problem in self.problems],
        }


def _import(
    settings: Settings,
    file: Path,
    into: Path,
    removals: bool,
    yes: bool,
    as_json: bool,
    lang: str,
) -> _Outcome:
    from s4s_graph import importing, merging

    known = forms.read(settings.shapes, settings.base)
    plan = importing.plan(file, into, settings, known, removals)
    tables = merging.merged(plan, settings.base)
    found = merging.checked(plan, tables, settings) if tables else []
    outcome = _Outcome(plan, (*plan.problems, *found))
    if not as_json:
        for line in _told(outcome, lang):
            click.echo(line)
    if not tables or blocking(outcome.problems):
        return outcome
    if not yes and (as_json or not click.confirm(_QUESTION.of(lang))):
        return outcome
    outcome = replace(outcome, backup=merging.write(tables, into))
    if not as_json:
        click.echo(_kept(outcome.backup).of(lang))
    return outcome


def _told(outcome: _Outcome, lang: str) -> Iterator[str]:
    """Yield the lines about an import: what is wrong or else what changes, and the numbers."""
    for problem in sorted(outcome.problems, key=Problem.order):
        yield problem.text(lang)
    if blocking(outcome.problems):
        yield outcome.standing().text().of(lang)
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
_INSIDE = Text(
    nl="dit bestand staat al in de datamap; importeer een bestand van daarbuiten",
    en="this file is in the data folder already; import one from outside it",
)
