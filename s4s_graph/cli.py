"""The command line: `s4s build`, `check`, `ask`, `serve`, and those about coherence."""

import json
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s4s_graph import __version__, answers, files_cli, questions, release, review_cli
from s4s_graph.answers import Sheet
from s4s_graph.coherence_cli import coherence_command, improve_command, route_command
from s4s_graph.forms import Forms, FormsError, Text
from s4s_graph.import_cli import import_command
from s4s_graph.intake_cli import template_command, write_reports
from s4s_graph.mappings_cli import mappings_group
from s4s_graph.options import current, json_option, lang_option
from s4s_graph.problems import Problem, Standing, blocking
from s4s_graph.questions import Question, QuestionError, ValueRefusedError
from s4s_graph.recheck_cli import engine_option, run_since, since_option
from s4s_graph.reporter import Reporter
from s4s_graph.settings import Settings, SettingsError
from s4s_graph.store import Iri, Store, Term
from s4s_graph.vocabularies.closure import CLOSURES, Closure
from s4s_graph.vocabulary_cli import vocabulary_command

if TYPE_CHECKING:
    from fastapi import FastAPI

    from s4s_graph.build import Result
    from s4s_graph.mappings.known import Known
    from s4s_graph.mappings.reviewing import Review

_INVENTED = "SELECT ?thing WHERE { ?thing s4s:dataStatus data-status:illustrative }"
_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_without_illustrative = click.option(
    "--without-illustrative", is_flag=True, help="Leave out everything that was invented."
)
_closure = click.option(
    "--closure",
    type=click.Choice(CLOSURES),
    default="used",
    show_default=True,
    help="How much of vocabularies goes along: what our skills are linked to, or all.",
)


@click.group()
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """From a data folder to a checked graph, and the questions asked of it."""
    try:
        context.obj = Settings.from_environment()
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


@main.command("build")
@_without_illustrative
@_closure
@json_option
@lang_option
@click.pass_obj
def build_command(
    settings: Settings, without_illustrative: bool, closure: Closure, as_json: bool, lang: str
) -> None:
    """Check the data folder and make a new release of it."""
    from s4s_graph import build

    _run(partial(build.build, closure=closure), settings, without_illustrative, as_json, lang)


