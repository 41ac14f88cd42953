"""RDF files that a command serves: loaded with a word on how far it is, gone when it ends."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

import click

from s4s_graph.files import FilesError, Loaded, load
from s4s_graph.forms import Text


@contextmanager
def loaded(paths: Sequence[Path], *, named: bool, lang: str) -> Iterator[Loaded]:
    """Lend a temporary store of some files. Raises ClickException when they cannot be loaded."""
    # Ended by Ctrl-C, Python tidies up by itself; ended by the system, it would not.
    before = {which: signal.signal(which, _leave) for which in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with TemporaryDirectory(prefix="s4s-") as folder:
            yield _load(paths, Path(folder) / "store", named=named, lang=lang)
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _load(paths: Sequence[Path], folder: Path, *, named: bool, lang: str) -> Loaded:
    moving = sys.stderr.isatty()

    def progress(path: Path, statements: int) -> None:
        if moving:
            click.echo(
                f"\r\x1b[K{path.name}: {_statements(statements).of(lang)}", nl=False, err=True
            )

    try:
        found = load(paths, folder, named=named, progress=progress)
    except FilesError as error:
        raise click.ClickException(error.message.of(lang)) from error
    except OSError as error:
        message = Text(
            nl=f"de bestanden kunnen niet worden bewaard in {folder.parent}: {error}",
            en=f"the files cannot be stored in {folder.parent}: {error}",
        )
        raise click.ClickException(message.of(lang)) from error
    finally:
        if moving:
            click.echo("\r\x1b[K", nl=False, err=True)
    said = (f"{path}: {_statements(number).of(lang)}" for path, number in found.statements.items())
    click.echo("\n".join(said), err=True)
    return found


def _statements(number: int) -> Text:
    return Text(nl=f"{number} uitspraken", en=f"{number} statements")


def _leave(which: int, frame: FrameType | None) -> None:
    sys.exit(128 + which)
