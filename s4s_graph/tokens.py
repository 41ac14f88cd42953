r"""What can be said of a SPARQL text by its tokens alone, before a parser may see it.

The engine calls other servers for SERVICE and cannot be told not to, and its parser needs more
stack for every level of nesting. So both are looked for here, before it starts.

Two things make this less simple than a search for keywords (measured on the engine's parser):

- `<` starts an IRI or is an operator, and only a full parse knows which: `?a<?b)SERVICE#>` and
  `?a<'>'` hide code from who reads an IRI there. Every reading is followed, not the likely one.
- Keywords need no space around them: in `trueSERVICEex:a {`, SERVICE is a keyword unless
  `trueSERVICEex` is a declared prefix. So a clause is known by its shape, `SERVICE ex:a {`.

The standard reads `\u0053ERVICE` as SERVICE, the engine does not: both readings are looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """Why a query is refused."""

    LENGTH = "length"
    NESTING = "nesting"
    SERVICE = "service"
    UPDATE = "update"


@dataclass(frozen=True)
class Refusal:
    """Why a query is refused, and at which line and column, both counted from 1."""

    kind: Kind
    line: int
    column: int


# Character classes and tokens as in the grammar of SPARQL 1.1, section 19.8.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHAR = rf"{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040\-"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
_PREFIX = rf"[{_BASE}](?:\.*[{_CHAR}])*+"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPE})(?:\.*(?:[{_CHAR}:]|{_ESCAPE}))*+"
_NAME = rf"(?:{_PREFIX})?:(?:{_LOCAL})?"
_VARIABLE = rf"[?$][{_BASE}_0-9][{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040]*+"
# Wider than the grammar: a reading too many does no harm, one too few hides something.
_IRI = r'<[^\x00-\x20<>"{}]*+>'
_STRING = (
    r'"""(?:"{0,2}+(?:[^"\\]|\\.))*+"""'
    r"|'''(?:'{0,2}+(?:[^'\\]|\\.))*+'''"
    r'|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
)
_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"

_IRI_TOKEN = re.compile(rf"(?P<iri>{_IRI})")
_TRIPLE_TERM = re.compile("(?P<open><<)")
_SERVICE = re.compile("service", re.IGNORECASE)
_LAST_SERVICE = re.compile(r"service(?:silent)?\Z", re.IGNORECASE)
_GROUP = re.compile(rf"{_GAP}{{")
_UPDATES = "insert|delete|load|clear|drop|create|add|move|copy|with"
_CHANGES = ("now", "rand", "uuid")
_CHANGING = re.compile(rf"(?:{'|'.join(_CHANGES)}){_GAP}\(", re.IGNORECASE)
_SUSPECTS = ("service", "\\u", *_UPDATES.split("|"))
_SUSPECT = re.compile(rf"service|\\u|\b(?:{_UPDATES})\b", re.IGNORECASE)
_NESTING = "([{<!^+*/|?-"
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@cache
def _token() -> re.Pattern[str]:
    """Match a token; compiled when it is needed, as that takes longer than a worker's start."""
    return re.compile(
        rf"""(?P<gap>[ \t\r\n]++|\#[^\r\n]*+)
        | (?P<string>{_STRING})
        | (?P<variable>{_VARIABLE})
        | (?P<blank>_:[{_BASE}_0-9](?:\.*[{_CHAR}])*+)
        | (?P<name>(?P<prefix>{_PREFIX})?:(?:{_LOCAL})?)
        | (?P<word>{_PREFIX})
        | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+)
        | (?P<number>[0-9]++)
        | (?P<open>[(\[{{])
        | (?P<close>>>|[)\]}}])
        | (?P<operator>[!^+*/|?-])
        | (?P<other>.)
        """,
        re.VERBOSE | re.DOTALL,
    )