@main.command("check")
@_without_illustrative
@_closure
@click.option("--annotate", type=_NEW, help="Copy the tables to this .xlsx, what is wrong marked.")
@click.option("--report", type=_NEW, help="Write what is wrong to this HTML page.")
@engine_option
@since_option
@json_option
@lang_option
@click.pass_obj
def check_command(
    settings: Settings,
    without_illustrative: bool,
    closure: Closure,
    annotate: Path | None,
    report: Path | None,
    engine: str | None,
    since: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check the data folder; write nothing but the reports that are asked for.

    Example: s4s check --lang nl --annotate marked.xlsx
    """
    from s4s_graph import build, shacl

    if since and (annotate or report or without_illustrative):
        raise click.UsageError("--changed-since goes with --json and --lang only")
    if since and (fine := run_since(settings, since, as_json, lang)) is not None:
        sys.exit(not fine)

    def told(result: "Result") -> None:
        write_reports(settings, result, annotate, report, lang)

    chosen = shacl.Engine(engine) if engine else None
    checking = partial(build.check, closure=closure, engine=chosen)
    _run(checking, settings, without_illustrative, as_json, lang, told)


@main.command("ask")
@click.argument("name", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="How to print the answer.",
)
@lang_option
@click.pass_obj
def ask_command(
    settings: Settings, name: str | None, params: tuple[str, ...], form: str, lang: str
) -> None:
    """Answer a stored question; without NAME, list them."""
    folder = current(settings, lang)
    try:
        forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
        known = questions.load(settings.ontology / "questions", forms)
    except (FormsError, QuestionError) as error:
        raise click.ClickException(str(error)) from error
    if name is None:
        click.echo(_listed(known.values(), lang), nl=False)
        return
    if name not in known:
        raise click.UsageError(_unknown_question(name, known).of(lang))
    try:
        bound = known[name].bind(_pairs(params, lang), lang, settings.base)
    except ValueRefusedError as error:
        raise click.UsageError(error.sentence.of(lang)) from error
    store = Store.open(folder, memory_quads=settings.memory_quads)
    sheet = _sheet(store, known[name], bound, lang)
    click.echo(_written(sheet, known[name], form, lang), nl=False)


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
@click.option("--host", help="Address to listen on; else S4S_HOST.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port; else S4S_PORT.")
@lang_option
@click.pass_obj
def serve_command(
    settings: Settings,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    named: bool,
    host: str | None,
    port: int | None,
    lang: str,
) -> None:
    """Serve the current release as a web site, or any RDF files.

    \b
    s4s serve
    s4s serve --file *.ttl dump.nq.gz

    Files may be Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, also with .gz behind it.
    They are served as they are, to be read only, until the command ends: a page for everything
    in them, and the SPARQL endpoint. A temporary store of them takes some 300 bytes for each
    statement, in the folder that TMPDIR names.
    """
    if files:
        from catalogue.sparql import files as site

        with files_cli.loaded((*files, *more), named=named, lang=lang) as loaded:
            _serve(site.create(loaded, settings), settings, host, port)
    elif more or named:
        raise click.UsageError(f"{more[0] if more else '--named'} goes with --file")
    else:
        from catalogue import app

        current(settings, lang)
        _serve(app.create(settings), settings, host, port)


def _serve(site: "FastAPI", settings: Settings, host: str | None, port: int | None) -> None:
    # The other commands need no web server, and start sooner without it.
    import uvicorn

    uvicorn.run(site, host=host or settings.host, port=settings.port if port is None else port)


def _review_site(
    review: "Review", known: "Known", token: str, settings: Settings
) -> "FastAPI":
    from catalogue.mapping import review as site

    return site.create(review, known, token, settings)


mappings_group.add_command(review_cli.command(_review_site))
for _command in (
    template_command,
    import_command,
    coherence_command,
    route_command,
    improve_command,
    vocabulary_command,
    mappings_group,
):
    main.add_command(_command)


def _run(
    command: Callable[..., "Result"],
    settings: Settings,
    without_illustrative: bool,
    as_json: bool,
    lang: str,
    also: Callable[["Result"], None] = lambda result: None,
) -> None:
    from s4s_graph.build import BuildError

    progress = Reporter(lang, sys.stderr.isatty())
    try:
        result = command(settings, without_illustrative=without_illustrative, progress=progress)
    except BuildError as error:
        progress.end()
        raise click.ClickException(error.message.of(lang)) from error
    progress.end()
    if as_json:
        click.echo(json.dumps(_document(result), ensure_ascii=False, indent=2))
    else:
        _tell(result, lang)
    also(result)
    if blocking(result.problems):
        sys.exit(1)


def _tell(result: "Result", lang: str) -> None:
    for problem in sorted(result.problems, key=Problem.order):
        click.echo(problem.text(lang), err=True)
    errors = len(blocking(result.problems))
    warnings = len(result.problems) - errors
    things, quads = sum(result.counts.things.values()), result.counts.quads
    summary = Text(
        nl=f"fouten: {errors}, waarschuwingen: {warnings}, dingen: {things}, quads: {quads}",
        en=f"errors: {errors}, warnings: {warnings}, things: {things}, quads: {quads}",
    )
    click.echo(summary.of(lang))
    if errors:
        click.echo(Standing.of(result.rows, result.problems).text().of(lang))
    if result.release:
        published = Text(nl="release klaar", en="release ready")
        click.echo(f"{published.of(lang)}: {result.release}")


def _document(result: "Result") -> dict[str, Any]:
    if blocking(result.problems):
        outcome = "refused"
    else:
        outcome = "released" if result.release else "checked"
    return {
        "result": outcome,
        "release": result.release.name if result.release else None,
        "counts": asdict(result.counts),
        "rows": asdict(Standing.of(result.rows, result.problems)),
        "problems": [asdict(problem) for problem in result.problems],
    }


def _pairs(params: tuple[str, ...], lang: str) -> dict[str, str]:
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            message = Text(
                nl=f"'{param}' is geen naam=waarde, zoals sector=nace-25",
                en=f"'{param}' is not name=value, such as sector=nace-25",
            )
            raise click.UsageError(message.of(lang))
        pairs[name] = value
    return pairs


def _listed(known: Collection[Question], lang: str) -> str:
    width = max((len(question.name) for question in known), default=0)
    lines = (f"{question.name:{width}}  {question.title.of(lang)}\n" for question in known)
    return "".join(lines)


def _unknown_question(name: str, known: Mapping[str, Question]) -> Text:
    near = ", ".join(get_close_matches(name, known, n=3)) or ", ".join(known)
    return Text(
        nl=f"er is geen vraag '{name}'; bedoelt u {near}?",
        en=f"there is no question '{name}'; did you mean {near}?",
    )


def _written(sheet: Sheet, question: Question, form: str, lang: str) -> str:
    if form == "json":
        return answers.as_json(sheet, question=question.name, title=question.title.of(lang))
    return answers.as_csv(sheet) if form == "csv" else answers.as_table(sheet)


def _sheet(store: Store, question: Question, bound: Mapping[str, Term], lang: str) -> Sheet:
    answer = store.answer(question.text, **bound)
    columns = {name: heading.of(lang) for name, heading in question.columns.items()}
    places = [answer.columns.index(name) for name in columns]
    rows = [tuple(row[place] for place in places) for row in answer.rows]
    iris = {term.value for row in rows for term in row if isinstance(term, Iri)}
    invented = {row[0].value for row in store.answer(_INVENTED).rows if row[0]}
    return Sheet(columns, rows, store.labels(iris, lang), invented)
