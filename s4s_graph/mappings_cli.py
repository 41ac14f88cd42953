"""The commands about mappings between vocabularies: `s4s mappings`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s4s_graph import steering
from s4s_graph.forms import Text
from s4s_graph.options import current, lang_option
from s4s_graph.problems import Problem
from s4s_graph.settings import Settings
from s4s_graph.suggest_cli import suggest_command

if TYPE_CHECKING:
    from s4s_graph.mappings.exchange import Taken
    from s4s_graph.mappings.sets import MappingSet
    from s4s_graph.store import Store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)
_FORMATS = ("tsv", "ttl", "json")
_TOLD = 50  # problems and messages on the terminal

_format = click.option(
    "--format", "form", type=click.Choice(_FORMATS), default="tsv", help="How to write them."
)
_vocabulary = click.option(
    "--vocabulary", default="", help="Only with concepts whose address has this in it: esco."
)
_output = click.option("--output", type=_NEW, help="Write to this file instead of the terminal.")


@click.group("mappings")
def mappings_group() -> None:
    """Find, decide on and exchange mappings between vocabularies (SSSOM).

    Example: s4s mappings suggest skills esco
    """


mappings_group.add_command(suggest_command)


@mappings_group.command("import")
@click.argument("file", type=_FILE)
@click.option("--into", type=_FOLDER, required=True, help="The data folder.")
@click.option("--name", help="Name of the set; else that of the file.")
@click.option("--leave-out", is_flag=True, help="Import the rest when rows cannot be read.")
@click.option("--replace", is_flag=True, help="Take the place of a set of the same name.")
@lang_option
def import_command(
    file: Path, into: Path, name: str | None, leave_out: bool, replace: bool, lang: str
) -> None:
    """Take over a mapping set of others: SSSOM as a table, JSON or RDF, or an alignment.

    Tells what is refused and where, and writes all or nothing, in our canonical form. A set whose
    name begins with `candidates` holds proposals to decide on; any other holds mappings.

    Example: s4s mappings import esco-onet.sssom.tsv --into s4s_graph/data
    """
    from s4s_graph.mappings import exchange, write
    from s4s_graph.mappings.sets import DECIDED_SET, DERIVED_SET, FOLDER, SUFFIX

    name = name or exchange.slug(file)
    if name in (DECIDED_SET, DERIVED_SET) or name != exchange.slug(Path(f"{name}{SUFFIX}")):
        raise click.UsageError(_bad_name(name).of(lang))
    target = into / FOLDER / f"{name}{SUFFIX}"
    if target.exists() and not replace:
        raise click.ClickException(_there_already(target).of(lang))
    try:
        taken = exchange.taken(file, name)
        _tell(taken, lang)
        if not taken.set.mappings or (taken.problems and not leave_out):
            click.echo((_NOTHING if leave_out else _NOT_ALL).of(lang))
            sys.exit(1)
        if wrong := exchange.refused(taken.set):
            raise click.ClickException("\n".join(wrong[:_TOLD]))
        write.write(taken.set, target)
    except exchange.ExchangeError as error:
        raise click.ClickException(error.message.of(lang)) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_written(target, len(taken.set.mappings)).of(lang))


@mappings_group.command("export")
@_format
@_vocabulary
@_output
@lang_option
@click.pass_obj
def export_command(
    settings: Settings, form: str, vocabulary: str, output: Path | None, lang: str
) -> None:
    """Write the accepted mappings of the current release as SSSOM, those in tables included.

    Example: s4s mappings export --vocabulary esco --output esco.sssom.tsv
    """
    from s4s_graph.mappings import released

    _export(settings, form, output, lang, released.accepted, vocabulary)


@mappings_group.command("derive")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", *_FORMATS)),
    default="text",
    help="As text to read, or as SSSOM.",
)
@_vocabulary
@_output
@lang_option
@click.pass_obj
def derive_command(
    settings: Settings, form: str, vocabulary: str, output: Path | None, lang: str
) -> None:
    """Show what follows from the mappings of the current release, and from which.

    Nobody decided on these: they stand apart, and give no match of their own.

    Example: s4s mappings derive --vocabulary esco
    """
    from s4s_graph.mappings import released

    if form == "text":
        _deliver(_derivations(settings, vocabulary, lang), output)
    else:
        _export(settings, form, output, lang, released.derived, vocabulary)


def _export(
    settings: Settings,
    form: str,
    output: Path | None,
    lang: str,
    of: Callable[["Store", str, str, str], "MappingSet"],
    vocabulary: str,
) -> None:
    store, base = _store(settings, lang), settings.base
    _deliver(_as_text(of(store, base, lang, vocabulary), form, store, base), output)


def _as_text(mapping_set: "MappingSet", form: str, store: "Store", base: str) -> str:
    from s4s_graph.mappings import write

    if form == "tsv":
        return write.text(mapping_set, base)
    if form == "json":
        return write.document(mapping_set, base)
    import pyoxigraph as ox

    from s4s_graph import documents
    from s4s_graph.mappings import quads

    said = (triple for triple, _, _ in quads.triples(mapping_set, base))
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in said)
    return documents.write(dataset, "text/turtle", store.prefixes).decode()


def _derivations(settings: Settings, vocabulary: str, lang: str) -> str:
    from s4s_graph.mappings import released, wording

    store = _store(settings, lang)
    found = [
        each
        for each in released.derivations(store, settings.base)
        if any(vocabulary.lower() in end.lower() for end in each.mapping.pair)
    ]
    named = {end for each in found for step in each.steps for end in (step[0], step[2])}
    labels = {iri: label.text for iri, label in store.labels(named, lang).items()}

    def sentence(subject: str, predicate: str, value: str) -> str:
        said = wording.predicate(predicate).of(lang)
        return f"{labels.get(subject, subject)} {said} {labels.get(value, value)}"

    lines = []
    for each in found:
        one = each.mapping
        sure = "" if one.confidence is None else f" ({one.confidence:g})"
        lines.append(f"{sentence(one.subject, one.predicate, one.object)}{sure}")
        lines.extend(f"    {_BECAUSE.of(lang)} {sentence(*step)}" for step in each.steps)
    return "\n".join(lines or [_NONE_DERIVED.of(lang)]) + "\n"


def _store(settings: Settings, lang: str) -> "Store":
    from s4s_graph.store import Store

    return Store.open(current(settings, lang), memory_quads=settings.memory_quads)


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(steering.for_stdout(text), nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _tell(taken: "Taken", lang: str) -> None:
    for problem in sorted(taken.problems, key=Problem.order)[:_TOLD]:
        click.echo(problem.text(lang), err=True)
    if len(taken.problems) > _TOLD:
        click.echo(_and_more(len(taken.problems) - _TOLD).of(lang), err=True)
    for message in taken.dropped[:_TOLD]:
        click.echo(steering.line(f"sssom-py: {message}"), err=True)
    click.echo(_counted(taken.rows, len(taken.set.mappings)).of(lang))


def _counted(rows: int, kept: int) -> Text:
    return Text(
        nl=f"rijen: {rows}, bruikbaar: {kept}, geweigerd: {rows - kept}",
        en=f"rows: {rows}, usable: {kept}, refused: {rows - kept}",
    )


def _and_more(number: int) -> Text:
    return Text(nl=f"en nog {number} problemen", en=f"and {number} more problems")


def _written(path: Path, number: int) -> Text:
    return Text(
        nl=f"{number} verbanden geschreven naar {path}", en=f"{number} mappings written to {path}"
    )


def _there_already(path: Path) -> Text:
    return Text(
        nl=f"{path} is er al; kies een andere --name, of vervang de set met --replace",
        en=f"{path} is there already; choose another --name, or replace the set with --replace",
    )


def _bad_name(name: str) -> Text:
    return Text(
        nl=f"een set kan niet '{name}' heten: gebruik kleine letters, cijfers en streepjes, "
        "en niet 'decided' of 'derived'",
        en=f"a set cannot be called '{name}': use small letters, digits and hyphens, "
        "and not 'decided' or 'derived'",
    )


_NOT_ALL = Text(
    nl="er is niets geschreven; verbeter het bestand, of laat met --leave-out weg wat niet kan",
    en="nothing was written; correct the file, or use --leave-out to leave out what cannot be read",
)
_NOTHING = Text(
    nl="er is niets geschreven: geen enkele rij is te lezen",
    en="nothing was written: no row can be read",
)
_BECAUSE = Text(nl="want", en="because")
_NONE_DERIVED = Text(
    nl="uit de verbanden van deze release volgen geen andere",
    en="no mappings follow from those of this release",
)
