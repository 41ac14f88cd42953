"""What every page shares: its release, its language, its words, its links, its template."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from gettext import NullTranslations
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from catalogue import assets, formats, hyphens, i18n, markup, themes
from catalogue.live import VOCABULARIES, Release
from catalogue.vocabularies.known import vocabularies
from s4s_graph import steering
from s4s_graph.forms import Form
from s4s_graph.search.words import CITATION
from s4s_graph.settings import Settings
from s4s_graph.store import Label

HERE = Path(__file__).parent
# What readers come for stands in the menu, in this order; the page with all kinds has the rest.
MENU = (
    "interventions",
    "configurations",
    "mechanisms",
    "conditions",
    "findings",
    "companies",
    "skills",
    "organisations",
)


class Templates:
    """The templates in each language, and what changes when the site's own files do."""

    def __init__(self, settings: Settings) -> None:
        self.words = i18n.translations()
        self.theme = themes.Theme.read(settings)
        self.fingerprint = fingerprint(self.theme)
        self._environments = {lang: self._environment(lang) for lang in i18n.LANGUAGES}

    def render(self, template: str, lang: str, **context: Any) -> str:
        """Return a page as text."""
        text = self._environments[lang].get_template(template).render(**context)
        return steering.replaced(text)

    def _environment(self, lang: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        words = self.words[lang]
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            words.gettext, words.ngettext, newstyle=True
        )
        environment.globals["_"] = markup.speaker(words)
        environment.filters.update(markup.filters(words))
        environment.filters["soft"] = hyphens.softener(lang)
        environment.filters["number"] = lambda value: i18n.number(value, lang)
        environment.filters["percent"] = lambda value: i18n.percent(value, lang)
        environment.filters["day"] = lambda day: i18n.day(day, lang)
        environment.globals.update(
            lang=lang,
            languages=i18n.LANGUAGES,
            fingerprint=self.fingerprint,
            theme=self.theme,
            assets=assets.addresses(),
        )
        return environment


def fingerprint(theme: themes.Theme) -> str:
    """Return a hash of everything but the release that decides what a page looks like."""
    digest = hashlib.sha256(repr(theme).encode())
    for path in sorted(HERE.rglob("*")):
        if path.suffix in {".py", ".rq", ".html", ".xml", ".po", ".css", ".js", ".svg"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Page:
    """One request for a page."""

    request: Request
    release: Release
    lang: str
    used: set[str] = field(default_factory=set)  # the vocabularies of others that it shows

    def href(self, iri: str) -> str | None:
        """Return the path of the page about a thing; what it is of is acknowledged below."""
        path = self.release.page(iri, self.lang)
        if path and path.startswith(f"/{self.lang}/{VOCABULARIES}/"):
            self.used.add(path.split("/", 4)[3])
        return path

    @property
    def acknowledgements(self) -> list[Label]:
        """What the publishers of the vocabularies ask of who shows them."""
        known = vocabularies(self.release, self.lang)
        texts = (known[name].acknowledgement for name in sorted(self.used & known.keys()))
        return [text for text in texts if text]

    @cached_property
    def words(self) -> NullTranslations:
        """The words of the interface in the language of the page."""
        templates: Templates = self.request.app.state.templates
        return templates.words[self.lang]

    @property
    def reader(self) -> str | None:
        """The name of whoever reads what is confidential; None on pages for everyone."""
        if not self.release.manifest.is_restricted:
            return None
        return str(self.request.state.person.name)

    @property
    def path(self) -> str:
        """The path below the language, /interventions/werkplekleren; empty without a language."""
        first, _, rest = self.request.url.path[1:].partition("/")
        return f"/{rest}" if first == self.lang else ""

    @property
    def other(self) -> str:
        """The language to switch to."""
        return i18n.other(self.lang)

    @property
    def other_url(self) -> str:
        """The same page in the other language."""
        query = self.request.url.query
        return f"/{self.other}{self.path or '/'}" + (f"?{query}" if query and self.path else "")

    @property
    def back(self) -> str:
        """Where a reader who chose light or dark comes back to: this page, if it has a path."""
        query = self.request.url.query
        return f"/{self.lang}{self.path or '/'}" + (f"?{query}" if query and self.path else "")

    @property
    def chosen(self) -> str:
        """The reader's choice between "light" and "dark", empty where there is none."""
        return themes.chosen(self.request.cookies)

    def current(self, path: str) -> str | None:
        """Return the aria-current of a link in the menu: this page, a part above it, or neither."""
        if self.path == path:
            return "page"
        return "true" if self.path.startswith(f"{path}/") else None

    @property
    def menu(self) -> list[Form]:
        """The kinds of thing that stand in the menu."""
        forms = (self.release.forms.by_table(table) for table in MENU)
        return [form for form in forms if form]

    def cited(self, text: str) -> Markup:
        """Return a text whose [source ids] are links to the sources, those that there are."""
        if "[" not in text:
            return escape(text)
        return Markup("").join(
            self._citation(part[1:-1]) if part.startswith("[") else part  # joining escapes it
            for part in CITATION.split(text)
        )

    def _citation(self, ids: str) -> Markup:
        links = [
            Markup('<a href="/{}/sources/{}">{}</a>').format(self.lang, name, name)
            if self.release.store.exists(self.release.iri("source", name))
            else escape(name)
            for name in ids.split(";")
        ]
        return Markup("[{}]").format(Markup("; ").join(links))

    def html(
        self, template: str, *, data: tuple[str, ...] = (), data_query: str = "", **context: Any
    ) -> HTMLResponse:
        """Return the page made with a template, with links to the same as data.

        `data` is the path of that data without suffix, and the suffixes there are; `data_query`
        is what stands behind the suffix in those addresses.
        """
        templates: Templates = self.request.app.state.templates
        behind = f"?{data_query}" if data_query else ""
        same = [(f"{data[0]}.{suffix}{behind}", formats.LISTS[suffix]) for suffix in data[1:]]
        text = templates.render(template, self.lang, page=self, alternates=same, **context)
        headers = {"Content-Language": self.lang}
        if same:
            links = (f'<{href}>; rel="alternate"; type="{kind}"' for href, kind in same)
            headers["Link"] = ", ".join(links)
        return HTMLResponse(text, headers=headers)

    def fragment(self, template: str, **context: Any) -> Markup:
        """Return a part of a page made with a template."""
        templates: Templates = self.request.app.state.templates
        return Markup(templates.render(template, self.lang, page=self, **context))  # noqa: S704

    def form(self, table: str) -> Form:
        """Return the form of a table. Raises a 404 when there is no such table."""
        if form := self.release.forms.by_table(table):
            return form
        raise HTTPException(404)


async def _page(request: Request, lang: str) -> Page:
    if lang not in i18n.LANGUAGES:
        raise HTTPException(404)
    return Page(request, request.state.release, lang)


OnPage = Annotated[Page, Depends(_page)]
