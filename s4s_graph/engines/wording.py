"""Queries as they are sent to an engine elsewhere: values filled in, names written in full.

The protocol knows no parameters, so the values stand in the text: in the place of each variable
that they are the value of, which is what the engine inside does too. They are written by that
engine's own serialiser, and variables are found by tokens, so no value is ever read as SPARQL.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph import tokens
from s4s_graph.engines.naming import Names

_ESCAPED = re.compile(r"\\(.)")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TESTS = {"isiri", "isuri", "isblank"}
_AFTER = {
    "select": {"where", "from"},
    "group": {"having", "limit", "offset", "values"},
    "order": {"limit", "offset", "values"},
}


@dataclass(frozen=True)
class _Token:
    """A token and the gap before it, which may have been a comment."""

    gap: str
    kind: str
    text: str

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "word" else ""


_END = _Token("", "end", "")


@dataclass
class _Group:
    """What is known between a `{` and its `}`, or of the whole query."""

    hidden: frozenset[str]  # variables that only are called as a parameter is
    clause: str = ""  # select, group or order: a list, in which no value can stand by itself
    start: int = 0  # of the clause, in what is written
    empty: bool = True  # nothing is left of the clause yet
    brackets: int = 0


@dataclass(frozen=True)
class Wording:
    """How the queries about one release are written."""

    names: Names
    prefixes: Mapping[str, str]
    graphs: Collection[str] | None = None  # there; any other one that is named is none of them

    def query(self, text: str, values: Mapping[str, str], base: str = "") -> "Worded":
        """Write a valid query with values, written in SPARQL, in the place of some variables.

        Relative IRIs are of `base`. Raises SyntaxError for a prefix that there is not.
        """
        return _Writer(self, list(_read(text)), values, base).write()


@dataclass(frozen=True)
class Worded:
    """A query without prefixes and without FROM, and which graphs it named there."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def asks_graphs(text: str) -> bool:
    """Tell whether a query asks in which graph something stands."""
    return "graph" in text.lower() and any(token.word == "graph" for token in _read(text))


def _read(text: str) -> Iterator[_Token]:
    gap = ""
    for token in tokens.read(text):
        if token.lastgroup == "gap":
            gap = " "
        else:
            yield _Token(gap, str(token.lastgroup), token[0])
            gap = ""


def _resolved(iri: str, base: str) -> str:
    """Return an absolute IRI. Raises SyntaxError."""
    if _ABSOLUTE.match(iri):
        return iri
    # As the engine inside does it: urljoin loses a `#` at the end.
    triple = next(ox.parse(f"<{iri}> a <x:x> .", ox.RdfFormat.TURTLE, base_iri=base or None))
    assert isinstance(triple.subject, ox.NamedNode)  # noqa: S101 - so it is written
    return triple.subject.value


