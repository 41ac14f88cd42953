"""The command `s4s template`, and what `s4s check` writes for who filled it in."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import forms
from s4s_graph.forms import FormsError, Text
from s4s_graph.mirror_cli import whose
from s4s_graph.options import lang_option
from s4s_graph.problems import Standing, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.build import Result
    from s4s_graph.content import Rows


@click.command("template")
@click.argument("path", metavar="OUT.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-data", is_flag=True, help="Write the rows of the data folder as well.")
@click.option("--mirror", is_flag=True, help="Only the sheet on which a holder answers.")
@click.option("--holder", metavar="ID", help="With --mirror: the id of an organisation.")
@click.option("--intervention", metavar="ID", help="With --mirror: the id of one intervention.")
@click.option("--year", type=int, help="With --mirror: the year of the mirror sessions.")
@lang_option
@click.pass_obj
def template_command(
    settings: Settings,
    path: Path,
    with_data: bool,
    mirror: bool,
    holder: str | None,
    intervention: str | None,
    year: int | None,
    lang: str,
) -> None:
    """Make a workbook to fill in: a sheet for each table, with lists to choose from.

    With the data it holds restricted values as well: give it only to who may see those.

    \b
    s4s template intake.xlsx --lang nl
    s4s template answer.xlsx --mirror --holder oom --year 2026

    The second has a row for each mirror session of that year, to be answered. Take it back with
    `s4s import`, without --allow-removals: it has the answers of one holder only.
    """
    from s4s_graph import content, workbook
    from s4s_graph.content import Content, WorkbookError

    must_be_xlsx(path, lang)
    asked = _asked(mirror, with_data, holder, intervention, year, lang)
    try:
        known = forms.read(settings.shapes, settings.base)
        rows = content.stored(settings.data, known)
        concepts = content.concepts(settings.ontology, known, settings.base)
        made = Content(known, rows, concepts, with_data)
        if asked:
            made = replace(made, part=_answers(rows, *asked, lang))
        workbook.write(path, made, lang)
    except WorkbookError as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (FormsError, SyntaxError, OSError) as error:
        raise click.ClickException(str(error)) from error
    written = sum(len(made.written(form)) for form in known)
    click.echo(_made(path, written).of(lang))


def _asked(
    mirror: bool,
    with_data: bool,
    holder: str | None,
    intervention: str | None,
    year: int | None,
    lang: str,
) -> tuple[tuple[str, str], int] | None:
    """Return whose sessions of which year are to be answered; None for a workbook of all tables.

    Raises UsageError for options that do not go together.
    """
    if not mirror:
        if holder or intervention or year is not None:
            raise click.UsageError(_ONLY_MIRROR.of(lang))
        return None
    if with_data or year is None:
        raise click.UsageError(_MIRROR_OF.of(lang))
    return whose(holder, intervention, lang), year


def _answers(rows: "Rows", wanted: tuple[str, str], year: int, lang: str) -> "Rows":
    from s4s_graph import answering

    part = answering.sheet(rows, wanted, year)
    if not part[answering.ANSWERS]:
        raise click.ClickException(_no_sessions(wanted[1], year).of(lang))
    return part


def write_reports(
    settings: Settings, result: "Result", annotate: Path | None, page: Path | None, lang: str
) -> None:
    """Write what a check found as a marked copy of the tables, as a page, or neither.

    Raises ClickException.
    """
    from s4s_graph import marking, report

    try:
        if annotate:
            must_be_xlsx(annotate, lang)
            marking.write(annotate, settings.data, result.problems, lang)
            click.echo(_written(annotate).of(lang), err=True)
        if page:
            known = forms.read(settings.shapes, settings.base)
            standing = Standing.of(result.rows, result.problems)
            wrong = standing if blocking(result.problems) else None
            text = report.page(result.problems, result.counts, known, wrong)
            page.write_text(text, encoding="utf-8")
            click.echo(_written(page).of(lang), err=True)
    except OSError as error:
        raise click.ClickException(str(error)) from error


def must_be_xlsx(path: Path, lang: str) -> None:
    """Raise UsageError for a name that no spreadsheet opens."""
    if path.suffix != ".xlsx":
        raise click.UsageError(_NO_XLSX.of(lang))


def _written(path: Path) -> Text:
    return Text(nl=f"geschreven: {path}", en=f"written: {path}")


def _made(path: Path, rows: int) -> Text:
    return Text(
        nl=f"werkmap klaar: {path}, rijen: {rows}", en=f"workbook ready: {path}, rows: {rows}"
    )


def _no_sessions(slug: str, year: int) -> Text:
    return Text(
        nl=f"van '{slug}' is er in {year} geen spiegelgesprek om op te antwoorden; "
        "`s4s ask mirror-sessions` noemt wat er is",
        en=f"there is no mirror session of '{slug}' in {year} to answer; "
        "`s4s ask mirror-sessions` lists what there is",
    )


_ONLY_MIRROR = Text(
    nl="--holder, --intervention en --year horen bij --mirror",
    en="--holder, --intervention and --year go with --mirror",
)
_MIRROR_OF = Text(
    nl="--mirror vraagt --year en een --holder of --intervention, en geen --with-data",
    en="--mirror asks for --year and a --holder or --intervention, and no --with-data",
)
_NO_XLSX = Text(
    nl="geef de werkmap een naam die eindigt op .xlsx",
    en="give the workbook a name that ends in .xlsx",
)
