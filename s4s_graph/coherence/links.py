"""Links: what one intervention brings about is what another needs.

The ripple effect of realist evaluation (Jagosh et al. 2015, doi 10.1186/s12889-015-1949-1): an
outcome becomes the context of a next configuration. As in STRIPS (Fikes & Nilsson 1971,
doi 10.1016/0004-3702(71)90010-5), an effect of one operator is a precondition of another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from s4s_graph.coherence.model import EMPTY, Level, Operator
from s4s_graph.coherence.pairs import Pairs, Places, gathered, together, union
from s4s_graph.coherence.view import Applied, State, View, Years, favourable

Standing = Literal[
    "observed", "both-supported", "one-supported", "hypothesis", "from-kind", "contradicted"
]
STANDINGS: tuple[Standing, ...] = get_args(Standing)  # the best first

# What the standing of a link depends on, on either side: the findings, and whether it is known
# of the kind only.
Side = tuple[State, bool]


@dataclass(frozen=True)
class Row:
    """What one subject is linked to, as bits; see Links.

    `by_standing` divides `links` by the best standing, and `broken` may overlap with these.
    """

    by_standing: Mapping[Standing, int]
    links: int
    broken: int


@dataclass(frozen=True)
class Links:
    """The pairs i → j in which i opens the way for j, and those where that is known to break.

    `by_standing` divides `pairs` by the best standing that any of their instances has. `broken` are
    all pairs with an instance that breaks, `breaks` those among them that are no link otherwise.
    """

    level: Level
    pairs: Pairs
    by_standing: Mapping[Standing, Pairs]
    breaks: Pairs
    broken: Pairs

    def rows(self) -> Iterator[Row]:
        """Yield what each subject is linked to."""
        columns = zip(*(self.by_standing[name].rows for name in STANDINGS), strict=True)
        for bits, linked, broken in zip(columns, self.pairs.rows, self.broken.rows, strict=True):
            yield Row(dict(zip(STANDINGS, bits, strict=True)), linked, broken)

    def standing(self, origin: str, target: str) -> Standing | None:
        """Return the standing of a pair; None if it is no link."""
        if (origin, target) not in self.pairs:
            return None
        return next(name for name in STANDINGS if (origin, target) in self.by_standing[name])


@dataclass(frozen=True)
class Passing:
    """The links of a view, found anew each time that they are gone through: none is kept."""

    view: View

    def rows(self) -> Iterator[Row]:
        """Yield what each subject is linked to."""
        return rows(self.view)


@dataclass(frozen=True)
class Instance:
    """One way in which a pair is linked: what the giver makes satisfies what the taker needs.

    `breaks`: the hand-off is made, but what should follow does not, or what is unwanted follows.
    `companies`: where the hand-off was observed.
    """

    giver: Operator
    taker: Operator
    made: str
    needed: str
    standing: Standing
    breaks: bool
    companies: tuple[str, ...]


def links(view: View) -> Links:
    """Return every link i → j (i ≠ j) with its standing, and every break.

    A link: some configuration k of i and l of j, both of a favourable valence, where k brings about
    c, l needs d, and c is d or narrower. A break: the same with an l whose outcome stayed away
    (uitblijvend) or is adverse (averechts). A k of those valences gives no link: it brings about
    nothing, or what nobody wants.
    """
    found = tuple(rows(view))
    by_standing = {
        name: Pairs(view.subjects, tuple(row.by_standing[name] for row in found))
        for name in STANDINGS
    }
    pairs = Pairs(view.subjects, tuple(row.links for row in found))
    broken = Pairs(view.subjects, tuple(row.broken for row in found))
    return Links(view.level, pairs, by_standing, broken - pairs, broken)


def rows(view: View) -> Iterator[Row]:
    """Yield what each subject of a view is linked to, one by one: all together may be too many."""
    wanted, spoilt, observed = _targets(view)

    def opened(operators: Sequence[Operator]) -> tuple[dict[Standing, int], int]:
        offers = _offers(view, operators)
        return _passed(offers, wanted), union(spoilt, EMPTY.union(*offers.values()))

    for place, (own, shared) in enumerate(view.each(opened)):
        others = ~(1 << place)
        found: dict[Standing, int] = {}
        linked = 0
        for name in STANDINGS:
            bits = own[0][name] | shared[0][name]
            if name == "observed":
                bits |= union(observed, (place,))
            found[name] = bits & others & ~linked
            linked |= found[name]
        yield Row(found, linked, (own[1] | shared[1]) & others)


def instances(view: View, origin: str, target: str) -> tuple[Instance, ...]:
    """Return each way in which a pair is linked, the best standing first, the breaks last."""
    if origin == target:
        return ()
    takers = view.of.get(target, ())
    givers = filter(favourable, view.of.get(origin, ()))
    found = [item for giver in givers for item in _instances(view, giver, takers)]
    return tuple(sorted(found, key=_rank))


def standing(view: View, giver: Operator, taker: Operator) -> tuple[Standing, tuple[str, ...]]:
    """Return the standing of one instance, and the companies where it was observed.

    In this order: contradicted (either side is); from the kind (either side is known of the kind
    only); observed; both sides, one side or no side supported by findings of its own.
    """
    said = _standing(_side(view, giver), _side(view, taker))
    if said in {"contradicted", "from-kind"}:
        return said, ()
    companies = witnesses(view, giver.subject, taker)
    return ("observed" if companies else said), companies


def witnesses(view: View, origin: str, taker: Operator) -> tuple[str, ...]:
    """Return the companies where an operator worked after, or together with, an intervention.

    A company that deployed `origin` before the taker's subject or in the same year, and where a
    case of the year of that deployment, or of a later one, supports the taker's configuration.
    """
    found = {
        company
        for company, used, year in _successes(view, taker)
        if min(used.get(origin, (year + 1,))) <= year
    }
    return tuple(sorted(found))


def _successes(view: View, taker: Operator) -> Iterator[tuple[str, Years, int]]:
    """Yield each company where a case supports the operator, with the year of its deployment."""
    for finding in view.findings.get(taker.configuration.id, ()):
        if finding.direction == "supports" and finding.company and finding.year is not None:
            used = view.uses.get(finding.company, {})
            years = [year for year in used.get(taker.subject, ()) if year <= finding.year]
            if years:
                yield finding.company, used, max(years)


def _observed(view: View) -> dict[int, Places]:
    """Return for each place the places to which a link from there was observed.

    From the findings, since few pairs were ever used in one company.
    """
    able = [item for item in view.applied if favourable(item) and _can_be_observed(view, item)]
    makers: defaultdict[str, set[str]] = defaultdict(set)
    for item in able:
        for made in view.broader(item.configuration.brings):
            makers[made].update(view.subjects[place] for place in item.places)
    found = list[tuple[int, Iterable[int]]]()
    for item in able:
        needed = [makers[name] for name in item.configuration.needs if name in makers]
        for place in item.places if needed else ():
            before = _before(view, Operator(view.subjects[place], item.configuration))
            for origin in EMPTY.union(*needed).intersection(before):
                found.append((view.place[origin], (place,)))
    return gathered(found, len(view.subjects))


def _before(view: View, taker: Operator) -> Iterator[str]:
    """Yield what a company deployed before a taker that worked there, or in the same year."""
    for _, used, year in _successes(view, taker):
        for origin, (first, *_) in used.items():
            if first <= year:
                yield origin


def _can_be_observed(view: View, item: Applied) -> bool:
    """Say whether the standing of a link with this on a side can rest on an observation."""
    return _standing(_side(view, item), ("supported", False)) not in {"contradicted", "from-kind"}


def _instances(view: View, giver: Operator, takers: Iterable[Operator]) -> Iterator[Instance]:
    met = {made: view.broader([made]) for made in giver.configuration.brings}
    for taker in takers:
        needs = taker.configuration.needs
        if passed := [(made, d) for made, broader in met.items() for d in needs & broader]:
            said, companies = standing(view, giver, taker)
            for made, needed in passed:
                yield Instance(giver, taker, made, needed, said, not favourable(taker), companies)


def _rank(found: Instance) -> tuple[bool, int, str, str, str, str]:
    giver, taker = found.giver.configuration.id, found.taker.configuration.id
    return found.breaks, STANDINGS.index(found.standing), giver, taker, found.made, found.needed


def _side(view: View, found: Operator | Applied) -> Side:
    return view.state(found.configuration.id), found.from_kind


@cache
def _standing(giver: Side, taker: Side) -> Standing:
    states = [giver[0], taker[0]]
    if "contradicted" in states:
        return "contradicted"
    if giver[1] or taker[1]:
        return "from-kind"
    supported: tuple[Standing, ...] = ("hypothesis", "one-supported", "both-supported")
    return supported[states.count("supported")]


@lru_cache(maxsize=2)
def _targets(
    view: View,
) -> tuple[dict[str, dict[Side, Places]], dict[str, Places], dict[int, Places]]:
    """Return what may be linked to; remembered, since rows are gone through more than once."""
    return _takers(view), _spoilt(view), _observed(view)


def _takers(view: View) -> dict[str, dict[Side, Places]]:
    """Return for each needed condition which subjects need it, by what their standing rests on."""
    found: defaultdict[str, dict[Side, Places]] = defaultdict(dict)
    needing = (
        ((needed, _side(view, item)), item.places)
        for item in filter(favourable, view.applied)
        for needed in item.configuration.needs
    )
    for (needed, side), places in gathered(needing, len(view.subjects)).items():
        found[needed][side] = places
    return found


def _spoilt(view: View) -> dict[str, Places]:
    """Return for each condition the subjects of which that needs it goes wrong."""
    needing = (
        (needed, item.places)
        for item in view.applied
        if not favourable(item)
        for needed in item.configuration.needs
    )
    return gathered(needing, len(view.subjects))


def _offers(view: View, operators: Iterable[Operator]) -> dict[Side, frozenset[str]]:
    """Return which needs operators satisfy, by what their standing rests on."""
    found: dict[Side, frozenset[str]] = {}
    for operator in filter(favourable, operators):
        side = _side(view, operator)
        met = view.broader(operator.configuration.brings)
        found[side] = found.get(side, EMPTY) | met
    return found


def _passed(
    offers: Mapping[Side, frozenset[str]], takers: Mapping[str, Mapping[Side, Places]]
) -> dict[Standing, int]:
    """Return, by standing, the bits of all that these offers open the way for."""
    found: defaultdict[Standing, list[Places]] = defaultdict(list)
    for side, met in offers.items():
        for needed in met:
            for other, places in takers.get(needed, {}).items():
                found[_standing(side, other)].append(places)
    return {name: together(found.get(name, ())) for name in STANDINGS}
