"""RDF files that a command serves: loaded with a word on how far it is, gone when it ends."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from s4s_graph import apart, source_words
from s4s_graph.files import Loaded
from s4s_graph.files_loading import NAMED, counted
from s4s_graph.forms import Text
from s4s_graph.leaving import tidily


@contextmanager
def loaded(paths: Sequence[Path], *, named: bool, lang: str) -> Iterator[Loaded]:
    """Lend a temporary store of some files. Raises ClickException when they cannot be loaded."""
    with tidily(), TemporaryDirectory(prefix="s4s-") as folder:
        yield _load(paths, Path(folder) / "store", named=named, lang=lang)


def _load(paths: Sequence[Path], folder: Path, *, named: bool, lang: str) -> Loaded:
    graphs = NAMED if named else f"un{NAMED}"
    answer = apart.answer(
        "s4s_graph.files_loading", str(folder), graphs, lang, *map(str, paths), shown=True
    )
    if answer is None:
        named_so = ", ".join(map(str, paths))
        raise click.ClickException(f"{named_so}: {source_words.DIED.of(lang)}")
    if "statements" not in answer:
        raise click.ClickException(Text(**answer).of(lang))
    statements = {Path(path): number for path, number in answer["statements"].items()}
    for path, number in statements.items():
        click.echo(f"{path}: {counted(number).of(lang)}", err=True)
    return Loaded(folder, statements, answer["prefixes"])
