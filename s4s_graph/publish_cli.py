"""The command that puts a release at an engine for many: `s4s publish`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import click

from s4s_graph.forms import Text
from s4s_graph.options import current, json_option, lang_option
from s4s_graph.progress import COUNT, SEND, SWITCH
from s4s_graph.release import MANIFEST, ReleaseError
from s4s_graph.reporter import bar
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.engines.writer import Addresses
    from s4s_graph.publishing import Published

# Where programs that answer at such a path are changed and loaded: Virtuoso, Oxigraph.
_BESIDE = {
    "/sparql": ("/sparql-auth", "/sparql-graph-crud-auth"),
    "/query": ("/update", "/store"),
}
_STAGES = {
    COUNT: Text(nl="tellen wat er hoort te zijn", en="counting what there has to be"),
    SEND: Text(nl="versturen", en="sending"),
    SWITCH: Text(nl="controleren en omzetten", en="verifying and switching"),
}


@click.command("publish")
@click.option("--to", "url", metavar="URL", help="Where the engine is asked; else S4S_SPARQL_URL.")
@click.option("--update", metavar="URL", help="Where it takes SPARQL Update.")
@click.option("--graph-store", metavar="URL", help="Where it takes Graph Store Protocol.")
@click.option("--by-update", is_flag=True, help="Load by SPARQL Update; Graph Store is not there.")
@click.option("--release", "name", metavar="ID", help="Another release than the current one.")
@json_option
@lang_option
@click.pass_obj
def publish_command(
    settings: Settings,
    url: str | None,
    update: str | None,
    graph_store: str | None,
    by_update: bool,
    name: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Put a release at an engine elsewhere, and make it the current one there.

    Example: s4s publish --to http://localhost:8890/sparql

    The addresses for changing and loading are those that Virtuoso and Oxigraph have beside an
    address for asking that ends in /sparql or /query; --update and --graph-store give others.
    S4S_SPARQL_USER and S4S_SPARQL_PASSWORD say who writes. After a break, give the same command
    again: it goes on where it was.
    """
    # The other commands need no HTTP, and start sooner without it.
    from s4s_graph import publishing
    from s4s_graph.engines.writer import Writer, WritingError

    folder = _release(settings, name, lang)
    addresses = _addresses(url or settings.sparql_url, update, graph_store, by_update, lang)
    writer = Writer(addresses, settings.sparql_user, settings.sparql_password)
    try:
        with bar(lang, _STAGES) as progress:
            done = publishing.publish(
                folder, writer, keep=settings.keep_releases, progress=progress
            )
    except (WritingError, publishing.RestrictedError) as error:
        raise click.ClickException(error.message.of(lang)) from error
    except ReleaseError as error:
        raise click.ClickException(str(error)) from error
    finally:
        writer.close()
    click.echo(json.dumps(asdict(done), indent=2) if as_json else _told(done).of(lang))


def _release(settings: Settings, name: str | None, lang: str) -> Path:
    if name is None:
        return current(settings, lang)
    folder = settings.releases / Path(name).name
    if not (folder / MANIFEST).is_file():
        message = Text(
            nl=f"er is geen release {name} in {settings.releases}",
            en=f"there is no release {name} in {settings.releases}",
        )
        raise click.ClickException(message.of(lang))
    return folder.resolve()


def _addresses(
    url: str, update: str | None, graph_store: str | None, by_update: bool, lang: str
) -> "Addresses":
    from s4s_graph.engines.writer import Addresses

    if by_update and graph_store:
        raise click.UsageError("--by-update goes without --graph-store")
    if not url:
        raise click.UsageError(_NO_ENGINE.of(lang))
    for given in filter(None, (url, update, graph_store)):
        _checked(given, lang)
    parts = urlsplit(url)
    for ending, (changed, loaded) in _BESIDE.items():
        if parts.path.endswith(ending):
            start = parts.path.removesuffix(ending)
            update = update or urlunsplit((*parts[:2], start + changed, "", ""))
            graph_store = graph_store or urlunsplit((*parts[:2], start + loaded, "", ""))
    if update is None or (graph_store is None and not by_update):
        raise click.UsageError(_UNKNOWN.of(lang))
    return Addresses(url, update, None if by_update else graph_store)


def _checked(url: str, lang: str) -> None:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise click.UsageError(
            Text(
                nl=f"'{url}' is geen webadres van een engine, zoals http://localhost:8890/sparql",
                en=f"'{url}' is no web address of an engine, such as http://localhost:8890/sparql",
            ).of(lang)
        )
    if parts.username or parts.password:
        # Whoever lists the processes reads the arguments.
        raise click.UsageError(_NAMED.of(lang))


def _told(done: "Published") -> Text:
    removed = ", ".join(done.removed)
    return Text(
        nl=f"release {done.id} is de huidige bij de engine: {done.graphs} grafen, "
        f"{done.sent} nu verstuurd" + (f"; verwijderd: {removed}" if removed else ""),
        en=f"release {done.id} is the current one at the engine: {done.graphs} graphs, "
        f"{done.sent} sent now" + (f"; removed: {removed}" if removed else ""),
    )


_NO_ENGINE = Text(
    nl="geef met --to het adres waar de engine bevraagd wordt, of zet S4S_SPARQL_URL",
    en="give the address where the engine is asked by --to, or set S4S_SPARQL_URL",
)
_UNKNOWN = Text(
    nl="waar deze engine gewijzigd en geladen wordt, volgt niet uit zijn adres; geef --update, en "
    "--graph-store of --by-update",
    en="where this engine is changed and loaded does not follow from its address; give --update, "
    "and --graph-store or --by-update",
)
_NAMED = Text(
    nl="een naam of wachtwoord hoort niet in een adres; zet S4S_SPARQL_USER en S4S_SPARQL_PASSWORD",
    en="a name or password does not belong in an address; set S4S_SPARQL_USER and "
    "S4S_SPARQL_PASSWORD",
)
