"""The commands about who may see the restricted release: `s4s token add`, `list`, `revoke`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from s4s_graph import access
from s4s_graph.access import AccessError, Person
from s4s_graph.forms import Text
from s4s_graph.options import json_option, lang_option
from s4s_graph.settings import Settings


@click.group("token")
def token_group() -> None:
    """Say who may see the restricted release, what of it, and until when.

    Example: s4s token add j.jansen --scope all --days 90
    """


@token_group.command("add")
@click.argument("name")
@click.option(
    "--scope", required=True, help="all, or holder:ID for the cases of one holder's interventions."
)
@click.option(
    "--days", type=click.IntRange(1, 366), default=90, show_default=True, help="Until it expires."
)
@click.option("--by-proxy", is_flag=True, help="Give no token: a trusted proxy says who it is.")
@lang_option
@click.pass_obj
def add_command(
    settings: Settings, name: str, scope: str, days: int, by_proxy: bool, lang: str
) -> None:
    """Admit someone, and print their token once: it is kept nowhere.

    Example: s4s token add j.jansen --scope holder:opleidingsfonds --days 30
    """
    try:
        token = access.add(settings.tokens, name, scope, days, by_proxy=by_proxy)
    except AccessError as error:
        raise click.ClickException(error.message.of(lang)) from error
    nl, en = ("1 dag", "1 day") if days == 1 else (f"{days} dagen", f"{days} days")
    until = Text(nl=f"{name} heeft toegang, {nl}", en=f"{name} is admitted for {en}")
    click.echo(until.of(lang), err=True)
    if token:
        click.echo(token)


@token_group.command("list")
@json_option
@lang_option
@click.pass_obj
def list_command(settings: Settings, as_json: bool, lang: str) -> None:
    """List everyone who has or had access; nobody's token.

    Example: s4s token list
    """
    try:
        people = access.Register(settings.tokens).people
    except AccessError as error:
        raise click.ClickException(error.message.of(lang)) from error
    if as_json:
        told = [{k: v for k, v in asdict(one).items() if k != "sha256"} for one in people]
        click.echo(json.dumps(told, indent=2))
        return
    for person in people:
        click.echo(f"{person.name}  {person.scope}  {_standing(person).of(lang)}")


@token_group.command("revoke")
@click.argument("name")
@lang_option
@click.pass_obj
def revoke_command(settings: Settings, name: str, lang: str) -> None:
    """Shut someone out; a site that runs does so from the next request on.

    Example: s4s token revoke j.jansen
    """
    try:
        access.revoke(settings.tokens, name)
    except AccessError as error:
        raise click.ClickException(error.message.of(lang)) from error
    done = Text(nl=f"{name} heeft geen toegang meer", en=f"{name} is no longer admitted")
    click.echo(done.of(lang), err=True)


def _standing(person: Person) -> Text:
    day = (person.revoked or person.expires)[:10]
    if person.revoked:
        return Text(nl=f"ingetrokken op {day}", en=f"revoked on {day}")
    if not person.is_admitted(datetime.now(UTC)):
        return Text(nl=f"verlopen op {day}", en=f"expired on {day}")
    how = Text(nl="", en="") if person.sha256 else Text(nl=", via de proxy", en=", by the proxy")
    return Text(nl=f"tot {day}{how.nl}", en=f"until {day}{how.en}")
