"""The command that merges a coding project into a data folder: `s4s import-qda`."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import forms, steering
from s4s_graph.forms import FormsError, Text
from s4s_graph.import_outcome import carried_out
from s4s_graph.intake_cli import must_be_xlsx
from s4s_graph.options import json_option, lang_option
from s4s_graph.problems import Problem, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.forms import Forms
    from s4s_graph.importing import Plan
    from s4s_graph.qda.reading import Converted

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("import-qda")
@click.argument("file", type=_FILE)
@click.option("--into", type=_FOLDER, required=True, help="The data folder, or a folder in it.")
@click.option("--roots", type=_FILE, help="A file (YAML) that says what the codes are.")
@click.option("--restricted", is_flag=True, help="With quotations, memos and names of companies.")
@click.option("--workbook", type=_NEW, help="Write the rows to this .xlsx instead, to complete.")
@click.option(
    "--report", type=_NEW, help="Write what is wrong or left out to this page; it names cases."
)
@click.option("--yes", is_flag=True, help="Write without asking, for scripts.")
@json_option
@lang_option
@click.pass_obj
def import_qda_command(
    settings: Settings,
    file: Path,
    into: Path,
    roots: Path | None,
    restricted: bool,
    workbook: Path | None,
    report: Path | None,
    yes: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Merge a coding project (.qdpx) or codebook (.qdc) in REFI-QDA into a data folder.

    Codes below Context, Middel, Redenering and Uitkomst become concepts, sets and links of them
    configurations, cases companies, and what is coded in a case findings. Shows what changes and
    what could not be mapped, checks all of it, and writes once that is agreed. A project does not
    tell all that a table asks: --workbook makes a workbook of it, to complete and import.

    Example: s4s import-qda project.qdpx --into data --workbook complete.xlsx
    """
    from s4s_graph.build import BuildError
    from s4s_graph.content import WorkbookError
    from s4s_graph.merging import ImportRefusedError
    from s4s_graph.qda.coding import CodingError
    from s4s_graph.qda.elements import MalformedError

    file, into, data = file.resolve(), into.resolve(), settings.data.resolve()
    settings = replace(settings, data=data if into.is_relative_to(data) else into)
    if workbook:
        must_be_xlsx(workbook, lang)
    try:
        known = forms.read(settings.shapes, settings.base)
        found = _converted(settings, known, file, roots, restricted)
        if workbook:
            problems = _as_workbook(workbook, settings, known, found, as_json, lang)
        else:
            problems = _merged(settings, known, found, file, into, yes, as_json, lang)
        if report:
            _write_report(report, known, problems)
    except MalformedError as error:
        raise click.ClickException(f"{file.name}: {error.message.of(lang)}") from error
    except (BuildError, CodingError, ImportRefusedError, WorkbookError) as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (FormsError, OSError, SyntaxError) as error:
        raise click.ClickException(str(error)) from error
    if blocking(problems):
        sys.exit(1)


def _converted(
    settings: Settings, known: "Forms", file: Path, roots: Path | None, restricted: bool
) -> "Converted":
    from s4s_graph import importing
    from s4s_graph.qda import coding, reading

    read = coding.read(roots, known)
    project = reading.read(file, restricted=restricted)
    name = importing.name_of(file, settings)
    return reading.converted(project, name, read, settings, known, restricted=restricted)


def _merged(
    settings: Settings,
    known: "Forms",
    found: "Converted",
    file: Path,
    into: Path,
    yes: bool,
    as_json: bool,
    lang: str,
) -> tuple[Problem, ...]:
    """Merge the rows, and return what is wrong, where it stands in the project."""
    place = found.places(known, lang)
    plan = _plan(settings, known, found, file, into, lang)
    outcome = carried_out(plan, settings, into, yes, as_json, lang, place)
    if as_json:
        click.echo(steering.as_json(outcome.document(place)))
    return tuple(map(place, outcome.problems))


def _plan(
    settings: Settings, known: "Forms", found: "Converted", file: Path, into: Path, lang: str
) -> "Plan":
    from s4s_graph import importing

    source = found.source(file, known, settings.base)
    plan = importing.compared(source, into, settings, known, removals=False)
    told = [told.problem(found.file, lang) for told in found.told]
    # A project is never all of a table: what it does not have is not gone, nor a cell that it
    # leaves empty.
    changes = [
        replace(change, kept=())
        for change in plan.changes
        if change.kind != importing.VANISHED and (change.before or change.after)
    ]
    of_project = sum(change.kind != importing.VANISHED for change in plan.changes)
    unchanged = plan.unchanged + of_project - len(changes)
    return replace(plan, changes=changes, unchanged=unchanged, problems=[*told, *plan.problems])


def _as_workbook(
    path: Path,
    settings: Settings,
    known: "Forms",
    found: "Converted",
    as_json: bool,
    lang: str,
) -> tuple[Problem, ...]:
    """Write the rows to a workbook, and return what could not be mapped."""
    from s4s_graph import content, workbook
    from s4s_graph.content import Content

    concepts = content.concepts(settings.ontology, known, settings.base)
    workbook.write(path, Content(known, found.filled(known), concepts, filled=True), lang)
    problems = tuple(told.problem(found.file, lang) for told in found.told)
    if as_json:
        document = {"workbook": str(path), "rows": len(found.rows),
                    "problems": [asdict(problem) for problem in problems]}  # fmt: skip
        click.echo(steering.as_json(document))
        return problems
    for problem in sorted(problems, key=Problem.order):
        click.echo(problem.text(lang))
    click.echo(_made(path, len(found.rows)).of(lang))
    return problems


def _write_report(path: Path, known: "Forms", problems: tuple[Problem, ...]) -> None:
    from s4s_graph import report

    path.write_text(report.page(problems, None, known), encoding="utf-8")


def _made(path: Path, rows: int) -> Text:
    return Text(
        nl=f"werkmap klaar: {path}, rijen: {rows}; vul aan wat ontbreekt en importeer haar met "
        "s4s import",
        en=f"workbook ready: {path}, rows: {rows}; complete what lacks and import it with "
        "s4s import",
    )
