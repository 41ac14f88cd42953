"""The command that reviews mapping candidates: `s4s mappings review`, in a terminal or browser."""

import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph.forms import FormsError, Text
from s4s_graph.options import lang_option
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from s4s_graph.mappings.known import Known
    from s4s_graph.mappings.reviewing import Review

    # Makes the site of a review for whoever knows a token.
    Site = Callable[[Review, Known, str, Settings], FastAPI]

LOOPBACK = "127.0.0.1"
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def command(site: "Site") -> click.Command:
    """Return the command; `site` makes the pages, which are not of this package."""

    @click.command("review")
    @click.option("--data", type=_FOLDER, help="The data folder; else S4S_DATA.")
    @click.option("--author", help="Who decides: an ORCID, or a web address. Asked for if absent.")
    @click.option("--set", "name", default="", help="Only the candidates of the set of this name.")
    @click.option("--browser", is_flag=True, help="Review in a browser on this computer.")
    @click.option("--port", type=click.IntRange(0, 65_535), default=0, help="With --browser.")
    @lang_option
    @click.pass_obj
    def review_command(
        settings: Settings,
        data: Path | None,
        author: str | None,
        name: str,
        browser: bool,
        port: int,
        lang: str,
    ) -> None:
        """Decide on mapping candidates, one key each.

        \b
        s4s mappings review --author orcid:0000-0002-1825-0097
        s4s mappings review --browser

        A decision is written at once, to mappings/decided.sssom.tsv in the data folder: what was
        accepted, and what was rejected, which is never proposed again.
        """
        settings = replace(settings, data=data or settings.data)
        if not browser and not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise click.UsageError(_NO_TERMINAL.of(lang))
        from s4s_graph.mappings import known

        by = _author(author, lang)
        with _explained(lang):
            review = _started(settings, by, name, lang)
            concepts = known.read(settings)
            if browser:
                _serve(site, review, concepts, port, settings, lang)
            else:
                from s4s_graph.mappings.terminal import Terminal

                Terminal(review, concepts, lang).run()
        click.echo(_summary(review).of(lang))

    return review_command


def _author(given: str | None, lang: str) -> str:
    from s4s_graph.mappings import decisions

    while True:
        try:
            return decisions.author_id(given or click.prompt(_AUTHOR.of(lang)))
        except decisions.AuthorError as error:
            if given or not sys.stdin.isatty():
                raise click.UsageError(error.message.of(lang)) from error
            click.echo(error.message.of(lang), err=True)


def _started(settings: Settings, author: str, name: str, lang: str) -> "Review":
    from s4s_graph.mappings import reviewing

    try:
        review = reviewing.start(settings.data, author, name, settings.base)
    except reviewing.NoSetError as error:
        raise click.UsageError(_no_set(name, str(error)).of(lang)) from error
    if not review.open:
        raise click.ClickException(_nothing_open(settings.data).of(lang))
    return review


@contextmanager
def _explained(lang: str) -> Iterator[None]:
    """Tell what is wrong with mapping sets, where something is."""
    from s4s_graph.mappings.decisions import BrokenSetError

    try:
        yield
    except BrokenSetError as error:
        told = "\n".join(problem.text(lang) for problem in error.problems)
        raise click.ClickException(told) from error
    except (FormsError, OSError, SyntaxError, KeyError) as error:
        raise click.ClickException(str(error)) from error


def _serve(
    site: "Site", review: "Review", known: "Known", port: int, settings: Settings, lang: str
) -> None:
    import uvicorn

    token = secrets.token_urlsafe(32)
    try:
        listening = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise click.ClickException(f"{LOOPBACK}:{port}: {error.strerror}") from error
    with listening:
        port = listening.getsockname()[1]
        app = site(review, known, token, settings)
        click.echo(f"{_OPEN.of(lang)}\n\n  http://{LOOPBACK}:{port}/{token}/{lang}/\n")
        # The address holds the token: no log may keep it.
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _summary(review: "Review") -> Text:
    accepted = sum(made.decision.accepted for made in review.made)
    rejected = len(review.made) - accepted
    return Text(
        nl=f"geaccepteerd: {accepted}, afgewezen: {rejected}, open: {len(review.open)}",
        en=f"accepted: {accepted}, rejected: {rejected}, open: {len(review.open)}",
    )


def _no_set(name: str, known: str) -> Text:
    return Text(
        nl=f"er is geen verzameling '{name}'; wel: {known or 'geen enkele'}",
        en=f"there is no set '{name}'; there is: {known or 'none'}",
    )


def _nothing_open(data: Path) -> Text:
    return Text(
        nl=f"in {data} zijn geen kandidaten waarover nog te beslissen is; "
        "zoek ze met `s4s mappings suggest`",
        en=f"{data} has no candidates to decide on; look for some with `s4s mappings suggest`",
    )


_AUTHOR = Text(
    nl="Wie beslist er (ORCID of webadres)", en="Who decides (an ORCID or a web address)"
)
_NO_TERMINAL = Text(
    nl="beoordelen gaat met toetsen in een terminal, en dit is er geen; gebruik --browser",
    en="a review takes keys in a terminal, which this is not; use --browser",
)
_OPEN = Text(
    nl="Open dit adres in een browser op deze computer. Wie het adres kent, kan beslissen; "
    "het geldt tot u hier stopt met Ctrl+C.",
    en="Open this address in a browser on this computer. Whoever knows it can decide; "
    "it holds until you stop here with Ctrl+C.",
)
