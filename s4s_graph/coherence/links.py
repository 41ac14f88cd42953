"""Links: what one intervention brings about is what another needs.

The ripple effect of realist evaluation (Jagosh et al. 2015, doi 10.1186/s12889-015-1949-1): an
outcome becomes the context of a next configuration. As in STRIPS (Fikes & Nilsson 1971,
doi 10.1016/0004-3702(71)90010-5), an effect of one operator is a precondition of another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from s4s_graph.coherence.model import Level, Operator
from s4s_graph.coherence.pairs import Pairs
from s4s_graph.coherence.view import State, View, Years, favourable

Standing = Literal[
    "observed", "both-supported", "one-supported", "hypothesis", "from-kind", "contradicted"
]
STANDINGS: tuple[Standing, ...] = get_args(Standing)  # the best first

# What the standing of a link depends on, on either side: the findings, and whether it is known
# of the kind only.
Side = tuple[State, bool]
Masks = dict[Side, int]


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

    def standing(self, origin: str, target: str) -> Standing | None:
        """Return the standing of a pair; None if it is no link."""
        if (origin, target) not in self.pairs:
            return None
        return next(name for name in STANDINGS if (origin, target) in self.by_standing[name])


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
    wanted, spoilt = _takers(view, good=True), _takers(view, good=False)
    given = [_offers(view, subject) for subject in view.subjects]
    rows = [_row(place, offers, wanted) for place, offers in enumerate(given)]
    for origin, target in _observed(view):
        rows[view.place[origin]]["observed"] |= 1 << view.place[target]
    parts = _best(view, rows)
    pairs = Pairs(view.subjects, tuple(_any(row) for row in rows))
    broken_rows = (_any(_row(place, offers, spoilt)) for place, offers in enumerate(given))
    broken = Pairs(view.subjects, tuple(broken_rows))
    return Links(view.level, pairs, parts, broken - pairs, broken)


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


def _observed(view: View) -> Iterator[tuple[str, str]]:
    # From the findings, since few pairs were ever used in one company.
    for taker in view.operators:
        if favourable(taker):
            deployed = {name for _, used, _ in _successes(view, taker) for name in used}
            for origin in sorted(deployed - {taker.subject}):
                if any(
                    standing(view, giver, taker)[0] == "observed" and _passes(view, giver, taker)
                    for giver in view.of.get(origin, ())
                ):
                    yield origin, taker.subject


def _passes(view: View, giver: Operator, taker: Operator) -> bool:
    made = view.broader(giver.configuration.brings)
    return favourable(giver) and not made.isdisjoint(taker.configuration.needs)


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


def _side(view: View, operator: Operator) -> Side:
    return view.state(operator.configuration.id), operator.from_kind


def _standing(giver: Side, taker: Side) -> Standing:
    states = [giver[0], taker[0]]
    if "contradicted" in states:
        return "contradicted"
    if giver[1] or taker[1]:
        return "from-kind"
    supported: tuple[Standing, ...] = ("hypothesis", "one-supported", "both-supported")
    return supported[states.count("supported")]


def _takers(view: View, *, good: bool) -> dict[str, Masks]:
    """Return for each needed condition which subjects need it, by what their standing rests on."""
    found: defaultdict[str, Masks] = defaultdict(dict)
    for operator in view.operators:
        if favourable(operator) is good:
            side, bit = _side(view, operator), 1 << view.place[operator.subject]
            for needed in operator.configuration.needs:
                found[needed][side] = found[needed].get(side, 0) | bit
    return found


def _offers(view: View, subject: str) -> dict[Side, frozenset[str]]:
    """Return which needs a subject satisfies, by what their standing rests on."""
    found: dict[Side, frozenset[str]] = {}
    for operator in view.of.get(subject, ()):
        if favourable(operator):
            side = _side(view, operator)
            met = view.broader(operator.configuration.brings)
            found[side] = found.get(side, frozenset()) | met
    return found


def _row(
    place: int, offers: Mapping[Side, frozenset[str]], takers: Mapping[str, Masks]
) -> dict[Standing, int]:
    """Return, by standing, the bits of all that one subject opens the way for."""
    found: dict[Standing, int] = dict.fromkeys(STANDINGS, 0)
    for side, met in offers.items():
        for needed in met:
            for other, mask in takers.get(needed, {}).items():
                found[_standing(side, other)] |= mask
    others = ~(1 << place)
    return {name: mask & others for name, mask in found.items()}


def _any(row: Mapping[Standing, int]) -> int:
    found = 0
    for mask in row.values():
        found |= mask
    return found


def _best(view: View, rows: list[dict[Standing, int]]) -> dict[Standing, Pairs]:
    """Return the pairs of each standing, without those that have a better one."""
    better = [0] * len(rows)
    found: dict[Standing, Pairs] = {}
    for name in STANDINGS:
        found[name] = Pairs(
            view.subjects, tuple(row[name] & ~had for row, had in zip(rows, better, strict=True))
        )
        better = [had | row[name] for row, had in zip(rows, better, strict=True)]
    return found
