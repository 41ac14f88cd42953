"""What earlier releases gave away: the difference between two may single out who came or changed.

Pseudonyms stay the same from one release to the next. A company that joins alone, or of which
alone more is said than before, is thereby the one that joined or changed. Such companies are held
back until enough others do the same (for the problem, and a costlier answer: X. Xiao and Y. Tao,
M-invariance: towards privacy preserving re-publication of dynamic datasets, SIGMOD 2007). That
less is said of a company, or that it left, gives nothing new away about it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import dumps, release
from s4s_graph.anonymity.grouping import Group
from s4s_graph.anonymity.ladders import Ladders, Value
from s4s_graph.anonymity.profiles import Kinds, Profile, profiles
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.release import ReleaseError

Signature = tuple[tuple[Value, ...], frozenset[str]]
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


def alone(
    groups: Iterable[Group], before: Published, ladders: Ladders, floor: int
) -> Iterator[Profile]:
    """Yield the companies of which too few say something new in the same way."""
    for group in groups if before else ():
        together: dict[Signature | None, list[Profile]] = defaultdict(list)
        for member in group.members:
            together[before.get(str(member.company))].append(member)
        for signature, members in together.items():
            if len(members) < floor and _says_more(group, signature, ladders):
                yield from members


def _says_more(group: Group, before: Signature | None, ladders: Ladders) -> bool:
    if before is None:
        return True
    traits, facts = before
    if len(traits) != len(group.traits):
        return True
    pairs = zip(group.traits, traits, strict=True)
    return not (group.facts <= facts and all(ladders.covers(now, then) for now, then in pairs))


def _about(dump: Path, kinds: Kinds) -> Iterator[ox.Quad]:
    """Yield what a dump says of companies and of what took place there."""
    wanted = {ox.NamedNode(iri) for iri in (kinds.company.class_iri, *kinds.events) if iri}
    for _, said in groupby(dumps.read([dump]), key=attrgetter("subject")):
        quads = list(said)
        if any(quad.predicate == RDF_TYPE and quad.object in wanted for quad in quads):
            yield from quads
