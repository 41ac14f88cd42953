"""What a page about coherence looks at: one level, in one year or in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, HTTPException

from catalogue.page import OnPage
from s4s_graph.coherence.model import Level
from s4s_graph.coherence.summary import LEVELS, Report

# The kinds come first: that is where the reported evidence is.
DEFAULT: Level = "kinds"


@dataclass(frozen=True)
class Where:
    """One level and one year (None: all years together) of one release, in one language."""

    lang: str
    report: Report
    years: tuple[int, ...]

    @property
    def year(self) -> int | None:
        """The year that is looked at."""
        return self.report.year

    @property
    def level(self) -> Level:
        """The level that is looked at."""
        return self.report.level

    def to(self, path: str = "", **more: str) -> str:
        """Return the address of a page about coherence that looks at the same."""
        return address(self.lang, path, self.level, self.year, more)

    def at(self, path: str, level: Level, year: int | None, more: Mapping[str, str]) -> str:
        """Return the address of a page about coherence that looks elsewhere."""
        return address(self.lang, path, level, year, more)

    def pair(self, origin: str, target: str) -> str:
        """Return the address of the page about how two interventions, or kinds, hang together."""
        names = {"from": place(origin), "to": place(target)}
        return address(self.lang, "pair", self.level, self.year, names)


def address(lang: str, path: str, level: Level, year: int | None, more: Mapping[str, str]) -> str:
    """Return the address of a page about coherence; what is the default is left out."""
    given = dict(more)
    if level != DEFAULT:
        given["level"] = level
    if year is not None:
        given["year"] = str(year)
    query = f"?{urlencode(given, quote_via=quote, safe='/')}" if given else ""
    return f"/{lang}/coherence{'/' if path else ''}{path}{query}"


def place(iri: str) -> str:
    """Return the name of a thing in an address: its segment and slug."""
    return "/".join(iri.split("/")[-2:])


async def _where(page: OnPage) -> Where:
    computed, given = page.release.computed, page.request.query_params
    level = next((name for name in LEVELS if name == given.get("level", DEFAULT)), None)
    named = {str(year): year for year in computed.years}
    year = given.get("year", "")
    if level is None or (year and year not in named):
        raise HTTPException(404)
    report = computed.summary.report(named.get(year), level)
    if report is None:
        raise HTTPException(404)
    return Where(page.lang, report, computed.years)


OnWhere = Annotated[Where, Depends(_where)]
