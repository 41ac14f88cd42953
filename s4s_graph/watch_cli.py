"""The command that builds at each save and shows it at once: `s4s watch`."""

import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from s4s_graph.folders import shown
from s4s_graph.forms import Text
from s4s_graph.leaving import tidily
from s4s_graph.options import lang_option
from s4s_graph.settings import Settings
from s4s_graph.watching import Hooks, Watched, watch

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    # Makes the site of a watch, and what opens its release anew.
    Site = Callable[[Settings, Watched], tuple[ASGIApp, Callable[[], object]]]

_NAMED = 3  # files that were saved, by name


def command(site: "Site") -> click.Command:
    """Return the command; `site` makes the pages, which are not of this package."""

    @click.command("watch")
    @click.option("--without-illustrative", is_flag=True, help="Leave out what was invented.")
    @click.option("--host", help="Address to listen on; else S4S_HOST.")
    @click.option("--port", type=click.IntRange(0, 65_535), help="Port; else S4S_PORT.")
    @lang_option
    @click.pass_obj
    def watch_command(
        settings: Settings,
        without_illustrative: bool,
        host: str | None,
        port: int | None,
        lang: str,
    ) -> None:
        """Build whenever a file is saved, and show it on the site at once.

        Example: s4s watch --lang nl

        Looks at the data folder, the ontology and the shapes. What is wrong is told here, and the
        site goes on with what was right last. Open pages load themselves again. Ctrl+C stops it.
        """
        build = [sys.executable, "-m", "s4s_graph", "build", "--lang", lang]
        if without_illustrative:
            build.append("--without-illustrative")
        watched = Watched()
        app, reopen = site(settings, watched)
        with _listening(host or settings.host, settings.port if port is None else port) as server:
            address, number = server.getsockname()[:2]
            click.echo(_open(f"http://{address}:{number}/{lang}/").of(lang))
            hooks = Hooks(build, lambda files: click.echo(_saved(files, settings).of(lang)), reopen)
            _run(app, server, settings, hooks, watched)

    return watch_command


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror}") from error


def _run(
    app: "ASGIApp", listening: socket.socket, settings: Settings, hooks: Hooks, watched: Watched
) -> None:
    import uvicorn

    stop = Event()
    watching = Thread(target=watch, args=(settings, hooks, watched, stop), name="watch")
    watching.start()
    # The lines of each request would hide what is wrong with the data.
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    try:
        with tidily(), suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        stop.set()
        watching.join()


def _saved(files: Sequence[Path], settings: Settings) -> Text:
    names = ", ".join(_name(path, settings) for path in files[:_NAMED])
    more = len(files) - _NAMED
    if more > 0:
        return Text(nl=f"opgeslagen: {names} en nog {more}", en=f"saved: {names} and {more} more")
    return Text(nl=f"opgeslagen: {names}", en=f"saved: {names}")


def _name(path: Path, settings: Settings) -> str:
    if path.is_relative_to(settings.data):
        return shown(str(path.relative_to(settings.data)))
    return shown(f"{path.parent.name}/{path.name}")


def _open(address: str) -> Text:
    return Text(
        nl=f"Open {address} in een browser; wat u opslaat, staat daar even later. Stop met Ctrl+C.",
        en=f"Open {address} in a browser; what you save is there a moment later. Stop with Ctrl+C.",
    )
