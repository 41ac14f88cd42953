"""A process that loads RDF files of anyone into a store, so that it may die of what is in them.

    python -m s4s_graph.files_loading STORE named|unnamed LANG FILE...

tells on a terminal how far it is, and prints one JSON document: how many statements each file has
and the prefixes, or what is wrong. What grows to more than half of the memory there is ends it.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path

import click

from s4s_graph import apart
from s4s_graph.files import FilesError, load
from s4s_graph.forms import Text

NAMED = "named"


def main(arguments: list[str]) -> int:
    """Load files as the module says; return the status that the process ends with."""
    store, named, lang, *paths = arguments
    # Ctrl-C ends it without a word: the command that started it has one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    apart.limit(half, resource.RLIM_INFINITY)
    moving = sys.stderr.isatty()

    def progress(path: Path, statements: int) -> None:
        if moving:
            told = f"\r\x1b[K{path.name}: {counted(statements).of(lang)}"
            click.echo(told, nl=False, err=True)

    try:
        found = load(list(map(Path, paths)), Path(store), named=named == NAMED, progress=progress)
    except FilesError as error:
        answer: dict[str, object] = {"nl": error.message.nl, "en": error.message.en}
    except OSError as error:
        told = _not_stored(Path(store).parent, error)
        answer = {"nl": told.nl, "en": told.en}
    else:
        counts = {str(path): number for path, number in found.statements.items()}
        answer = {"statements": counts, "prefixes": found.prefixes}
    if moving:
        click.echo("\r\x1b[K", nl=False, err=True)
    sys.stdout.write(json.dumps(answer))
    return 0


def counted(number: int) -> Text:
    """Say how many statements there are."""
    return Text(nl=f"{number} uitspraken", en=f"{number} statements")


def _not_stored(folder: Path, error: OSError) -> Text:
    return Text(
        nl=f"de bestanden kunnen niet worden bewaard in {folder}: {error}",
        en=f"the files cannot be stored in {folder}: {error}",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
