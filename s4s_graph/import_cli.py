"""The command that merges a file of tables into a data folder: `s4s import`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import forms, steering
from s4s_graph.forms import FormsError, Text
from s4s_graph.import_outcome import Place, carried_out
from s4s_graph.intake_cli import must_be_xlsx
from s4s_graph.options import json_option, lang_option
from s4s_graph.problems import Problem, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.importing import Plan

_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SET_HELP = "With --layout: what each row has in a field, such as source=jagosh-2015."
_TRANSLATIONS_HELP = "With --layout: texts in nl and en; those that lack one are added to it."


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", type=_FOLDER, required=True, help="The data folder, or a folder in it.")
@click.option("--allow-removals", is_flag=True, help="Remove what is gone from the file.")
@click.option("--yes", is_flag=True, help="Write without asking, for scripts.")
@click.option("--annotate", type=_NEW, help="Copy FILE to this .xlsx, what is wrong marked.")
@click.option(
    "--layout", metavar="NAME|FILE.yaml", help="Read FILE as another table, by what this says."
)
@click.option("--set", "always", multiple=True, metavar="FIELD=VALUE", help=_SET_HELP)
@click.option("--translations", type=_NEW, metavar="FILE.csv", help=_TRANSLATIONS_HELP)
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
    layout: str | None,
    always: Sequence[str],
    translations: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Merge a workbook or a CSV file into the tables of a data folder, by id.

    Shows what is new, changed and gone, checks the whole of it, and writes once that is agreed.
    With --json it asks nothing, and writes only with --yes. A table with columns of its own is
    read by a layout, of which some come along.

    Example: s4s import intake.xlsx --into s4s_graph/data/reported
    """
    file, into, data = file.resolve(), into.resolve(), settings.data.resolve()
    settings = replace(settings, data=data if into.is_relative_to(data) else into)
    if file.is_relative_to(settings.data):
        raise click.UsageError(_INSIDE.of(lang))
    if annotate:
        must_be_xlsx(annotate, lang)
    if allow_removals if layout else always or translations:
        raise click.UsageError(_LAYOUT_ONLY.of(lang))
    if translations and translations.suffix != ".csv":
        raise click.UsageError(_NO_CSV.of(lang))
    with _explained(lang):
        if layout:
            chosen = _Chosen(layout, _values(always, lang), translations)
            plan, place = _laid(chosen, file, into, settings, lang)
        else:
            plan, place = _plan(file, into, settings, allow_removals), _same
        outcome = carried_out(plan, settings, into, yes, as_json, lang, place)
        if annotate:
            from s4s_graph import marking

            marking.write(annotate, file.parent, map(place, outcome.of_file()), lang)
    if as_json:
        click.echo(steering.as_json(outcome.document(place)))
    if blocking(outcome.problems):
        sys.exit(1)


@contextmanager
def _explained(lang: str) -> Iterator[None]:
    """Tell in a sentence why nothing can be merged, where that is so."""
    from s4s_graph.build import BuildError
    from s4s_graph.layouts.layout import LayoutError
    from s4s_graph.merging import ImportRefusedError

    try:
        yield
    except (BuildError, ImportRefusedError, LayoutError) as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (FormsError, OSError, SyntaxError) as error:
        raise click.ClickException(str(error)) from error


@dataclass(frozen=True)
class _Chosen:
    """The layout that was chosen, what goes with it, and the file of translations."""

    layout: str
    always: Mapping[str, str]
    translations: Path | None


def _plan(file: Path, into: Path, settings: Settings, removals: bool) -> "Plan":
    from s4s_graph import importing

    known = forms.read(settings.shapes, settings.base)
    return importing.plan(file, into, settings, known, removals)


def _laid(
    chosen: _Chosen, file: Path, into: Path, settings: Settings, lang: str
) -> tuple["Plan", Place]:
    from s4s_graph.layouts import importing, layout, texts

    known = forms.read(settings.shapes, settings.base)
    read = layout.read(chosen.layout, chosen.always, known)
    path = chosen.translations
    translated = texts.translations(path, read) if path else {}
    laid = importing.plan(file, read, translated, into, settings, known)
    if path and laid.untranslated:
        texts.add_missing(path, read, laid.untranslated)
        click.echo(_to_translate(path, len(laid.untranslated)).of(lang), err=True)
    return laid.plan, laid.place


def _values(always: Sequence[str], lang: str) -> dict[str, str]:
    found = {}
    for item in always:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise click.UsageError(_NO_VALUE.of(lang))
        found[name.strip()] = value.strip()
    return found


def _same(problem: Problem) -> Problem:
    return problem


def _to_translate(path: Path, texts: int) -> Text:
    return Text(
        nl=f"{texts} teksten zonder vertaling staan in {path}; vul ze in en voer het commando "
        "opnieuw uit",
        en=f"{texts} texts without a translation are in {path}; fill them in and run the command "
        "again",
    )


_LAYOUT_ONLY = Text(
    nl="--set en --translations horen bij --layout, en --allow-removals gaat daar niet mee samen: "
    "zo'n tabel is maar een deel van wat er is",
    en="--set and --translations go with --layout, and --allow-removals does not: such a table is "
    "only a part of what there is",
)
_NO_CSV = Text(
    nl="geef het bestand met vertalingen een naam die eindigt op .csv",
    en="give the file of translations a name that ends in .csv",
)
_NO_VALUE = Text(
    nl="schrijf bij --set een veld en een waarde, zoals source=jagosh-2015",
    en="give --set a field and a value, such as source=jagosh-2015",
)
_INSIDE = Text(
    nl="dit bestand staat al in de datamap; importeer een bestand van daarbuiten",
    en="this file is in the data folder already; import one from outside it",
)
