"""What several commands share: their options, and the release that they speak about."""

import os
from pathlib import Path

import click

from s4s_graph import release
from s4s_graph.forms import Text
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
    """Return the folder of the current release.

    Raises ClickException when there is none, with the command that makes one.
    """
    folder = release.current(settings.releases)
    if folder is None:
        message = Text(
            nl=f"er is nog geen release in {settings.releases}; maak er een met `{command}`",
            en=f"there is no release in {settings.releases} yet; run `{command}`",
        )
        raise click.ClickException(message.of(lang))
    return folder
