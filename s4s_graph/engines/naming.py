"""What a release is called at an engine that holds several of them: its graphs, and back.

An engine for many has one name for one graph, so each release has names of its own there, and
nobody who reads the one release sees the next one arrive. The names change wherever they stand,
also as a subject or a value: a graph that describes itself keeps on doing so.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

CURRENT_VERSION = "http://www.w3.org/ns/dcat#hasCurrentVersion"
VERSION = "http://www.w3.org/ns/dcat#hasVersion"
PART = "http://purl.org/dc/terms/hasPart"

Term = Any  # of pyoxigraph, which gives each position of a quad its own union


@dataclass(frozen=True)
class Names:
    """The names of a release at an engine.

    base: where all our own names begin. id: of the release. foreign: the names of its graphs that
    do not begin with `{base}graph/`.
    """

    base: str
    id: str
    foreign: frozenset[str] = frozenset()

    @property
    def set(self) -> str:
        """The name of all graphs of the release together."""
        return f"{self.base}release/{self.id}"

    @property
    def all(self) -> str:
        """The graph with the triples of every graph of the release."""
        return f"{self.set}/all"

    @property
    def none(self) -> str:
        """A graph that there never is."""
        return f"{self.set}/none"

    @property
    def pointer(self) -> str:
        """The graph, and its subject, that tell which releases there are and which is current."""
        return f"{self.base}release/current"

    @property
    def blank(self) -> str:
        """What the names of things begin with that have none in the release.

        They need one here, to be sent in pieces and asked for again.
        """
        return f"{self.set}/blank/"

    def there(self, iri: str) -> str:
        """Return what an IRI of the release is called at the engine."""
        own = f"{self.base}graph/"
        if iri.startswith(own):
            return f"{self.set}/graph/{iri.removeprefix(own)}"
        return f"{self.set}/named/{quote(iri, safe='')}" if iri in self.foreign else iri

    def here(self, iri: str) -> str:
        """Return what an IRI of the engine is called in the release."""
        if not iri.startswith(f"{self.set}/"):
            return iri
        kind, _, name = iri.removeprefix(f"{self.set}/").partition("/")
        return {"graph": f"{self.base}graph/{name}", "named": unquote(name)}.get(kind, iri)

    def published(self, term: Term) -> Term:
        """Return a term of the release as it is at the engine."""
        if isinstance(term, ox.NamedNode):
            there = self.there(term.value)
            return term if there == term.value else ox.NamedNode(there)
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(self.blank + term.value)
        return term
