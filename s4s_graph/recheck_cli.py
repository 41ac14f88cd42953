"""The options of `s4s check` about engines and changes, and what the latter prints."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from s4s_graph import steering
from s4s_graph.forms import FormsError, Text
from s4s_graph.problems import Problem, Standing, blocking
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from s4s_graph.rechecking import Rechecked

engine_option = click.option(
    "--engine",
    type=click.Choice(["pyshacl", "sparql"]),
    help="What holds the graph against the shapes; else its size decides.",
)
since_option = click.option(
    "--changed-since",
    "since",
    metavar="RELEASE|COMMIT",
    help="Check only what changed since, and what depends on it.",
)


def run_since(settings: Settings, name: str, as_json: bool, lang: str) -> bool | None:
    """Check what changed and tell it; return whether it may go out.

    Returns None, and says why, when everything has to be checked. Raises ClickException.
    """
    from s4s_graph.commits import UnknownError
    from s4s_graph.rechecking import recheck
    from s4s_graph.release import ReleaseError
    from s4s_graph.since import WholeError

    try:
        found = recheck(name, settings)
    except WholeError as error:
        click.echo(_whole(error.message).of(lang), err=True)
        return None
    except UnknownError as error:
        raise click.BadParameter(f"{name}: {error.message.of(lang)}") from error
    except (FormsError, SyntaxError, OSError, ReleaseError) as error:
        raise click.ClickException(str(error)) from error
    errors = len(blocking(found.problems))
    if as_json:
        document = {"result": "refused" if errors else "checked", "since": name, **asdict(found)}
        click.echo(steering.as_json(document))
        return not errors
    for problem in sorted(found.problems, key=Problem.order):
        click.echo(problem.text(lang), err=True)
    click.echo(_summary(found, errors).of(lang))
    if errors:
        click.echo(Standing.of(found.rows, found.problems).text().of(lang))
    return not errors


def _summary(found: "Rechecked", errors: int) -> Text:
    warnings = len(found.problems) - errors
    return Text(
        nl=f"fouten: {errors}, waarschuwingen: {warnings}; nieuwe uitspraken: {found.came}, "
        f"vervallen: {found.went}, opnieuw nagekeken dingen: {found.nodes}",
        en=f"errors: {errors}, warnings: {warnings}; new statements: {found.came}, "
        f"gone: {found.went}, things checked again: {found.nodes}",
    )


def _whole(why: Text) -> Text:
    return Text(nl=f"alles wordt nagekeken: {why.nl}", en=f"everything is checked: {why.en}")
