"""The command that proposes mappings between two vocabularies: `s4s mappings suggest`."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph.forms import FormsError, Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.options import lang_option
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.mappings.sets import MappingSet

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_BANDS = (0.9, 0.7, 0.5, 0.0)  # the least confidence of each column of the summary


@click.command("suggest")
@click.argument("source")
@click.argument("target")
@click.option("--data", type=_FOLDER, help="The data folder; else S4S_DATA.")
@click.option("--limit", type=click.IntRange(1, 6), default=3, help="Candidates of a concept.")
@click.option("--least", type=click.FloatRange(0, 1), default=0.3, help="The lowest confidence.")
@click.option("--names-in", "language", metavar="LANG", help="Match by names in this language.")
@click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    help="Only concepts of TARGET of this type: an IRI, or such as esco:Skill.",
)
@lang_option
@click.pass_obj
def suggest_command(
    settings: Settings,
    source: str,
    target: str,
    data: Path | None,
    limit: int,
    least: float,
    language: str | None,
    types: tuple[str, ...],
    lang: str,
) -> None:
    """Propose which concepts of SOURCE match which of TARGET, for a person to decide on.

    \b
    s4s mappings suggest skills esco
    s4s mappings suggest esco competentnl --names-in nl --limit 1

    SOURCE and TARGET are `skills` (our own), the name of an imported vocabulary, or a file: SKOS,
    or CSV with the columns iri and prefLabel_nl or prefLabel_en (also altLabel_…, definition_…,
    broader, type; several values in a cell with | between them). The candidates are written to
    mappings/candidates-SOURCE-TARGET.sssom.tsv in the data folder, in place of those that were
    there; what was accepted or rejected before is not proposed again.
    """
    from s4s_graph.mappings import decisions, write
    from s4s_graph.mappings.sets import FOLDER, SUFFIX
    from s4s_graph.matching import given, proposing
    from s4s_graph.matching.index import Index
    from s4s_graph.matching.suggesting import weigh

    settings = replace(settings, data=data or settings.data)
    with _explained(lang):
        subjects, objects = (given.read(named, settings) for named in (source, target))
        settled = decisions.settled(settings.data, settings.base)
        with _moving(_MATCHING.of(lang), len(subjects.concepts)) as progress:
            found = weigh(
                subjects.concepts,
                Index(objects.concepts),
                language=language,
                types=[_expanded(name, lang) for name in types] or None,
                known=proposing.matched(subjects, objects, settled),
                progress=progress,
            )
        candidates = proposing.proposed(
            found, subjects, objects, settled, limit=limit, least=least, base=settings.base
        )
        path = settings.data / FOLDER / f"{candidates.name}{SUFFIX}"
        write.write(candidates, path, settings.base)
    click.echo(_summary(candidates, lang))
    click.echo(_written(path, len(subjects.concepts), len(objects.concepts)).of(lang))


@contextmanager
def _moving(label: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Lend what to tell the progress to: a bar on a terminal, nothing elsewhere."""
    with click.progressbar(
        length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


@contextmanager
def _explained(lang: str) -> Iterator[None]:
    """Tell in a sentence why nothing can be proposed, where that is so."""
    from s4s_graph.mappings.decisions import BrokenSetError
    from s4s_graph.matching.given import GivenError

    try:
        yield
    except BrokenSetError as error:
        told = "\n".join(problem.text(lang) for problem in error.problems)
        raise click.ClickException(told) from error
    except GivenError as error:
        raise click.UsageError(error.message.of(lang)) from error
    except (FormsError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _expanded(name: str, lang: str) -> str:
    prefix, colon, local = name.partition(":")
    if colon and prefix in STANDARD:
        return f"{STANDARD[prefix]}{local}"
    if not name.startswith(("http://", "https://", "urn:")):
        raise click.UsageError(_no_type(name).of(lang))
    return name


def _summary(candidates: "MappingSet", lang: str) -> str:
    """Return how many candidates there are, by predicate and by how sure they are."""
    from s4s_graph.mappings import wording

    counted: Counter[tuple[str, float]] = Counter()
    for row in candidates.mappings:
        sure = row.confidence or 0.0
        counted[row.predicate, next(band for band in _BANDS if sure >= band)] += 1
    heading = [_CHANCE.of(lang), *(f"≥ {band}" if band else f"< {_BANDS[-2]}" for band in _BANDS)]
    rows = [
        [wording.predicate(predicate).of(lang), *(str(counted[predicate, b]) for b in _BANDS)]
        for predicate in wording.PREDICATES
        if any(counted[predicate, band] for band in _BANDS)
    ]
    width = max(len(row[0]) for row in [heading, *rows])
    return "\n".join(
        f"{first:<{width}}" + "".join(f"{cell:>8}" for cell in rest)
        for first, *rest in [heading, *rows]
    )


_MATCHING = Text(nl="begrippen vergelijken", en="comparing concepts")
_CHANCE = Text(nl="kans dat beide hetzelfde zijn", en="chance that both are the same")


def _written(path: Path, subjects: int, objects: int) -> Text:
    return Text(
        nl=f"{subjects} begrippen vergeleken met {objects}; voorstellen in {path}",
        en=f"{subjects} concepts compared with {objects}; candidates in {path}",
    )


def _no_type(name: str) -> Text:
    return Text(
        nl=f"--type {name}: dit is geen webadres en geen naam zoals esco:Skill",
        en=f"--type {name}: this is no web address and no name such as esco:Skill",
    )
