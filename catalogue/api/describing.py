"""The API as OpenAPI 3.1, made from the headers of the questions."""

from collections.abc import Mapping
from typing import Any

from catalogue.api import schemas
from catalogue.api.replies import PROBLEM, ROOT, VERSION
from catalogue.api.schemas import reference
from catalogue.formats import CSV, JSON, LISTS
from catalogue.live import Release
from s4s_graph import dataset
from s4s_graph.forms import Text
from s4s_graph.questions import Question
from s4s_graph.settings import Settings

Json = dict[str, Any]

TITLE = Text("Vragen aan Skills4Skills", "Questions to Skills4Skills")
ABOUT = Text(
    "Elke opgeslagen vraag van de graaf is een adres dat een tabel geeft, als JSON, CSV of Excel. "
    "Alleen lezen, zonder aanmelden. Een antwoord heeft hoogstens 1000 rijen en blijft hetzelfde "
    "zolang de uitgave blijft: gebruik ETag en If-None-Match. Wat mis is, is problem+json met een "
    "zin.",
    "Each stored question of the graph is an address that gives a table, as JSON, CSV or Excel. "
    "For reading only, without signing in. An answer has at most 1000 rows and stays the same "
    "while the release stays: use ETag and If-None-Match. What is wrong is problem+json with a "
    "sentence.",
)
PLACEHOLDER = Text(
    "Wie deze site beheert heeft geen e-mailadres ingesteld; het genoemde adres bestaat niet.",
    "Who runs this site has set no e-mail address; the one that is given does not exist.",
)
NO_MAIL = "not-set@example.invalid"  # a name that never leads anywhere (RFC 2606)
NOBODY = Text("Beheerder van deze site", "Who runs this site")
SECURE = Text("Over TLS, het openbare adres.", "Over TLS, the public address.")
PLAIN = Text(
    "Zo heet de API over TLS. Nu is zij zonder TLS gevraagd, op {site}{root}.",
    "This is what the API is called over TLS. It was now asked for without, at {site}{root}.",
)
LIST = Text(
    "Alle vragen, met hun parameters en kolommen", "All questions, their parameters and columns"
)
TERMS = Text("De woorden om een vraag in SPARQL mee te schrijven", "The words to write SPARQL with")
DESCRIPTION = Text("Deze beschrijving van de API", "This description of the API")
ANSWER = Text("Het antwoord", "The answer")
TAGS = {
    "micro": Text("Vragen over één interventie", "Questions about one intervention"),
    "meso": Text("Vragen over meer interventies", "Questions across interventions"),
    "macro": Text("Vragen over het geheel", "Questions about the whole"),
    "other": Text("Andere vragen", "Other questions"),
    "service": Text("Over de API en de graaf", "About the API and the graph"),
}
PROBLEMS = {
    "400": Text("Een parameter klopt niet", "A parameter is wrong"),
    "406": Text("Dat formaat is er niet", "There is no such format"),
    "422": Text("Het antwoord kost te veel: vraag naar minder", "It costs too much: ask for less"),
    "503": Text("Er lopen te veel vragen: probeer het zo weer", "Too many questions: try again"),
    "504": Text("Het duurde te lang", "It took too long"),
}


def document(release: Release, settings: Settings, site: str, lang: str) -> Json:
    """Return the document, in a language, for the address of a site (with a slash at the end)."""
    questions = release.questions.values()
    paths = {
        "/questions": _get("listQuestions", "service", LIST, "QuestionList", lang, "level", "q")
    }
    paths |= {f"/questions/{question.name}": _asking(question, lang) for question in questions}
    paths["/terms"] = _get("listTerms", "service", TERMS, "TermList", lang, "lang", "q")
    paths["/openapi.json"] = _get("describe", "service", DESCRIPTION, "Description", lang, "lang")
    return {
        "openapi": "3.1.0",
        "info": _info(settings, site, lang),
        "servers": [_server(site, lang)],
        "tags": [{"name": name, "description": text.of(lang)} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.schemas(release, lang),
            "parameters": schemas.parameters(lang),
            "responses": {
                _named(status): _problem(text, lang) for status, text in PROBLEMS.items()
            },
            "headers": schemas.headers(lang),
        },
    }