class _Writer:
    """Writes one query, token by token."""

    def __init__(
        self, wording: Wording, found: list[_Token], values: Mapping[str, str], base: str
    ) -> None:
        self._names = wording.names
        self._known = wording.graphs
        self._prefixes = dict(wording.prefixes)
        self._base = base
        self._tokens = found
        self._values = values
        self._graphs: dict[str, list[str]] = {"from": [], "named": []}
        self._written: list[str] = []
        self._groups = [_Group(frozenset())]

    def write(self) -> Worded:
        steps = (self._prologue, self._from, self._clause, self._test, self._one)
        position = 0
        while position < len(self._tokens):
            position += next(filter(None, (step(position) for step in steps)))
        self._end_clause()
        text = "".join(self._written).strip()
        if self._base and any(token.word in ("iri", "uri") for token in self._tokens):
            text = f"BASE <{self._base}> {text}"  # of what these functions make
        return Worded(text, tuple(self._graphs["from"]), tuple(self._graphs["named"]))

    def _at(self, position: int) -> _Token:
        return self._tokens[position] if position < len(self._tokens) else _END

    def _prologue(self, position: int) -> int:
        """Take in PREFIX or BASE, if it stands here; return how many tokens it was."""
        word, name = self._tokens[position].word, self._at(position + 1)
        if word == "base" and name.kind == "iri":
            self._base = self._iri(name)
            return 2
        if word == "prefix" and name.kind == "name":
            self._prefixes[name.text.removesuffix(":")] = self._iri(self._at(position + 2))
            return 3
        return 0

    def _from(self, position: int) -> int:
        """Take in FROM, if it stands here; return how many tokens it was."""
        if self._tokens[position].word != "from":
            return 0
        self._end_clause()
        named = self._at(position + 1).word == "named"
        self._graphs["named" if named else "from"].append(self._iri(self._at(position + 1 + named)))
        return 2 + named

    def _clause(self, position: int) -> int:
        """Write the words that a list begins with, if it begins here; return how many."""
        token, group = self._tokens[position], self._groups[-1]
        if token.word == "select":
            if len(self._groups) > 1:
                group.hidden |= self._values.keys() - set(self._selected(position + 1))
            words = 1
        elif token.word in ("group", "order") and self._at(position + 1).word == "by":
            self._end_clause()
            words = 2
        else:
            return 0
        group.clause, group.start, group.empty = token.word, len(self._written), True
        self._written.append(f"{token.gap}{token.text}{' BY' if words == 2 else ''}")
        return words

    def _selected(self, position: int) -> Iterator[str]:
        """Yield the variables that the SELECT before this position gives on."""
        brackets = 0
        while (token := self._at(position)).text != "{" and token.word not in _AFTER["select"]:
            brackets += (token.text == "(") - (token.text == ")")
            if token.text == "*":
                yield from self._values
            elif token.kind == "variable" and not brackets:
                yield token.text[1:]
            position += 1

    def _test(self, position: int) -> int:
        """Write a test of the kind of a term, if it stands here; return how many tokens it was.

        What has no name in the release has one at the engine, and is no IRI all the same.
        """
        token, inner = self._tokens[position], self._at(position + 2)
        if token.word not in _TESTS or self._at(position + 3).text != ")":
            return 0
        term = self._term(inner)
        blank = f'STRSTARTS(STR({term}), "{self._names.blank}")'
        test = blank if token.word == "isblank" else f"(isIRI({term}) && !{blank})"
        self._written.append(token.gap + test)
        return 4

    def _one(self, position: int) -> int:
        """Write a token; return that it was one."""
        token, group = self._tokens[position], self._groups[-1]
        if token.text == "}" or (not group.brackets and self._ends(token, group)):
            self._end_clause()
        listed = bool(group.clause) and not group.brackets
        if listed and self._value(token):
            self._list(token, group)
        else:
            self._written.append(token.gap + (self._graph(position) or self._term(token)))
            group.empty &= token.word in ("distinct", "reduced")
        group.brackets += (token.text == "(") - (token.text == ")")
        if token.text == "{":
            self._groups.append(_Group(group.hidden))
        elif token.text == "}" and len(self._groups) > 1:
            self._groups.pop()
        return 1

    def _graph(self, position: int) -> str:
        """Return what stands for the name of a graph of others, if that stands here.

        Virtuoso 7 takes GRAPH with a name that is not among those sent along for true.
        """
        token = self._tokens[position]
        named = position and self._tokens[position - 1].word == "graph" and token.kind != "variable"
        if self._known is None or not named or self._names.there(self._iri(token)) in self._known:
            return ""
        return f"<{self._names.none}>"

    def _ends(self, token: _Token, group: _Group) -> bool:
        return token.text == "{" or token.word in _AFTER.get(group.clause, ())

    def _list(self, token: _Token, group: _Group) -> None:
        """Write a variable that has a value in a list: as that value, or not if it adds nothing."""
        if group.clause == "select" and len(self._groups) == 1:
            self._written.append(f"{token.gap}({self._value(token)} AS {token.text})")
            group.empty = False

    def _end_clause(self) -> None:
        group = self._groups[-1]
        if group.clause == "select" and group.empty:
            self._written.append(" (1 AS ?once)")
        elif group.clause == "order" and group.empty:
            del self._written[group.start :]
        elif group.clause and group.empty:
            raise SyntaxError("a query cannot group by parameters alone")
        group.clause = ""

    def _value(self, token: _Token) -> str | None:
        name = token.text[1:]
        if token.kind != "variable" or name in self._groups[-1].hidden:
            return None
        return self._values.get(name)

    def _term(self, token: _Token) -> str:
        if token.kind in ("iri", "name"):
            return f"<{self._names.there(self._iri(token))}>"
        return self._value(token) or token.text

    def _iri(self, token: _Token) -> str:
        if token.kind != "name":
            return _resolved(token.text[1:-1], self._base)
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            raise SyntaxError(f"the prefix {prefix}: is not known")
        return self._prefixes[prefix] + _ESCAPED.sub(r"\1", local)
