"""What earlier releases gave away: the difference between two may single out who came or changed.

Pseudonyms stay the same from one release to the next. A company that joins alone would thereby be
known, one that changes alone by being told otherwise than those it was told alike with, and one
that leaves alone by not being told any more. So companies join by as many as the floor says, those
that were told alike stay alike (`grouping.grouped`), and they leave by as many too: the others are
held back (for the problem, and another answer: X. Xiao and Y. Tao, M-invariance: towards privacy
preserving re-publication of dynamic datasets, SIGMOD 2007).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import dumps, release
from s4s_graph.anonymity.grouping import Group
from s4s_graph.anonymity.profiles import Kinds, Profile, Signature, profiles
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.release import ReleaseError

Published = Mapping[str, Signature]  # by company


def published(folder: Path | None, kinds: Kinds) -> Published:
    """Return what a public release says of companies; nothing when it was never checked.

    A release without a disclosure report was made before there was a check: it told of each
    company what it told, and no later release can take that back.
    """
    if folder is None:
        return {}
    try:
        manifest = release.read_manifest(folder / release.MANIFEST)
    except ReleaseError:
        return {}
    if release.DISCLOSURE not in manifest.files or manifest.is_restricted:
        return {}
    found = profiles(_about(folder / release.N_QUADS, kinds), kinds)
    return {str(profile.company): profile.signature for profile in found}


def told(groups: Iterable[Group]) -> Published:
    """Return what is said of the companies in some groups."""
    return {
        str(member.company): (group.traits, group.facts)
        for group in groups
        for member in group.members
    }


def alone(groups: Iterable[Group], before: Published, floor: int) -> Iterator[Profile]:
    """Yield the companies that join by too few, and those that too few others leave with."""
    there: dict[str, Profile] = {}
    for group in groups if before else ():
        there |= {str(member.company): member for member in group.members}
        joining = [member for member in group.members if str(member.company) not in before]
        if len(joining) < floor:
            yield from joining
    for some in _together(before, floor):
        if not all(name in there for name in some):
            yield from (there[name] for name in some if name in there)


def _together(before: Published, floor: int) -> Iterator[list[str]]:
    """Yield the companies that were told alike, by as many as leave together.

    Who is with whom must not depend on who leaves, or it would tell that.
    """
    alike: dict[Signature, list[str]] = defaultdict(list)
    for company, signature in sorted(before.items(), key=lambda item: item[0]):
        alike[signature].append(company)
    for names in alike.values():
        last = (max(len(names) // floor, 1) - 1) * floor
        yield from (names[start : start + floor] for start in range(0, last, floor))
        yield names[last:]


def _about(dump: Path, kinds: Kinds) -> Iterator[ox.Quad]:
    """Yield what a dump says of companies and of what took place there."""
    wanted = {ox.NamedNode(iri) for iri in (kinds.company.class_iri, *kinds.events) if iri}
    for _, said in groupby(dumps.read([dump]), key=attrgetter("subject")):
        quads = list(said)
        if any(quad.predicate == RDF_TYPE and quad.object in wanted for quad in quads):
            yield from quads
