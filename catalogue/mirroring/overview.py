"""The page of all mirrors: how many findings were put before holders, and what they led to."""

from collections import Counter
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from markupsafe import Markup

from catalogue import formats
from catalogue.coherence import sheets
from catalogue.coherence.sheets import Count, Row, Sheet, Things, Words, listed
from catalogue.mirroring.courses import APART, AWAITED, Course, Key
from catalogue.mirroring.overall import overall
from catalogue.page import OnPage, Page
from catalogue.pages import paged, part
from catalogue.picturing import alluvial
from catalogue.picturing.alluvial import Band, Station
from catalogue.views import Showing

SIZE = 100  # interventions on one page
LED, NOT_LED = ("led", "brings"), ("not-led", "away")
UNHEARD = {APART, AWAITED}  # no decision

router = APIRouter(prefix="/{lang}/mirror")


@router.get("")
def shown(page: OnPage) -> Response:
    """Every year in numbers and in a picture, and the interventions of one year."""
    every = overall(page.release)
    if not every.years:
        return page.html("mirrors.html", years=())
    year = _year(page, every.years)
    named = _sorted(page, year)
    pages = paged(page, len(named), SIZE)
    sheet = _sheet(page, every.courses, part(named, pages))
    rows = list(sheet.part(0, sheet.total))
    showing = Showing(page, set().union(*(row.things for row in rows)))
    return page.html(
        "mirrors.html",
        data=(f"/{page.lang}/mirror", "csv", "json"),
        data_query=f"year={year}",
        years=every.years,
        year=year,
        totals=every.totals,
        picture=_drawn(page),
        columns=sheet.columns,
        rows=rows,
        showing=showing,
        pages=pages,
        invented=every.invented,
    )


@router.get(".{suffix}")
def document(page: OnPage, suffix: str) -> Response:
    """The picture as a file of its own, or the interventions of one year as CSV or JSON.

    A long list comes page by page.
    """
    every = overall(page.release)
    if not every.years:
        raise HTTPException(404)
    if suffix == "svg":
        return Response(_drawn(page, literal=True), media_type="image/svg+xml")
    if suffix not in {"csv", "json"}:
        raise HTTPException(404)
    year = _year(page, every.years)
    sheet = _sheet(page, every.courses, _sorted(page, year))
    pages = paged(page, sheet.total, sheets.MOST)
    about = {"year": year, "page": pages.page, "pages": pages.last}
    content = sheets.write(page, suffix, sheet, about, (pages.page - 1) * sheets.MOST)
    return Response(content, media_type=formats.content_type(formats.SUFFIXES[suffix]))


def _year(page: Page, years: Sequence[int]) -> int:
    """Return the year that the address names, else the last. Raises a 404 for any other."""
    text = page.request.query_params.get("year", str(years[-1]))
    found = next((year for year in years if str(year) == text), None)
    if found is None:
        raise HTTPException(404)
    return found


def _sorted(page: Page, year: int) -> tuple[Key, ...]:
    """Return the interventions of a year by name; kept, for there may be thousands."""

    def make() -> tuple[Key, ...]:
        known = set(overall(page.release).of_year[year])
        index = page.release.index(page.form("interventions"), page.lang)
        return tuple((entry.iri, year) for entry in index if entry.iri in known)

    return page.release.computed.keep(("mirror", year, page.lang), make)


def _sheet(page: Page, every: Mapping[Key, Course], keys: Sequence[Key]) -> Sheet:
    gettext, names = page.words.gettext, _decisions(page)
    columns = {
        "intervention": gettext("Intervention"),
        "found": gettext("Found"),
        "mirrored": gettext("Put before the holder"),
        "answered": gettext("Answered"),
        "led": gettext("Led to a version"),
        "decisions": gettext("Decisions"),
        "versions": gettext("Versions"),
    }

    def row(key: Key) -> Row:
        course = every[key]
        slug = key[0].rpartition("/")[2]
        counts = course.made, course.mirrored, course.answered, len(course.led)
        decided = sorted(set(course.decisions.values()))
        return Row(
            (
                Things((key[0],)),
                *map(Count, counts),
                Words(tuple((name, names.get(name, name)) for name in decided)),
                Things(tuple(sorted(course.versions))),
            ),
            rests=frozenset(course.decisions),
            href=f"/{page.lang}/mirror/{slug}/{key[1]}",
            about=(key[0],),
        )

    return listed(columns, keys, row)


def _decisions(page: Page) -> dict[str, str]:
    """Return what the decisions are called, and what has none."""
    apart = page.words.gettext("not put before the holder")
    return {**page.release.names("decisions", page.lang), APART: apart}


def _drawn(page: Page, *, literal: bool = False) -> Markup:
    """Return the picture of all years: year, decision, whether a version followed."""
    gettext, names = page.words.gettext, _decisions(page)
    stations: tuple[Counter[alluvial.Key], ...] = Counter(), Counter(), Counter()
    bands: dict[tuple[int, alluvial.Key, alluvial.Key], list[int]] = {}
    for (year, decision, led), (count, invented) in overall(page.release).ways.items():
        heard = (decision, "away" if decision in UNHEARD else "brings")
        places = (str(year), "brings"), heard, LED if led else NOT_LED
        for of, place in zip(stations, places, strict=True):
            of[place] += count
        for column in range(2):
            band = bands.setdefault((column, places[column], places[column + 1]), [0, 0])
            band[0] += count
            band[1] += invented
    first, second, third = stations
    led_to = {LED: gettext("led to a version"), NOT_LED: gettext("no version followed so far")}
    columns = (
        {key: Station(key[0], n, _at(page, key[0], literal)) for key, n in first.items()},
        {key: Station(names.get(key[0], key[0]), n) for key, n in second.items()},
        {key: Station(led_to[key], n) for key, n in third.items()},
    )
    drawn = [
        Band(c, a, b, n, made_up, f"{columns[c][a].text} → {columns[c + 1][b].text}")
        for (c, a, b), (n, made_up) in sorted(bands.items())
    ]
    return alluvial.drawn(_words(page), columns, drawn, name="mirror", literal=literal)


def _at(page: Page, year: str, literal: bool) -> str | None:
    return None if literal else f"/{page.lang}/mirror?year={year}"


def _words(page: Page) -> alluvial.Words:
    gettext = page.words.gettext
    return alluvial.Words(
        gettext("From finding to version"),
        gettext(
            "Three columns with bands between them: the year of the findings, what the holder "
            "decided, and whether a version followed. The wider a band, the more findings. "
            "A table with the numbers of each year follows."
        ),
        (gettext("Findings of"), gettext("Decision of the holder"), gettext("What followed")),
        gettext("decided on, or led to a version"),
        gettext("no decision, or no version so far"),
        gettext("only invented examples"),
    )
