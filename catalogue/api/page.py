"""The description of the API as a page for people, and the way to it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from catalogue import downloading, formats, i18n
from catalogue.api import describing
from catalogue.api.replies import COMMON, NO_HOST, ROOT, details, no_language
from catalogue.page import OnPage

router = APIRouter()


@dataclass(frozen=True)
class Operation:
    """One address of the API: `parameters` in full, `columns` are headings by names."""

    path: str
    about: dict[str, Any]
    parameters: list[dict[str, Any]]
    columns: dict[str, str]


@router.get("/api")
def entrance(request: Request) -> Response:
    """Send whoever asks for the API to what there is to know about it."""
    lang = i18n.preferred(request.headers.get("accept-language"))
    return RedirectResponse(f"/{lang}/api", 303, {**COMMON, "Vary": "Accept-Language"})


@router.get("/{lang}/api")
def api(page: OnPage) -> Response:
    """Every address of the API, with its parameters and its columns."""
    settings, site = page.request.app.state.settings, str(page.request.base_url)
    if not downloading.SITE.fullmatch(site):
        raise HTTPException(400, NO_HOST.of(page.lang))
    document = describing.document(page.release, settings, site, page.lang)
    operations = [_operation(document, path, page.lang) for path in document["paths"]]
    groups = [
        (tag, [item for item in operations if tag["name"] in item.about["tags"]])
        for tag in document["tags"]
    ]
    return page.html(
        "api.html",
        document=document,
        about=describing.ABOUT.of(page.lang),
        groups=groups,
        problem=_problem(page.lang),
        site=site.rstrip("/"),
        root=ROOT,
    )


def _problem(lang: str) -> str:
    """Return an answer to a wrong request, as an example."""
    error = no_language("fr")
    more = {"parameter": "lang"}
    said = details(f"{ROOT}/questions/gaps", error.status, error.sentence.of(lang), more)
    return formats.write_json(said).decode()


def _operation(document: dict[str, Any], path: str, lang: str) -> Operation:
    about = document["paths"][path]["get"]
    given = [_resolved(document, parameter) for parameter in about["parameters"]]
    for parameter in given:
        parameter["choices"] = _choices(document, parameter["schema"])
    (content,) = [about["responses"]["200"]["content"]["application/json"]]
    rows = _resolved(document, content["schema"]).get("properties", {}).get("rows")
    row = _resolved(document, rows["items"])["properties"] if rows else {}
    columns = {name: part["title"] for name, part in row.items() if "title" in part}
    return Operation(path, about, given, columns)


def _resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the document, or a copy of what it refers to."""
    found: Any = document
    for step in part.get("$ref", "")[2:].split("/"):
        found = found[step] if step else part
    return dict(found)


def _choices(document: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return the values that a parameter can have, if they are listed."""
    kinds = [_resolved(document, kind) for kind in schema.get("anyOf", [schema])]
    return [value for kind in kinds for value in kind.get("enum", [kind.get("const")]) if value]
