"""Citing a thing as it is in one release: in words, and for reference managers."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats, records
from catalogue.live import SLUG, Release
from catalogue.page import OnPage, Page
from s4s_graph import release as releases
from s4s_graph.settings import Settings

SITE = "Skills4Skills"
TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
# What TeX reads as more than a letter, and how it is written to be one.
TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "{}#$%&_"},
}

router = APIRouter()


@dataclass(frozen=True)
class Citation:
    """What a reference says; `uri` is the name of the thing with the release it was read in."""

    key: str
    title: str
    author: str
    issued: date
    release: str
    uri: str
    lang: str

    def bibtex(self) -> str:
        """Return a BibTeX entry; in the address only what would end it is written otherwise."""
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": f"{{{_tex(self.author)}}}",
            "year": str(self.issued.year),
            "month": str(self.issued.month),
            "publisher": SITE,
            "version": self.release,
            "note": f"Release {self.release}",
            "url": self.uri.replace("{", "%7B").replace("}", "%7D"),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}}}\n"

    def ris(self) -> str:
        """Return a RIS record: a tag, two spaces, a hyphen and a value on each line."""
        lines = [
            ("TY", "DATA"),
            ("TI", _line(self.title)),
            ("AU", _line(self.author)),
            ("PB", SITE),
            ("PY", str(self.issued.year)),
            ("DA", self.issued.strftime("%Y/%m/%d")),
            ("ET", self.release),
            ("LA", self.lang),
            ("UR", self.uri),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)

    def csl(self) -> list[dict[str, object]]:
        """Return a list of one item of CSL-JSON 1.0."""
        issued = [self.issued.year, self.issued.month, self.issued.day]
        return [
            {
                "id": self.key,
                "type": "dataset",
                "title": _line(self.title),
                "author": [{"literal": _line(self.author)}],
                "publisher": SITE,
                "issued": {"date-parts": [issued]},
                "version": self.release,
                "language": self.lang,
                "URL": self.uri,
            }
        ]


@router.get("/{lang}/{table}/{slug}.bib")
def bibtex(page: OnPage, table: str, slug: str) -> Response:
    """The citation of a thing as BibTeX."""
    return _file(_known(page, table, slug).bibtex().encode(), "bib")


@router.get("/{lang}/{table}/{slug}.ris")
def ris(page: OnPage, table: str, slug: str) -> Response:
    """The citation of a thing as RIS."""
    return _file(_known(page, table, slug).ris().encode(), "ris")


@router.get("/{lang}/{table}/{slug}.csl.json")
def csl(page: OnPage, table: str, slug: str) -> Response:
    """The citation of a thing as CSL-JSON."""
    return _file(formats.write_json(_known(page, table, slug).csl()), "csl.json")


def issued(release: Release) -> date:
    """Return the day that a release was put here."""
    made = (release.path / releases.MANIFEST).stat().st_mtime
    return datetime.fromtimestamp(int(made), UTC).date()


def citation(page: Page, iri: str, title: str) -> Citation:
    """Return how to cite a thing.

    The date is that of the release as it was put here: nothing says when one thing was changed.
    """
    settings: Settings = page.request.app.state.settings
    segment, _, slug = iri.removeprefix(f"{page.release.base}id/").partition("/")
    return Citation(
        key=f"s4s-{segment}-{slug}",
        title=title,
        author=settings.organisation or SITE,
        issued=issued(page.release),
        release=page.release.id,
        uri=f"{iri}?release={page.release.id}",
        lang=page.lang,
    )


def _known(page: Page, table: str, slug: str) -> Citation:
    form = page.form(table)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if not record:
        raise HTTPException(404)
    label = page.release.store.labels([record.iri], page.lang).get(record.iri)
    return citation(page, record.iri, (label or page.release.name(record.iri)).text)


def _file(content: bytes, suffix: str) -> Response:
    return Response(content, headers={"Content-Type": f"{TYPES[suffix]}; charset=utf-8"})


def _line(text: str) -> str:
    """Return a text without what would begin a new line."""
    return re.sub(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).strip()


def _tex(text: str) -> str:
    return "".join(TEX.get(letter, letter) for letter in _line(text))
