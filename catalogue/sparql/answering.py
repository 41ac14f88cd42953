"""The answers to stored questions, for pages, files and the API.

On a large graph some questions take minutes, so they take the road of the public's own queries:
workers that can be stopped, a fair queue, and answers that are kept while the release lasts.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from catalogue.live import Release
from catalogue.sparql import offers, tabular
from catalogue.sparql.tabular import Table
from s4s_graph import namespaces
from s4s_graph.answers import Sheet
from s4s_graph.forms import Form, Text
from s4s_graph.questions import Param, Question, ValueRefusedError
from s4s_graph.store import Iri, Term
from s4s_graph.worker import Request

ROWS = tabular.ROWS  # at which each question stops
ALIKE = 0.6  # of 1, from where on another id may be what was meant


@dataclass(frozen=True)
class Asking:
    """A question with the values that it is asked with."""

    question: Question
    lang: str
    terms: Mapping[str, Term]

    def values(self) -> dict[str, str]:
        """Return what stands in the place of each parameter, as an address would say it."""
        found = {param.key: self.terms[param.name] for param in self.question.params}
        return {
            key: term.value.replace("#", "/").rpartition("/")[2]
            if isinstance(term, Iri)
            else term.value
            for key, term in found.items()
        }


def asking(release: Release, question: Question, values: Mapping[str, str], lang: str) -> Asking:
    """Return a question with values. Raises ValueRefusedError, also for what is not there."""
    terms = question.bind(values, lang, release.base)
    for param in question.params:
        thing = terms[param.name].value
        named = release.place(thing)  # none for a literal, and for what leaves a parameter open
        # A default may name what these data do not have; then the answer is empty.
        if named and param.named(values) and not release.store.exists(thing):
            raise _unknown(release, param, *named)
    return Asking(question, lang, terms)


def answer(release: Release, asked: Asking, client: str) -> Table:
    """Return the rows, for code without an event loop. Raises EndpointError."""
    return asyncio.run(answer_soon(release, asked, client))


async def _nobody_left() -> bool:
    return False


async def answer_soon(
    release: Release,
    asked: Asking,
    client: str,
    gone: Callable[[], Awaitable[bool]] = _nobody_left,
) -> Table:
    """Return the rows, or stop once nobody waits for them (`gone`). Raises EndpointError."""
    request = _request(release, asked)
    found = await release.pool.ask(request, client, gone=gone, stream=False)
    return _table(asked, found.read())


def sheet(release: Release, asked: Asking, table: Table) -> Sheet:
    """Return the rows with headings and labels in the language that was asked in."""
    things = {term.value for row in table.rows for term in row if isinstance(term, Iri)}
    headings = {name: asked.question.columns[name].of(asked.lang) for name in table.columns}
    labels = release.store.labels(things, asked.lang)
    return Sheet(headings, table.rows, labels, release.illustrative)


def _request(release: Release, asked: Asking) -> Request:
    return release.pool.request(
        namespaces.header(release.store.prefixes) + asked.question.text,
        rows=offers.JSON,
        bindings=tuple(
            (name, term.value, None if isinstance(term, Iri) else term.datatype)
            for name, term in asked.terms.items()
        ),
    )


def _table(asked: Asking, content: bytes) -> Table:
    """Return the columns that the question shows, in its order."""
    found = tabular.rows(json.loads(content), cut=False)
    columns = tuple(asked.question.columns)
    places = [found.columns.index(name) for name in columns]
    rows = tuple(tuple(row[place] for place in places) for row in found.rows)
    return Table(columns, rows, cut=len(rows) >= ROWS)


def _unknown(release: Release, param: Param, form: Form, slug: str) -> ValueRefusedError:
    known = [entry.iri.rpartition("/")[2] for entry in release.index(form, "nl")]
    like = get_close_matches(slug[:100], known, n=1, cutoff=ALIKE)
    such = Text(f", zoals {like[0]}", f", such as {like[0]}") if like else Text("", "")
    instead = Text(
        f"een id die in deze uitgave bij {form.name.nl} staat{such.nl}",
        f"an id that this release has among {form.name.en}{such.en}",
    )
    return param.refused(slug, instead, like[0] if like else None)
