"""The command line: all commands together, and those that start a site."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import __version__, files_cli, mirror_cli, release, review_cli, steering, watch_cli
from s4s_graph.ask_cli import ask_command
from s4s_graph.build_cli import build_command, check_command
from s4s_graph.coherence_cli import coherence_command, improve_command, route_command
from s4s_graph.completion_cli import completion_command
from s4s_graph.import_cli import import_command
from s4s_graph.intake_cli import template_command
from s4s_graph.mappings_cli import mappings_group
from s4s_graph.options import lang_option, none
from s4s_graph.publish_cli import publish_command
from s4s_graph.qda_cli import import_qda_command
from s4s_graph.releases_cli import releases_group
from s4s_graph.settings import Settings, SettingsError
from s4s_graph.stalling import bounded
from s4s_graph.token_cli import token_group
from s4s_graph.vocabulary_cli import vocabulary_command

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from s4s_graph.mappings.known import Known
    from s4s_graph.mappings.reviewing import Review
    from s4s_graph.watching import Watched

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """Carry out a command; what it says of files and values cannot steer the terminal."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            vars(error).update(message=steering.escaped(error.message))
            raise


@click.group(cls=_Commands)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """From a data folder to a checked graph, and the questions asked of it.

    Each command ends with 0 when all went well, with 1 when data are wrong or something was
    refused, and with 2 when it was called wrongly.

    Example: s4s check --lang nl
    """
    try:
        context.obj = Settings.from_environment()
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


@main.command("serve")
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="FILE...",
    type=_FILE,
    help="Serve these RDF files instead of a release.",
)
@click.argument("more", nargs=-1, metavar="", type=_FILE)
@click.option("--named", is_flag=True, help="Give each file a graph called by its own address.")
@click.option(
    "--restricted",
    is_flag=True,
    help="Serve everything, to people with a token (see s4s token) only.",
)
@click.option("--host", help="Address to listen on; else S4S_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; else S4S_PORT.")
@lang_option
@click.pass_obj
def serve_command(
    settings: Settings,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    named: bool,
    restricted: bool,
    host: str | None,
    port: int | None,
    lang: str,
) -> None:
    """Serve the current release as a web site, or any RDF files.

    \b
    s4s serve
    s4s serve --file *.ttl dump.nq.gz
    s4s serve --restricted

    Files may be Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, also with .gz behind it.
    They are served as they are, to be read only, until the command ends: a page for everything
    in them, and the SPARQL endpoint. A temporary store of them takes some 300 bytes for each
    statement, in the folder that TMPDIR names.
    """
    if files and restricted:
        raise click.UsageError("--restricted goes without --file")
    if files:
        from catalogue.sparql import files as site

        with files_cli.loaded((*files, *more), named=named, lang=lang) as loaded:
            _serve(site.create(loaded, settings), settings, host, port)
    elif more or named:
        raise click.UsageError(f"{more[0] if more else '--named'} goes with --file")
    elif restricted:
        apart = replace(settings, releases=settings.restricted_releases)
        _any_release(apart, lang, "s4s build --restricted")
        _serve(_restricted_site(settings, host, lang), settings, host, port)
    else:
        from catalogue import app

        _any_release(settings, lang, "s4s build")
        _serve(app.create(settings), settings, host, port)


def _any_release(settings: Settings, lang: str, command: str) -> None:
    # When the current one is damaged, the site serves the one before, and says so.
    if not release.all_in(settings.releases) and not release.current(settings.releases):
        raise click.ClickException(none(settings.releases, command).of(lang))


def _restricted_site(settings: Settings, host: str | None, lang: str) -> "FastAPI":
    from catalogue.restricted import site

    try:
        return site.create(settings, host or settings.host)
    except site.StartError as error:
        raise click.ClickException(error.message.of(lang)) from error


def _serve(site: "FastAPI", settings: Settings, host: str | None, port: int | None) -> None:
    # The other commands need no web server, and start sooner without it.
    import uvicorn

    from catalogue.operating import server

    chosen = settings.port if port is None else port
    config = server.config(site, settings, host or settings.host, chosen)
    try:
        # Ctrl+C is how a site ends, and nothing that went wrong.
        with bounded(config.bind_socket()) as listening, suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    except SystemExit as error:
        # It has said why, such as a port in use, and ends with 3 where our commands end with 1.
        raise click.exceptions.Exit(1) from error


def _review_site(review: "Review", known: "Known", token: str, settings: Settings) -> "FastAPI":
    from catalogue.mapping import review as site

    return site.create(review, known, token, settings)


def _watched_site(settings: Settings, watched: "Watched") -> "tuple[ASGIApp, Callable[[], None]]":
    from catalogue import watched as site

    return site.create(settings, watched)


def _mirror(
    settings: Settings, folder: Path, wanted: tuple[str, str], year: int, form: str, lang: str
) -> bytes:
    from catalogue.mirroring import command

    return command.written(settings, folder, wanted, year, form, lang)


mappings_group.add_command(review_cli.command(_review_site))
main.add_command(mirror_cli.command(_mirror))
main.add_command(watch_cli.command(_watched_site))
for _command in (
    build_command,
    check_command,
    ask_command,
    completion_command,
    template_command,
    import_command,
    import_qda_command,
    coherence_command,
    route_command,
    improve_command,
    vocabulary_command,
    mappings_group,
    token_group,
    releases_group,
    publish_command,
):
    main.add_command(_command)