def level(question: Question) -> str:
    """Return the tag of a question that says how much of the whole it looks at."""
    return next((tag for tag in question.tags if tag in TAGS), "other")


def listed(release: Release, question: Question, site: str) -> Json:
    """Return a question as the list of all shows it."""
    address = f"{site}{ROOT[1:]}/questions/{question.name}"
    return {
        "name": question.name,
        "title": _both(question.title),
        "why": _both(question.why),
        "summary": question.summary,
        "tags": list(question.tags),
        "view": question.view,
        "parameters": [
            {
                "name": param.key,
                "type": param.type,
                "required": param.default is None and param.type != "lang",
                "default": param.default,
            }
            for param in question.params
        ],
        "columns": {name: _both(text) for name, text in question.columns.items()},
        "links": {
            "answer": address,
            "page": {lang: f"{site}{lang}/questions/{question.name}" for lang in ("nl", "en")},
            "sparql": f"{site}en/questions/{question.name}.rq",
        },
    }


def _both(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def _info(settings: Settings, site: str, lang: str) -> Json:
    is_mail = "@" in settings.contact and "/" not in settings.contact
    page = f"{site}{lang}/about"
    about = ABOUT.of(lang) if is_mail else f"{ABOUT.of(lang)} {PLACEHOLDER.of(lang)}"
    return {
        "title": TITLE.of(lang),
        "version": VERSION,
        "description": about,
        "contact": {
            "name": settings.organisation or NOBODY.of(lang),
            "email": settings.contact if is_mail else NO_MAIL,
            "url": page if is_mail or not settings.contact else settings.contact,
        },
        "license": {"name": "CC BY 4.0", "url": dataset.LICENCE},
    }


def _server(site: str, lang: str) -> Json:
    scheme, _, place = site.rstrip("/").partition("://")
    said = SECURE.of(lang)
    if scheme != "https":
        said = PLAIN.of(lang).format(site=site.rstrip("/"), root=ROOT)
    return {"url": f"https://{place}{ROOT}", "description": said}


def _asking(question: Question, lang: str) -> Json:
    name = schemas.upper(question.name)
    content: Json = {
        JSON: {"schema": reference("schemas", f"{name}Answer")},
        CSV: {"schema": {"type": "string"}},
        LISTS["xlsx"]: {"schema": {}},
    }
    given = [schemas.parameter(param, lang) for param in question.params if param.type != "lang"]
    shared = [reference("parameters", "Lang"), reference("parameters", "Format")]
    operation = {
        "operationId": f"ask{name}",
        "tags": [level(question)],
        "summary": question.title.of(lang),
        "description": question.why.of(lang),
        "parameters": [*given, *shared],
        "responses": {"200": _found(ANSWER, content, lang), **_refused(*PROBLEMS)},
    }
    return {"get": operation}


def _get(name: str, tag: str, text: Text, schema: str, lang: str, *parameters: str) -> Json:
    content = {JSON: {"schema": reference("schemas", schema)}}
    operation = {
        "operationId": name,
        "tags": [tag],
        "summary": text.of(lang),
        "parameters": [reference("parameters", schemas.upper(param)) for param in parameters],
        "responses": {"200": _found(text, content, lang), **_refused("400", "503")},
    }
    return {"get": operation}


def _found(text: Text, content: Mapping[str, Json], lang: str) -> Json:
    headers = {
        "API-Version": reference("headers", "ApiVersion"),
        "ETag": reference("headers", "Etag"),
    }
    return {"description": text.of(lang), "headers": headers, "content": content}


def _refused(*statuses: str) -> Json:
    return {status: reference("responses", _named(status)) for status in statuses}


def _named(status: str) -> str:
    return f"Problem{status}"


def _problem(text: Text, lang: str) -> Json:
    return {
        "description": text.of(lang),
        "headers": {"API-Version": reference("headers", "ApiVersion")},
        "content": {PROBLEM: {"schema": reference("schemas", "Problem")}},
    }