@cache
def _target() -> re.Pattern[str]:
    """Match what stands between the keyword SERVICE and the end of the `{` after it."""
    return re.compile(
        rf"{_GAP}(?:silent{_GAP})?(?:{_VARIABLE}|{_IRI}|{_NAME}){_GAP}{{",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _update() -> re.Pattern[str]:
    """Match a prologue and the first word of an update."""
    base, prefix = rf"base{_GAP}{_IRI}", rf"prefix{_GAP}{_NAME}{_GAP}{_IRI}"
    prologue = rf"(?:{_GAP}(?:{base}|{prefix}|version{_GAP}(?:{_STRING})))*+{_GAP}"
    return re.compile(rf"{prologue}(?P<word>{_UPDATES})\b", re.IGNORECASE | re.DOTALL)


def check(query: str, *, length: int, nesting: int) -> Refusal | None:
    """Return why a query may not go to the parser, or None when it may.

    `length` is in characters. `nesting` limits the levels of brackets and of triple terms plus
    the operators in a row. The text need not be SPARQL: what is wrong in other ways passes.
    """
    if len(query) > length:
        return _refusal(Kind.LENGTH, query, length)
    if _is_simple(query, nesting):
        return None
    # A dict and not a set: the query as it stands is looked at first.
    for text in dict.fromkeys((query, _CODE_POINT.sub(_character, query))):
        if update := _update().match(text):
            return _refusal(Kind.UPDATE, text, update.start("word"))
        if refusal := _walk(text, nesting):
            return refusal
    return None


def dataset_clauses(query: str) -> int:
    """Count the FROM clauses: with one, a query does not ask the union of all graphs."""
    if not _holds(query, ("from",)):
        return 0
    return sum(token.lastgroup == "word" and token[0].lower() == "from" for token in read(query))


def read(query: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a query that is valid, up to the first that is none.

    The kind of a token is its `lastgroup`. What can be an IRI is read as one: between what are
    operators `<` and `>` there is a space in most queries, and always where a FROM follows.
    """
    position = 0
    while token := _IRI_TOKEN.match(query, position) or _token().match(query, position):
        yield token
        position = token.end()


def changes(query: str) -> bool:
    """Tell whether the answer may change while the data do not: by the clock or by chance."""
    return _holds(query, _CHANGES) and bool(_CHANGING.search(query))


def _is_simple(query: str, nesting: int) -> bool:
    """Tell, much sooner than by the tokens, that there is nothing to look for.

    No token is nested deeper than there are brackets and operators in the text, and neither
    SERVICE nor an update is written without its word or an escape.
    """
    suspect = _holds(query, _SUSPECTS) and _SUSPECT.search(query)
    return not suspect and sum(map(query.count, _NESTING)) <= nesting


def _holds(query: str, words: tuple[str, ...]) -> bool:
    # Ten times as fast as the regular expression that then has the last word.
    text = query.casefold()
    return any(word in text for word in words)


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the tokens before a position, the worst of all readings."""

    depth: int = 0
    operators: int = 0  # in a row
    after_graph: bool = False  # in every reading


def _walk(text: str, nesting: int) -> Refusal | None:
    reached = {0: _State()}
    # Tokens only lead forward, so a position is complete when its turn comes.
    for position in range(len(text)):
        state = reached.pop(position, None)
        if state is None:
            continue
        for token in _readings(text, position):
            after = _next(state, token)
            if after.depth + after.operators > nesting:
                return _refusal(Kind.NESTING, text, position)
            if not state.after_graph and (start := _service(text, token)) is not None:
                return _refusal(Kind.SERVICE, text, start)
            other = reached.get(token.end(), after)
            reached[token.end()] = _State(
                max(after.depth, other.depth),
                max(after.operators, other.operators),
                after.after_graph and other.after_graph,
            )
    return None


def _readings(text: str, position: int) -> Iterator[re.Match[str]]:
    patterns = [_IRI_TOKEN, _TRIPLE_TERM] if text[position] == "<" else []
    patterns.append(_token())
    for pattern in patterns:
        if token := pattern.match(text, position):
            yield token


def _next(state: _State, token: re.Match[str]) -> _State:
    match token.lastgroup:
        case "gap":
            return state
        case "open":
            return _State(state.depth + 1)
        case "close":
            return _State(max(state.depth - 1, 0))
        case "operator":
            return _State(state.depth, state.operators + 1)
        case "word":
            return _State(state.depth, after_graph=token[0].lower() in ("graph", "from", "named"))
        case _:
            return _State(state.depth)


def _service(text: str, token: re.Match[str]) -> int | None:
    """Return where a SERVICE clause starts that has its keyword in this token."""
    if token.lastgroup == "word":
        keyword = _LAST_SERVICE.search(text, token.start(), token.end())
        rest = _target()
    elif token.lastgroup == "name" and token["prefix"]:
        # The part after the colon is always read as far as it goes, so it hides no keyword.
        keyword = _SERVICE.search(text, token.start(), token.end("prefix"))
        rest = _GROUP
    else:
        return None
    return keyword.start() if keyword and rest.match(text, token.end()) else None


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else escape[0]


def _refusal(kind: Kind, text: str, position: int) -> Refusal:
    line_start = text.rfind("\n", 0, position) + 1
    return Refusal(kind, text.count("\n", 0, position) + 1, position - line_start + 1)
