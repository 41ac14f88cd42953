"""The data as a whole: the page about it, its record for other catalogues, and its files."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, Response

from catalogue import citing, formats, i18n, linked_data, schema_org
from catalogue.citing import Citation
from catalogue.live import Release, query
from catalogue.page import OnPage, Page
from s4s_graph import dataset, record
from s4s_graph import release as releases
from s4s_graph.counts import Statistics
from s4s_graph.release import File
from s4s_graph.settings import Settings
from s4s_graph.store import Iri

NAME = "/dataset"
SUMS = "SHA256SUMS"
FILES = {
    Path(path).name: (path, media_type)
    for path, media_type in (
        *((path, dump.media_type) for path, dump in record.DISTRIBUTIONS.items()),
        (releases.REPORT, formats.RDF["ttl"]),
        (releases.MANIFEST, formats.JSON),
    )
}
# What may stand in the address of a site; a request can claim any.
SITE = re.compile(r"https?://[\w.:\[\]-]+/[\w./~-]*", re.ASCII)
UNITS = ("B", "kB", "MB", "GB", "TB")

router = APIRouter()


@dataclass(frozen=True)
class Download:
    """One dump as the page offers it; `size` is written as readers of the language do."""

    name: str
    format: str
    media_type: str
    size: str
    file: File


@dataclass(frozen=True)
class _Years:
    first: str
    last: str


@router.get("/{lang}/data")
def data(page: OnPage) -> Response:
    """Every kind of thing, and every way to take the data along."""
    manifest, cite, downloads = page.release.manifest, _citation(page), _downloads(page)
    about = dataset.description(manifest.data_statuses).of(page.lang)
    return page.html(
        "data.html",
        data=(NAME, *formats.RDF),
        things=manifest.things,
        about=about,
        downloads=downloads,
        sums=_sums(page.release),
        statistics=_statistics(page.release),
        cite=cite,
        structured=schema_org.dataset(page, cite, about, downloads),
    )


@router.get("/{lang}/data.{suffix}")
def reference(page: OnPage, suffix: str) -> Response:
    """The citation of the data as a whole, for reference managers."""
    cite = _citation(page)
    written: dict[str, Callable[[], bytes]] = {
        "bib": lambda: cite.bibtex().encode(),
        "ris": lambda: cite.ris().encode(),
        "csl.json": lambda: formats.write_json(cite.csl()),
    }
    if suffix not in written:
        raise HTTPException(404)
    content_type = f"{citing.TYPES[suffix]}; charset=utf-8"
    return Response(written[suffix](), headers={"Content-Type": content_type})


@router.get(NAME)
def name(request: Request) -> Response:
    """Send whoever follows the name of the dataset to the page about it or to its record."""
    lang = i18n.preferred(request.headers.get("accept-language"))
    return linked_data.see_other(request, {formats.HTML: f"/{lang}/data", **_records()})


@router.get("/.well-known/void")
def void(request: Request) -> Response:
    """Send a catalogue that looks for a description of the data to the record (VoID, 7.2)."""
    lang = i18n.preferred(request.headers.get("accept-language"))
    return linked_data.see_other(request, {**_records(), formats.HTML: f"/{lang}/data"})


@router.get(f"{NAME}.{{suffix}}")
def described(request: Request, suffix: str) -> Response:
    """The record of the dataset for other catalogues: DCAT-AP-NL and VoID."""
    if suffix not in formats.RDF:
        raise HTTPException(404)
    content = record.write(_served(request), formats.RDF[suffix])
    headers = {"Content-Type": formats.content_type(formats.RDF[suffix])}
    return Response(content, headers=headers)


@router.get("/dump/{file}")
def dump(request: Request, file: str) -> Response:
    """The whole release as a file, or the checksums of such files."""
    release: Release = request.state.release
    links = (
        f'<{NAME}.ttl>; rel="describedby"; type="text/turtle", <{dataset.LICENCE}>; rel="license"'
    )
    if file == SUMS:
        headers = {"Content-Type": formats.content_type("text/plain"), "Link": links}
        return Response(_sums(release), headers=headers)
    if file not in FILES:
        raise HTTPException(404)
    path, media_type = FILES[file]
    headers = {"Content-Type": formats.content_type(media_type), "Link": links}
    return FileResponse(release.path / path, headers=headers)


def size(number: int, lang: str) -> str:
    """Write a number of bytes as readers of the language do, in decimal units (ISO 80000-13)."""
    scaled, unit = float(number), 0
    while scaled >= 999.95 and unit < len(UNITS) - 1:
        scaled, unit = scaled / 1000, unit + 1
    return f"{i18n.number(str(round(scaled, 1 if scaled < 10 else 0)), lang)} {UNITS[unit]}"


def _downloads(page: Page) -> list[Download]:
    files = page.release.manifest.files
    return [
        Download(Path(path).name, dump.name, dump.media_type, size(file.bytes, page.lang), file)
        for path, dump in record.DISTRIBUTIONS.items()
        if (file := files.get(path))
    ]


def _records() -> dict[str, str]:
    return {media_type: f"{NAME}.{suffix}" for suffix, media_type in formats.RDF.items()}


def _sums(release: Release) -> str:
    """Return the checksums as the program sha256sum reads them."""
    files = release.manifest.files
    return "".join(
        f"{files[path].sha256}  {name}\n" for name, (path, _) in FILES.items() if path in files
    )


def _statistics(release: Release) -> Statistics | None:
    path = release.path / releases.STATISTICS
    # A release of older software has none.
    return Statistics.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def _citation(page: Page) -> Citation:
    title = dataset.TITLE.of(page.lang)
    cite = citing.citation(page, f"{page.release.base}{NAME[1:]}", title)
    return replace(cite, key="s4s-dataset")


def _served(request: Request) -> record.Served:
    release: Release = request.state.release
    settings: Settings = request.app.state.settings
    site = str(request.base_url)
    if not SITE.fullmatch(site):
        raise HTTPException(400, "The header Host is not the name of a host, such as example.org.")
    found = release.store.select(query("years"), _Years)
    years = [year for row in found for year in (row.first, row.last)]
    return record.Served(
        manifest=release.manifest,
        statistics=_statistics(release),
        years=(min(years), max(years)) if years else None,
        site=site,
        modified=citing.issued(release),
        organisation=settings.organisation,
        contact=settings.contact,
        described=_described(release),
    )


def _described(release: Release) -> bytes:
    """Return what the record tells of vocabularies of others, and of the links to them."""
    if not release.vocabularies:
        return b""
    dataset = Iri(f"{release.base}{NAME[1:]}")
    about = release.store.construct(query("vocabulary_record"), formats.RDF["nt"])
    return about + release.store.construct(
        query("mapping_record"), formats.RDF["nt"], dataset=dataset
    )
