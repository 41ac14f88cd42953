"""Queries of the public, for an engine elsewhere that may hold more than they may see.

What is sent is not their text but what was read of it: no prefix, no FROM, no comment. That is
looked at again before it goes, so a text that can be read in two ways gains nothing. The graphs
that it is about go with it as the protocol has it, and are those of the release in every case.
"""

import logging
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from s4s_graph import tokens
from s4s_graph.engines import remote
from s4s_graph.engines.breaker import AwayError, RefusedError
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.engines.remote import FORM, ROWS, TRIPLES, form
from s4s_graph.engines.wording import Wording, asks_graphs

log = logging.getLogger(__name__)

Result = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

# What stands in such names is code of the engine itself, in Virtuoso all of its SQL.
_CODE = re.compile(r"<\s*(?:bif|sql):", re.IGNORECASE)
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# So Virtuoso writes what others write as true and false.
_BOOLEAN = re.compile(rb'("datatype": *"[^"]*XMLSchema#boolean" *, *"value": *)"([01])"')
_TRUTH = {b"0": b'"false"', b"1": b'"true"'}
_AMBIGUOUS = "this can be read in two ways; put spaces around < and >"
_ALL_LEVELS = 1_000_000  # nesting was looked at before


class Public:
    """Stands for the graph of a release in a worker."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self._client = elsewhere.client()
        self._names = elsewhere.names
        self._graphs = elsewhere.graphs
        names = re.escape(self._names.set)
        self._own = re.compile(rf"{names}/graph/".encode())
        self._foreign = re.compile(rf'{names}/named/([^"<>\s\\]*)'.encode())
        self._blank = re.compile(rf"<{names}/blank/([^>]*)>".encode())

    def query(
        self,
        query: str,
        *,
        base_iri: str | None,
        substitutions: dict[ox.Variable, Any],
        default_graph: Sequence[ox.NamedNode] = (),
        named_graphs: Sequence[ox.NamedNode] = (),
        use_default_graph_as_union: bool = False,
    ) -> Result:
        """Answer a query as pyoxigraph would.

        Raises SyntaxError for what is not SPARQL, RuntimeError for what the engine refuses, and
        ConnectionError when there is no answer; the log says why.
        """
        # For its errors, which say where.
        kind = ox.Store().query(query, base_iri=base_iri, substitutions=substitutions)
        values = {name.value: str(self._names.published(v)) for name, v in substitutions.items()}
        try:
            worded = Wording(self._names, {}, self._graphs).query(query, values, base_iri or "")
            self._look_at(worded.text)
        except SyntaxError as error:
            raise RuntimeError(_AMBIGUOUS) from error
        default, named = [g.value for g in default_graph], [g.value for g in named_graphs]
        if not (default or named):
            default, named = list(worded.default_graphs), list(worded.named_graphs)
        body = form(worded.text, *self._dataset(worded.text, default, named))
        try:
            if isinstance(kind, ox.QueryTriples):
                reply = self._client.ask(body, FORM, tuple(TRIPLES))
                return self._triples(reply.body, reply.media_type)
            reply = self._client.ask(body, FORM, tuple(ROWS))
            return remote.parsed(self._here(reply.body))
        except RefusedError as error:
            raise RuntimeError(error.why) from error
        except AwayError as error:
            log.error("%s", error)
            raise ConnectionError from error

    def _look_at(self, text: str) -> None:
        """Raise SyntaxError for more than a query or none, RuntimeError for code of an engine."""
        if tokens.check(text, length=len(text), nesting=_ALL_LEVELS):
            raise SyntaxError
        if _CODE.search(_UNICODE.sub(lambda m: chr(int(m[1] or m[2], 16)), text)):
            raise RuntimeError("functions of one engine (bif:, sql:) are not allowed")
        ox.Store().query(text)

    def _dataset(
        self, text: str, default: Sequence[str], named: Sequence[str]
    ) -> tuple[Sequence[str], Sequence[str]]:
        # Without any, some engines would take all that they have.
        nothing = [self._names.none]
        if not (default or named):
            return [self._names.all], [*self._graphs, *nothing] if asks_graphs(text) else nothing
        return list(map(self._there, default)) or nothing, [*map(self._there, named), *nothing]

    def _there(self, iri: str) -> str:
        """Return the name of a graph of the release, or one that no graph has."""
        there = self._names.there(iri)
        return there if there != iri else f"{self._names.set}/named/{quote(iri, safe='')}"

    def _here(self, body: bytes) -> bytes:
        """Return an answer with the names of the release, also where they stand in a string."""
        own = f"{self._names.base}graph/".encode()
        body = self._own.sub(lambda _: own, body)
        body = _BOOLEAN.sub(lambda match: match[1] + _TRUTH[match[2]], body)
        return self._foreign.sub(lambda match: unquote(match[1].decode()).encode(), body)

    def _triples(self, body: bytes, media_type: str) -> ox.QueryTriples:
        graph = ox.Store()
        body = self._blank.sub(rb"_:\1", self._here(body))
        try:
            graph.load(body, TRIPLES[media_type])
        except (SyntaxError, ValueError) as error:
            raise AwayError(f"the engine's triples cannot be read: {error}") from error
        result = graph.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        assert isinstance(result, ox.QueryTriples)  # noqa: S101 - that is what was asked for
        return result
