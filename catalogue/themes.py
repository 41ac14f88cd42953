"""How the site looks: the theme of who runs it, and the reader's choice between light and dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from s4s_graph.settings import Settings

COOKIE = "theme"
CHOICES = ("light", "dark")


@dataclass(frozen=True)
class Theme:
    """The theme of the organisation that runs the site: tokens of NL Design System, mostly."""

    css: str
    classes: str

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Return the theme that the settings name; its CSS is empty where they name none."""
        css = settings.theme_css.read_text(encoding="utf-8") if settings.theme_css else ""
        return cls(css, settings.theme_class)


def chosen(cookies: Mapping[str, str]) -> str:
    """Return "light" or "dark" if the reader chose it, else nothing: the computer decides."""
    choice = cookies.get(COOKIE, "")
    return choice if choice in CHOICES else ""
