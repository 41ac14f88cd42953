"""The commands about the releases that there are: `s4s releases`, `use` and `verify`."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from s4s_graph import release
from s4s_graph.forms import Text
from s4s_graph.options import json_option, lang_option, none
from s4s_graph.release import BusyError, ReleaseError
from s4s_graph.settings import Settings

restricted_option = click.option(
    "--restricted", is_flag=True, help="Those with everything, made by s4s build --restricted."
)


@dataclass(frozen=True)
class _Listed:
    """What is known of a release without reading all of it; `damage` is None when it looks well.

    date: when it was built, by the clock of then.
    """

    id: str
    date: str | None
    quads: int | None
    current: bool
    damage: str | None


@click.group("releases", invoke_without_command=True)
@click.pass_context
def releases_group(context: click.Context) -> None:
    """List the releases that there are, go back to one, or check what is on disk.

    Example: s4s releases
    """
    if context.invoked_subcommand is None:
        context.invoke(list_command)


@releases_group.command("list")
@restricted_option
@json_option
@lang_option
@click.pass_obj
def list_command(settings: Settings, restricted: bool, as_json: bool, lang: str) -> None:
    """List the releases, the last one made first: date, statements, and which one is served.

    Their files are there, and the smaller ones were read; `s4s releases verify` reads all.

    Example: s4s releases list --restricted
    """
    folder = _folder(settings, restricted)
    listed = list(_listed(folder))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in listed], indent=2))
    elif not listed:
        raise click.ClickException(_none(folder, restricted).of(lang))
    for one in () if as_json else listed:
        click.echo(_line(one).of(lang).rstrip())


@releases_group.command("use")
@click.argument("id_", metavar="ID")
@restricted_option
@lang_option
@click.pass_obj
def use_command(settings: Settings, id_: str, restricted: bool, lang: str) -> None:
    """Make a release the current one, such as the one before; it is read in full first.

    A site that runs serves it from the next request on. The next build makes a new one.

    Example: s4s releases use 4d5a54828d1a1bef
    """
    releases = _folder(settings, restricted)
    folder = _named(releases, id_, restricted, lang)
    try:
        with release.writing(releases):
            release.verify(folder)
            if release.read_manifest(folder / release.MANIFEST).is_restricted != restricted:
                raise click.ClickException(_misplaced(id_).of(lang))
            release.point(releases, folder.name)
    except BusyError as error:
        raise click.ClickException(_busy(releases).of(lang)) from error
    except (ReleaseError, OSError) as error:
        raise click.ClickException(_refused(id_, error).of(lang)) from error
    done = Text(nl=f"{id_} is nu de release", en=f"{id_} is the current release now")
    click.echo(done.of(lang), err=True)


@releases_group.command("verify")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@restricted_option
@lang_option
@click.pass_obj
def verify_command(settings: Settings, ids: tuple[str, ...], restricted: bool, lang: str) -> None:
    """Read every file of releases, or of all of them, and hold it against its checksum.

    Ends with 1 when a release is not what was built. Some 600 MB a second.

    Example: s4s releases verify
    """
    releases = _folder(settings, restricted)
    folders = [_named(releases, id_, restricted, lang) for id_ in ids] or release.all_in(releases)
    if not folders:
        raise click.ClickException(_none(releases, restricted).of(lang))
    damaged = False
    for folder in folders:
        try:
            release.verify(folder)
            whole = Text(nl="heel", en="whole")
            click.echo(f"{folder.name}  {whole.of(lang)}")
        except ReleaseError as error:
            damaged = True
            click.echo(_refused(folder.name, error).of(lang), err=True)
    if damaged:
        raise click.exceptions.Exit(1)


def _folder(settings: Settings, restricted: bool) -> Path:
    return settings.restricted_releases if restricted else settings.releases


def _named(releases: Path, id_: str, restricted: bool, lang: str) -> Path:
    known = {folder.name: folder for folder in release.all_in(releases)}
    if not known:
        raise click.ClickException(_none(releases, restricted).of(lang))
    if id_ not in known:
        names = ", ".join(known)
        unknown = Text(
            nl=f"er is geen release {id_} in {releases}; kies uit {names}",
            en=f"there is no release {id_} in {releases}; use one of {names}",
        )
        raise click.ClickException(unknown.of(lang))
    return known[id_]


def _listed(releases: Path) -> Iterator[_Listed]:
    current = release.current(releases)
    for folder in release.all_in(releases):
        path = folder / release.MANIFEST
        date = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        quads = damage = None
        try:
            quads = release.read_manifest(path).quads
            release.look(folder)
        except ReleaseError as error:
            damage = str(error)
        is_current = current is not None and current.name == folder.name
        yield _Listed(folder.name, date, quads, is_current, damage)


def _line(one: _Listed) -> Text:
    start = f"{one.id}  {one.date}  {'?' if one.quads is None else one.quads:>11}  "
    damage = f"beschadigd: {one.damage}", f"damaged: {one.damage}"
    whole = ("heel", "whole") if one.damage is None else damage
    current = ("huidige", "current") if one.current else ("", "")
    nl, en = (f"{start}{first:<8} {rest}" for first, rest in zip(current, whole, strict=True))
    return Text(nl=nl, en=en)


def _none(releases: Path, restricted: bool) -> Text:
    return none(releases, "s4s build --restricted" if restricted else "s4s build")


def _busy(releases: Path) -> Text:
    return Text(
        nl=f"er wordt nu een release gemaakt in {releases}; wacht tot dat klaar is",
        en=f"a release is being made in {releases}; wait until that is done",
    )


def _misplaced(id_: str) -> Text:
    return Text(
        nl=f"{id_} staat in de verkeerde map: openbaar en besloten zijn niet te verwisselen",
        en=f"{id_} is in the wrong folder: public and restricted cannot take each other's place",
    )


def _refused(id_: str, error: Exception) -> Text:
    return Text(
        nl=f"release {id_} kan niet gebruikt worden: {error}",
        en=f"release {id_} cannot be used: {error}",
    )
