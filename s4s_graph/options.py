"""What several commands share: their options, and the release that they speak about."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from s4s_graph import release
from s4s_graph.engines.breaker import AwayError, UnpublishedError
from s4s_graph.forms import Text
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings


def _system_language() -> str:
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "nl" if next(filter(None, names), "").startswith("nl") else "en"


lang_option = click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default=_system_language,
    help="Language of what is said; follows LANG.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def current(settings: Settings, lang: str, command: str = "s4s build") -> Path:
    """Return the folder of the current release, which was looked at for damage.

    Raises ClickException when there is none, with the command that makes one.
    """
    folder = release.current(settings.releases)
    if folder is None:
        raise click.ClickException(none(settings.releases, command).of(lang))
    try:
        release.look(folder)
    except ReleaseError as error:
        message = Text(
            nl=f"{error}; `s4s releases` noemt de andere",
            en=f"{error}; `s4s releases` lists the others",
        )
        raise click.ClickException(message.of(lang)) from error
    return folder


@contextmanager
def asking(lang: str) -> Iterator[None]:
    """Turn what is wrong with an engine elsewhere into a ClickException."""
    try:
        yield
    except (AwayError, UnpublishedError) as error:
        message = Text(
            nl=f"van de release is niets te vragen: {error}",
            en=f"nothing can be asked of the release: {error}",
        )
        raise click.ClickException(message.of(lang)) from error


def none(releases: Path, command: str = "s4s build") -> Text:
    """Return what to say where there is no release."""
    return Text(
        nl=f"er is nog geen release in {releases}; maak er een met `{command}`",
        en=f"there is no release in {releases} yet; run `{command}`",
    )
