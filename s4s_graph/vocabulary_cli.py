"""The commands about vocabularies of others: `s4s vocabulary add` and `s4s vocabulary list`."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from s4s_graph import steering
from s4s_graph.forms import FormsError, Text
from s4s_graph.options import json_option, lang_option
from s4s_graph.reporter import VOCABULARY, bar
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.vocabularies.adding import Asked
    from s4s_graph.vocabularies.gathering import Given
    from s4s_graph.vocabularies.known import Known

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_Command = Callable[..., None]
_files = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)


def _shared(command: _Command) -> _Command:
    """Give a command the options that say where a vocabulary goes and what it is."""
    for option in reversed(
        (
            click.option("--into", type=_FOLDER, required=True, help="The data folder."),
            click.option("--name", metavar="NAME", help="What its folder and graph are called."),
            click.option("--title", metavar="TEXT[@LANG]", help="What people call it."),
            click.option("--version", metavar="TEXT", help="Its version, as published."),
            click.option(
                "--licence", metavar="URL", help="The licence that it is published under."
            ),
            click.option("--source", metavar="URL", help="Where it was found."),
            click.option(
                "--acknowledgement",
                metavar="TEXT[@LANG]",
                help="The sentence that its publisher asks to show.",
            ),
            click.option("--incomplete", is_flag=True, help="Accept that a part is not there."),
            click.option("--yes", is_flag=True, help="Write without asking, for scripts."),
            json_option,
            lang_option,
        )
    ):
        command = option(command)
    return click.pass_obj(command)


@click.group("vocabulary")
def vocabulary_command() -> None:
    """Import vocabularies of others, such as ESCO and CompetentNL.

    Example: s4s vocabulary list
    """


@vocabulary_command.group("add")
def add_command() -> None:
    """Import a vocabulary, or a newer version of one that is there.

    Shows what is wrong with it, or else what it holds and changes, and which of our links break;
    writes once that is agreed. With --json it asks nothing, and writes only with --yes.

    Example: s4s vocabulary add skos sector.ttl --name sector --into data
    """


@add_command.command("esco", short_help="ESCO, from its CSV or RDF.")
@_files
@_shared
def esco_command(settings: Settings, files: tuple[Path, ...], **options: Any) -> None:
    """Import ESCO: the CSV of one language or several with the relations, or its RDF.

    Example: s4s vocabulary add esco esco-nl.zip esco-en.zip relations.zip --into data
    """
    from s4s_graph.vocabularies import known
    from s4s_graph.vocabularies.gathering import Given

    given = Given(files, is_esco=True, incomplete=options["incomplete"])
    _add(settings, given, known.ESCO, {"name": "esco"} | _said(options))


@add_command.command("competentnl", short_help="CompetentNL, from Turtle or its endpoint.")
@click.argument("files", metavar="[FILE...]", nargs=-1, type=_FILE)
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of FILEs.")
@_shared
def competentnl_command(
    settings: Settings, files: tuple[Path, ...], endpoint: str | None, **options: Any
) -> None:
    """Import CompetentNL from its Turtle, or from its SPARQL endpoint with a key.

    \b
    s4s vocabulary add competentnl competentnl.ttl --into data --version …
    s4s vocabulary add competentnl --endpoint https://sparql.competentnl.nl --into data --version …

    The key is read from S4S_COMPETENTNL_KEY.
    """
    from s4s_graph.vocabularies import known
    from s4s_graph.vocabularies.collecting import RefusedError
    from s4s_graph.vocabularies.fetching import Endpoint
    from s4s_graph.vocabularies.gathering import Given

    lang = options["lang"]
    if bool(files) == bool(endpoint):
        raise click.UsageError(_ONE_OF.of(lang))
    try:
        asked = Endpoint(endpoint, settings.competentnl_key) if endpoint else None
    except RefusedError as error:
        raise click.UsageError(error.message.of(lang)) from error
    given = Given(files, endpoint=asked, incomplete=options["incomplete"])
    _add(settings, given, known.COMPETENTNL, {"name": "competentnl"} | _said(options))


@add_command.command("skos", short_help="Any vocabulary in SKOS or SKOS-XL.")
@_files
@_shared
def skos_command(settings: Settings, files: tuple[Path, ...], **options: Any) -> None:
    """Import any vocabulary in SKOS or SKOS-XL, in any syntax of RDF.

    Example: s4s vocabulary add skos sector.ttl --name sector --into data --version …
    """
    from s4s_graph.vocabularies.gathering import Given

    given = Given(files, incomplete=options["incomplete"])
    _add(settings, given, None, _said(options))


@add_command.command("csv", short_help="Any CSV, by a file that says what columns are.")
@_files
@click.option("--columns", type=_FILE, required=True, help="The YAML that says what columns are.")
@_shared
def csv_command(settings: Settings, files: tuple[Path, ...], columns: Path, **options: Any) -> None:
    """Import any CSV, by a file of YAML that says which column is what.

    Example: s4s vocabulary add csv skills.csv --columns skills.yaml --name sector --into data …
    """
    from s4s_graph.vocabularies import mapped
    from s4s_graph.vocabularies.collecting import RefusedError
    from s4s_graph.vocabularies.gathering import Given

    try:
        layout = mapped.layout(columns)
    except RefusedError as error:
        raise click.ClickException(error.message.of(options["lang"])) from error
    given = Given(files, layout=layout, incomplete=options["incomplete"])
    _add(settings, given, None, _said(options))


@vocabulary_command.command("list")
@click.option("--data", type=_FOLDER, help="The data folder; else S4S_DATA.")
@json_option
@lang_option
@click.pass_obj
def list_command(settings: Settings, data: Path | None, as_json: bool, lang: str) -> None:
    """List the vocabularies of a data folder.

    Example: s4s vocabulary list --lang nl
    """
    from s4s_graph.vocabularies import folder, telling

    try:
        found = folder.found(data or settings.data)
    except (SyntaxError, KeyError) as error:
        raise click.ClickException(_broken(error).of(lang)) from error
    if as_json:
        documents = [telling.listed_document(stored) for stored in found]
        click.echo(steering.as_json(documents))
    elif not found:
        click.echo(telling.NONE.of(lang))
    for stored in () if as_json else found:
        for line in telling.listed(stored, lang):
            click.echo(steering.line(line))


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _add(
    settings: Settings, given: "Given", known: "Known | None", options: Mapping[str, Any]
) -> None:
    from s4s_graph.vocabularies.collecting import RefusedError

    lang = options["lang"]
    asked = _asked(settings, given, known, options)
    try:
        with TemporaryDirectory(prefix="s4s-") as work:
            errors = _imported(asked, Path(work), options)
    except RefusedError as error:
        raise click.ClickException(error.message.of(lang)) from error
    except (SyntaxError, KeyError) as error:
        raise click.ClickException(_broken(error).of(lang)) from error
    except (FormsError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if errors:
        sys.exit(1)


def _imported(asked: "Asked", work: Path, options: Mapping[str, Any]) -> int:
    """Import what was asked for, unless someone says no; return how many errors it has."""
    from s4s_graph.vocabularies import adding, telling

    lang, as_json = options["lang"], options["as_json"]
    with bar(lang, VOCABULARY) as progress:
        found = adding.find(asked, work, lang, progress)
    if not as_json:
        for line in telling.told(found, lang):
            click.echo(steering.line(line))
    kept = None
    is_agreed = options["yes"] or (
        found.is_ready and not as_json and click.confirm(_QUESTION.of(lang))
    )
    if found.is_ready and is_agreed:
        kept = adding.write(asked, found)
        if not as_json:
            click.echo(_written(asked, kept if found.before else None).of(lang))
    if as_json:
        document = telling.document(found, kept)
        click.echo(steering.as_json(document))
    return found.problems.errors


def _asked(
    settings: Settings, given: "Given", known: "Known | None", options: Mapping[str, Any]
) -> "Asked":
    from s4s_graph.vocabularies.adding import Asked
    from s4s_graph.vocabularies.terms import is_iri

    lang, name = options["lang"], options.get("name")
    if name is None or not _NAME.fullmatch(name):
        raise click.UsageError((_NO_NAME if name is None else _BAD_NAME).of(lang))
    for option in ("licence", "source"):
        if option in options and not is_iri(options[option]):
            raise click.UsageError(_no_address(option, options[option]).of(lang))
    into, data = options["into"].resolve(), settings.data.resolve()
    return Asked(
        given,
        into,
        replace(settings, data=data if into.is_relative_to(data) else into),
        name,
        known,
        {key: options[key] for key in ("version", "licence", "source") if key in options},
        {key: _tagged(options[key]) for key in ("title", "acknowledgement") if key in options},
    )


def _tagged(text: str) -> dict[str, str]:
    """Return a text by its language: `This service uses …@en`."""
    found = re.fullmatch(r"(.+)@([a-z]{2,3})", text, re.DOTALL)
    return {found[2]: found[1]} if found else {"": text}


def _written(asked: "Asked", kept: Path | None) -> Text:
    old = Text(nl=f"; de vorige versie staat in {kept}", en=f"; the version before is in {kept}")
    return Text(
        nl=f"geschreven in {asked.place}{old.nl if kept else ''}",
        en=f"written to {asked.place}{old.en if kept else ''}",
    )


def _broken(error: Exception) -> Text:
    return Text(
        nl=f"een vocabulary.ttl in de datamap is niet meer wat een import schreef ({error}); "
        "zet de map terug uit .before-import, of haal hem weg en importeer opnieuw",
        en=f"a vocabulary.ttl in the data folder is no longer what an import wrote ({error}); "
        "put its folder back from .before-import, or remove it and import again",
    )


def _no_address(option: str, value: str) -> Text:
    return Text(
        nl=f"--{option} is '{value}'; geef een webadres dat met https:// begint",
        en=f"--{option} is '{value}'; give a web address that starts with https://",
    )


_QUESTION = Text(nl="Dit schrijven?", en="Write this?")
_ONE_OF = Text(
    nl="geef bestanden of --endpoint, een van beide", en="give files or --endpoint, one of them"
)
_NO_NAME = Text(
    nl="zeg met --name hoe de map van deze vocabulaire heet, bijvoorbeeld --name techniek",
    en="say with --name what the folder of this vocabulary is called, such as --name technology",
)
_BAD_NAME = Text(
    nl="--name mag alleen kleine letters, cijfers en koppeltekens hebben, zoals sector-techniek",
    en="--name may have small letters, digits and hyphens only, such as sector-technology",
)
