"""A stored question as a query of its own: with what was asked about, and with its prefixes."""

import re
from collections.abc import Mapping

from catalogue.page import Page
from s4s_graph import namespaces
from s4s_graph.answers import NUMBERS
from s4s_graph.questions import Question
from s4s_graph.store import Iri, Term

# Where a parameter is only named, so that the store can put a value in its place.
_LISTS = re.compile(r"\bSELECT\b.*?(?=\bWHERE\b|\{)|\bGROUP BY\b[^\n]*", re.DOTALL)


def sparql_text(page: Page, text: str) -> str:
    """Return a query with the prefixes that it uses."""
    prefixes = page.release.store.prefixes
    used = {name: iri for name, iri in prefixes.items() if re.search(rf"(?<![\w-]){name}:", text)}
    return f"{namespaces.header(used)}\n{text}"


def written(page: Page, question: Question, bound: Mapping[str, Term]) -> str:
    """Return a question as a query that anyone can run: its title, its view, no parameters."""
    view = f"#+ view: {question.view}\n" if question.view != "table" else ""
    text = filled(question.text, bound, page.release.store.prefixes)
    return f"# {question.title.of(page.lang)}\n{view}{sparql_text(page, text)}"


def filled(text: str, bound: Mapping[str, Term], prefixes: Mapping[str, str]) -> str:
    """Return a query with a term in the place of each parameter."""
    for name, term in bound.items():
        text = _put(text, name, _term(term, prefixes))
    return text


def _put(text: str, name: str, value: str) -> str:
    variable = rf"[?$]{re.escape(name)}\b"

    def without(part: re.Match[str]) -> str:
        return re.sub(rf"\s*{variable}", "", part[0])

    return re.sub(variable, lambda _: value, _LISTS.sub(without, text))


def _term(term: Term, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, Iri):
        for prefix, start in prefixes.items():
            rest = term.value.removeprefix(start)
            if rest != term.value and re.fullmatch(r"[a-z0-9][a-z0-9-]*", rest):
                return f"{prefix}:{rest}"
        return f"<{term.value}>"
    if term.datatype in NUMBERS:
        return term.value
    datatype = term.datatype.rpartition("#")[2]
    return f'"{term.value}"' + (f"^^xsd:{datatype}" if datatype != "string" else "")
