"""The command that makes the report for a holder: `s4s mirror`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from s4s_graph import steering
from s4s_graph.forms import Text
from s4s_graph.options import asking, current, lang_option
from s4s_graph.settings import Settings

# Makes the document: of settings, the folder of a release, whose, the year, the format, the
# language. Raises ValueError with a sentence when there is nothing to tell.
Maker = Callable[[Settings, Path, tuple[str, str], int, str, str], bytes]

FORMATS = ("text", "html", "pdf", "json")
_FORMAT, _HOW = click.Choice(FORMATS), "How to write it."
_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)


def command(make: Maker) -> click.Command:
    """Return the command; `make` makes the document, which is not of this package."""

    @click.command("mirror")
    @click.option("--holder", metavar="ID", help="The id of an organisation: all that it holds.")
    @click.option("--intervention", metavar="ID", help="The id of one intervention.")
    @click.option("--year", type=int, required=True, help="The year of the evaluation round.")
    @click.option("--format", "form", type=_FORMAT, default="text", show_default=True, help=_HOW)
    @click.option("--output", type=_NEW, help="The file to write; else it is printed.")
    @lang_option
    @click.pass_obj
    def mirror_command(
        settings: Settings,
        holder: str | None,
        intervention: str | None,
        year: int,
        form: str,
        output: Path | None,
        lang: str,
    ) -> None:
        """Hold up to a holder what was found of its interventions in a year.

        \b
        s4s mirror --holder oom --year 2026
        s4s mirror --intervention werkplekleren --year 2026 --format pdf --output mirror.pdf

        The sheet for the answer comes from `s4s template answer.xlsx --mirror`, with the same
        options; `s4s import` takes it back.
        """
        wanted = whose(holder, intervention, lang)
        if form == "pdf" and output is None:
            raise click.UsageError(_NO_FILE.of(lang))
        with _explained(lang):
            made = make(settings, current(settings, lang), wanted, year, form, lang)
            if output:
                output.write_bytes(made)
        shown = _written(output).of(lang) if output else steering.for_stdout(made.decode())
        click.echo(shown, nl=bool(output))

    return mirror_command


@contextmanager
def _explained(lang: str) -> Iterator[None]:
    try:
        with asking(lang):
            yield
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error


def whose(holder: str | None, intervention: str | None, lang: str) -> tuple[str, str]:
    """Return what was asked for: of which kind, and its id. Raises UsageError for both or none."""
    if holder and not intervention:
        return "holder", holder
    if intervention and not holder:
        return "intervention", intervention
    raise click.UsageError(_ONE_OF.of(lang))


def _written(path: Path) -> Text:
    return Text(nl=f"geschreven: {path}", en=f"written: {path}")


_ONE_OF = Text(
    nl="noem een houder met --holder of een interventie met --intervention",
    en="name a holder with --holder or an intervention with --intervention",
)
_NO_FILE = Text(
    nl="een PDF past niet op het scherm; noem een bestand met --output",
    en="a PDF does not go on a screen; name a file with --output",
)
