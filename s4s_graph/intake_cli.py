"""The command `s4s template`, and what `s4s check` writes for who filled it in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import forms
from s4s_graph.forms import FormsError, Text
from s4s_graph.options import lang_option
from s4s_graph.problems import Standing, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.build import Result


@click.command("template")
@click.argument("path", metavar="OUT.xlsx", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-data", is_flag=True, help="Write the rows of the data folder as well.")
@lang_option
@click.pass_obj
def template_command(settings: Settings, path: Path, with_data: bool, lang: str) -> None:
    """Make a workbook to fill in: a sheet for each table, with lists to choose from.

    With the data it holds restricted values as well: give it only to who may see those.

    Example: s4s template intake.xlsx --lang nl
    """
    from s4s_graph import content, workbook
    from s4s_graph.content import Content, WorkbookError

    must_be_xlsx(path, lang)
    try:
        known = forms.read(settings.shapes, settings.base)
        rows = content.stored(settings.data, known)
        concepts = content.concepts(settings.ontology, known, settings.base)
        workbook.write(path, Content(known, rows, concepts, with_data), lang)
    except WorkbookError as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (FormsError, SyntaxError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_made(path, sum(map(len, rows.values())) if with_data else 0).of(lang))


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


_NO_XLSX = Text(
    nl="geef de werkmap een naam die eindigt op .xlsx",
    en="give the workbook a name that ends in .xlsx",
)
