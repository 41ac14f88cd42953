"""The command that merges a file of tables into a data folder: `s4s import`."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from s4s_graph import forms
from s4s_graph.forms import FormsError, Text
from s4s_graph.import_outcome import carried_out
from s4s_graph.intake_cli import must_be_xlsx
from s4s_graph.options import json_option, lang_option
from s4s_graph.problems import blocking
from s4s_graph.settings import Settings

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
    from s4s_graph import importing
    from s4s_graph.build import BuildError
    from s4s_graph.merging import ImportRefusedError

    file, into, data = file.resolve(), into.resolve(), settings.data.resolve()
    settings = replace(settings, data=data if into.is_relative_to(data) else into)
    if file.is_relative_to(settings.data):
        raise click.UsageError(_INSIDE.of(lang))
    if annotate:
        must_be_xlsx(annotate, lang)
    try:
        known = forms.read(settings.shapes, settings.base)
        plan = importing.plan(file, into, settings, known, allow_removals)
        outcome = carried_out(plan, settings, into, yes, as_json, lang)
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


_INSIDE = Text(
    nl="dit bestand staat al in de datamap; importeer een bestand van daarbuiten",
    en="this file is in the data folder already; import one from outside it",
)
