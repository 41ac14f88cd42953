"""The commands about a data folder as a whole: `s4s build` and `s4s check`."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s4s_graph import release, steering
from s4s_graph.forms import Text
from s4s_graph.intake_cli import write_reports
from s4s_graph.options import json_option, lang_option
from s4s_graph.problems import Problem, Standing, blocking
from s4s_graph.recheck_cli import engine_option, run_since, since_option
from s4s_graph.reporter import Reporter
from s4s_graph.settings import Settings
from s4s_graph.vocabularies.closure import CLOSURES, Closure

if TYPE_CHECKING:
    from s4s_graph.build import Result

_NEW = click.Path(dir_okay=False, writable=True, path_type=Path)

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
_strict = click.option(
    "--strict", is_flag=True, help="Stop when a company stands out, instead of saying less of it."
)


@click.command("build")
@_without_illustrative
@_closure
@_strict
@click.option("--restricted", is_flag=True, help="Also make a release with all that is restricted.")
@json_option
@lang_option
@click.pass_obj
def build_command(
    settings: Settings,
    without_illustrative: bool,
    closure: Closure,
    strict: bool,
    restricted: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Check the data folder and make a new release of it.

    Example: s4s build --lang nl
    """
    from s4s_graph import build

    building = partial(build.build, closure=closure, strict=strict, restricted=restricted)
    _run(building, settings, without_illustrative, as_json, lang)


@click.command("check")
@_without_illustrative
@_closure
@_strict
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
    strict: bool,
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

    if since and (annotate or report or without_illustrative or strict):
        raise click.UsageError("--changed-since goes with --json and --lang only")
    if since and (fine := run_since(settings, since, as_json, lang)) is not None:
        sys.exit(not fine)

    def told(result: "Result") -> None:
        write_reports(settings, result, annotate, report, lang)

    chosen = shacl.Engine(engine) if engine else None
    checking = partial(build.check, closure=closure, strict=strict, engine=chosen)
    _run(checking, settings, without_illustrative, as_json, lang, told)


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
        click.echo(steering.as_json(_document(result)))
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
    if apart := len({change.company for change in result.outcome.changes}):
        click.echo(_less(apart, result).of(lang))
    if errors:
        click.echo(Standing.of(result.rows, result.problems).text().of(lang))
    if result.release:
        published = Text(nl="release klaar", en="release ready")
        click.echo(f"{published.of(lang)}: {result.release}")
    if result.restricted:
        kept = Text(nl="vertrouwelijke release klaar", en="restricted release ready")
        click.echo(f"{kept.of(lang)}: {result.restricted}")


def _less(companies: int, result: "Result") -> Text:
    where = f": {result.release}/{release.DISCLOSURE_PAGE}" if result.release else ""
    return Text(
        nl=f"bedrijven die eruit sprongen en waarvan de release minder zegt: {companies}{where}",
        en=f"companies that stood out and of which the release says less: {companies}{where}",
    )


def _document(result: "Result") -> dict[str, Any]:
    if blocking(result.problems):
        outcome = "refused"
    else:
        outcome = "released" if result.release else "checked"
    return {
        "result": outcome,
        "release": result.release.name if result.release else None,
        "restricted": result.restricted.name if result.restricted else None,
        "less_said_of": len({change.company for change in result.outcome.changes}),
        "counts": asdict(result.counts),
        "rows": asdict(Standing.of(result.rows, result.problems)),
        "problems": [asdict(problem) for problem in result.problems],
    }
