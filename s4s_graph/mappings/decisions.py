"""Candidates, and what people decided on them: rows in `mappings/decided.sssom.tsv`.

    candidates(data, base=BASE) -> list[Mapping]     open ones, the surest first
    settled(data, base=BASE) -> dict[Pair, Mapping]  what any set accepts or rejects, by pair
    decided(data, base=BASE) -> MappingSet           the decisions themselves
    decide(data, candidate, *, accepted, predicate, author, reason="", on=None, base=BASE)
        -> Decision                                  what was written, and what it replaced
    undo(data, decision, base=BASE) -> None          as it was before that decision
    author_id(text) -> str                           an address for what someone typed

`data` is the folder that holds `mappings/`. `candidate` is a Mapping, which need not stand in a
file; `predicate` a full address such as `wording.EXACT`; `author` what `author_id` returned. Each
pair of subject and object has one decision: a new one takes the place of the old, and git keeps
both. A rejected pair is never open again. The candidate stays in its own file, so that undoing a
decision opens it again; a build leaves out the candidates that are settled.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from s4s_graph import folders
from s4s_graph.forms import Text
from s4s_graph.mappings import read, write
from s4s_graph.mappings.sets import (
    CANDIDATE,
    DECIDED_SET,
    FOLDER,
    MANUAL,
    NOT,
    SUFFIX,
    Mapping,
    MappingSet,
    Pair,
    mapping,
)
from s4s_graph.mappings.values import is_address
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Cell, Problem

ORCID = "https://orcid.org/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_ORCID = re.compile(rf"(?:{ORCID}|orcid:)?((?:\d{{4}}-){{3}}\d{{3}}[\dX])", re.IGNORECASE)
# What a decision takes along from its candidate; how it was found and scored is not the decision's.
_KEPT = (
    "subject_id",
    "subject_label",
    "subject_source",
    "subject_source_version",
    "object_id",
    "object_label",
    "object_source",
    "object_source_version",
)


class AuthorError(ValueError):
    """What someone typed does not say who decides; `message` says what would."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class BrokenSetError(ValueError):
    """A file that cannot be decided on before it is repaired; `problems` say what is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.text("en") for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Decision:
    """A row that was written, and the earlier decision on the same pair that it replaced."""

    mapping: Mapping
    replaced: Mapping | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the match holds, says the author."""
        return not self.mapping.negated


def sets(data: Path, base: str = BASE) -> Iterator[MappingSet]:
    """Yield the mapping sets in a data folder at any depth, in the order of their names.

    Raises BrokenSetError for a file with a problem, and OSError.
    """
    for file in folders.files(data):
        if file.path.match(f"{FOLDER}/*{SUFFIX}"):
            if file.refused:
                raise BrokenSetError((Problem.at(Cell(file.name), file.refused),))
            yield _whole(file.path, file.name, base)


def candidates(data: Path, base: str = BASE) -> list[Mapping]:
    """Return the candidates on whose pair nobody has decided, the surest first. Raises as `sets`.

    Of a pair that several files propose, the surest is returned.
    """
    proposed, known = _sorted_out(data, base)
    best: dict[Pair, Mapping] = {}
    for each in sorted(proposed, key=_sureness):
        if each.pair not in known:
            best.setdefault(each.pair, each)
    return list(best.values())


def settled(data: Path, base: str = BASE) -> dict[Pair, Mapping]:
    """Return what any set accepts or rejects, by its pair. Raises as `sets`."""
    return _sorted_out(data, base)[1]


def decided(data: Path, base: str = BASE) -> MappingSet:
    """Return the decisions; an empty set when there are none yet. Raises as `sets`."""
    path = _path(data)
    if path.exists():
        return _whole(path, f"{FOLDER}/{path.name}", base)
    return MappingSet(
        DECIDED_SET,
        {
            "mapping_set_id": (f"{base}graph/{FOLDER}/{DECIDED_SET}",),
            "license": (LICENSE,),
            "mapping_set_title": ("Decisions on mapping candidates",),
        },
    )


def decide(
    data: Path,
    candidate: Mapping,
    *,
    accepted: bool,
    predicate: str,
    author: str,
    reason: str = "",
    on: date | None = None,
    base: str = BASE,
) -> Decision:
    """Write what someone decided on a candidate, today unless another day is given.

    Safe while others decide too. Raises as `sets`.
    """
    made = mapping(
        **{slot: candidate.slots.get(slot) for slot in _KEPT},
        predicate_id=predicate,
        predicate_modifier=None if accepted else NOT,
        mapping_justification=MANUAL,
        author_id=author,
        mapping_date=(on or date.today()).isoformat(),
        comment=" ".join(reason.split()) or None,
    )
    return Decision(made, _put(data, made.pair, made, base))


def undo(data: Path, decision: Decision, base: str = BASE) -> None:
    """Take a decision back: the earlier one holds again, or the candidate is open. As `decide`."""
    _put(data, decision.mapping.pair, decision.replaced, base)


def author_id(text: str) -> str:
    """Return the address of an author: an ORCID in any form, a CURIE of a usual prefix, an address.

    Raises AuthorError.
    """
    text = text.strip()
    if found := _ORCID.fullmatch(text):
        digits = found[1].upper()
        if not _is_orcid(digits):
            raise AuthorError(_NO_ORCID)
        return f"{ORCID}{digits}"
    prefix, colon, local = text.partition(":")
    if colon and prefix in write.USUAL:
        text = f"{write.USUAL[prefix]}{local}"
    if not is_address(text) or text.startswith(ORCID):
        raise AuthorError(_NO_AUTHOR)
    return text


def _sorted_out(data: Path, base: str) -> tuple[list[Mapping], dict[Pair, Mapping]]:
    proposed: list[Mapping] = []
    known: dict[Pair, Mapping] = {}
    for each in sets(data, base):
        for one in each.mappings:
            if each.status(one) == CANDIDATE:
                proposed.append(one)
            else:
                known[one.pair] = one
    return proposed, known


def _sureness(candidate: Mapping) -> tuple[float, Pair, str]:
    return -(candidate.confidence or 0.0), candidate.pair, candidate.predicate


def _put(data: Path, pair: Pair, made: Mapping | None, base: str) -> Mapping | None:
    """Give a pair its decision, or none; return the one before."""
    with _alone(data):
        before = decided(data, base)
        old = next((one for one in before.mappings if one.pair == pair), None)
        kept = tuple(one for one in before.mappings if one.pair != pair)
        after = replace(before, mappings=kept if made is None else (*kept, made))
        write.write(after, _path(data), base)
    return old


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    folder = folders.inside(data / FOLDER, data)
    folder.mkdir(parents=True, exist_ok=True)
    # The folder is locked, not a file in it: git would see that.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _whole(path: Path, name: str, base: str) -> MappingSet:
    found = read.read(path, name, base)
    if found.problems:
        raise BrokenSetError(found.problems)
    return found.set


def _path(data: Path) -> Path:
    return data / FOLDER / f"{DECIDED_SET}{SUFFIX}"


def _is_orcid(digits: str) -> bool:
    """Check the last character, which ISO 7064 (MOD 11-2) computes from the others."""
    total = 0
    for digit in digits[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]


_NO_ORCID = Text(
    nl="deze ORCID klopt niet: het laatste teken past niet bij de andere",
    en="this ORCID is not right: its last character does not fit the others",
)
_NO_AUTHOR = Text(
    nl="geef een ORCID, zoals 0000-0002-1825-0097, of een webadres dat zegt wie u bent",
    en="give an ORCID, such as 0000-0002-1825-0097, or a web address that says who you are",
)
