"""Circles of interventions: those that keep themselves going, and those that do harm.

The self-reinforcing effects that the programme hopes for, and the vicious circle that it fears.
Outcomes that come back as contexts: Jagosh et al. (2015, doi 10.1186/s12889-015-1949-1).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from s4s_graph.coherence.circles import Path, Search, parts
from s4s_graph.coherence.conflicts import anyhow, harmed, harms
from s4s_graph.coherence.links import Links
from s4s_graph.coherence.links import links as links_of
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import Pairs, members, turned, union
from s4s_graph.coherence.view import View, favourable

LONGEST, MOST, STEPS = 6, 200, 500_000

Kind = Literal["reinforcing", "vicious"]


@dataclass(frozen=True)
class Loop:
    """A circle of subjects from the smallest one on; the first follows the last again.

    `adverse` says, for each subject, whether the circle goes through an adverse outcome of it.
    `from_kind`: it does not close without what is known of the kinds only.
    """

    subjects: tuple[str, ...]
    adverse: tuple[bool, ...]
    from_kind: bool

    @property
    def kind(self) -> Kind:
        """Vicious if the circle goes through an adverse outcome anywhere."""
        return "vicious" if any(self.adverse) else "reinforcing"


@dataclass(frozen=True)
class Loops:
    """The loops; `complete` if no bound but that on their length was met.

    First those that close without what is known of kinds only, each time the shortest first.
    `groups` are the subjects that all reach one another over links, however long the way: every
    self-reinforcing loop of any length lies within one of them.
    """

    found: tuple[Loop, ...]
    complete: bool
    groups: tuple[tuple[str, ...], ...]


def loops(
    view: View, links: Links, longest: int = LONGEST, most: int = MOST, steps: int = STEPS
) -> Loops:
    """Return the loops of at most so many subjects, at most so many of them.

    A loop enters and leaves each subject on one side of it, favourable or adverse, and visits no
    subject twice. From i to j it goes, where k is a configuration of i and l one of j:
    - favourable to favourable: by a link;
    - favourable or adverse to adverse: k brings about what an l of valence averechts needs;
    - adverse to favourable: a k of valence averechts works against a favourable l (a conflict).
    `steps` bounds the work: rows of bits looked at in the search.
    """
    lengths, found = range(2, longest + 1), dict[Path, bool]()
    ways = [(view, links, view.bare is not view)]
    if view.bare is not view:
        ways.insert(0, (view.bare, links_of(view.bare), False))
    exhausted = False
    for seen, between, from_kind in ways:
        search = _search(seen, between, steps)
        for path in islice(search.circles(lengths), most + 1):
            found.setdefault(path, from_kind)
        exhausted |= search.exhausted
    made = (_loop(view, path, from_kind) for path, from_kind in found.items())
    ordered = sorted(made, key=_rank)
    complete = len(found) <= most and not exhausted
    return Loops(tuple(ordered[:most]), complete, groups(links.pairs))


def _search(view: View, links: Links, steps: int) -> Search:
    rows, number = _sides(view, links), len(view.subjects)
    twins = [1 << node | 1 << (node + number) % (2 * number) for node in range(2 * number)]
    return Search(rows, turned(rows), twins, steps)


def _rank(loop: Loop) -> tuple[bool, int, tuple[str, ...], tuple[bool, ...]]:
    return loop.from_kind, len(loop.subjects), loop.subjects, loop.adverse


def _loop(view: View, path: Path, from_kind: bool) -> Loop:
    number = len(view.subjects)
    start = path.index(min(path, key=lambda node: node % number))
    turned_path = path[start:] + path[:start]
    return Loop(
        tuple(view.subjects[node % number] for node in turned_path),
        tuple(node >= number for node in turned_path),
        from_kind,
    )


def groups(pairs: Pairs) -> tuple[tuple[str, ...], ...]:
    """Return the subjects that all reach one another along pairs, group by group, sorted."""
    found = parts(pairs.rows, pairs.turned.rows)
    return tuple(sorted(tuple(pairs.subjects[place] for place in members(mask)) for mask in found))


def _sides(view: View, links: Links) -> tuple[int, ...]:
    """Return what follows each side: bit i is the favourable side of i, bit n + i the adverse."""
    number = len(view.subjects)
    against, feared = harmed(view), _feared(view)
    good, bad = [], []
    for place, subject in enumerate(view.subjects):
        others = ~(1 << place | 1 << number + place)
        found = view.of.get(subject, ())
        adverse = [operator for operator in found if _adverse(operator)]
        made = _made(view, filter(favourable, found))
        good.append((links.pairs.rows[place] | union(feared, made)) & others)
        worse = anyhow(harms(view, adverse, against))
        bad.append((worse | union(feared, _made(view, adverse))) & others)
    return (*good, *bad)


def _feared(view: View) -> dict[str, int]:
    """Return for each condition the adverse sides of the subjects that it sets off."""
    found: defaultdict[str, int] = defaultdict(int)
    for operator in filter(_adverse, view.operators):
        for needed in operator.configuration.needs:
            found[needed] |= 1 << len(view.subjects) + view.place[operator.subject]
    return found


def _made(view: View, operators: Iterable[Operator]) -> frozenset[str]:
    return view.broader(name for item in operators for name in item.configuration.brings)


def _adverse(operator: Operator) -> bool:
    return operator.configuration.valence == "averechts"
