"""The rows of the notions that are about two interventions, or two kinds."""

from collections.abc import Iterable
from dataclasses import replace

from catalogue.coherence.seen import Run, Seen, paired
from catalogue.coherence.sheets import (
    Backed,
    Cell,
    Count,
    Row,
    Sheet,
    Standing,
    Things,
    Words,
    listed,
)
from catalogue.coherence.where import place
from s4s_graph.coherence.backing import behind
from s4s_graph.coherence.conflicts import HOWS, How, clashes
from s4s_graph.coherence.links import STANDINGS, Instance, instances
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.overlaps import Overlap, overlap
from s4s_graph.coherence.practice import (
    HolderPair,
    Said,
    agreements,
    computed_only,
    holder_pairs,
    said_and_computed,
)


def links(seen: Seen) -> Sheet:
    """Every link, the surest first."""
    gettext = seen.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "via": gettext("By way of"),
        "standing": gettext("How sure"),
        "backing": gettext("Separate studies and cases"),
        "but": gettext("But also"),
    }

    def row(origin: str, target: str) -> Row:
        found = [item for item in instances(seen.view, origin, target) if not item.breaks]
        standing = Standing(seen.links.standing(origin, target))
        backed = Backed(behind(seen.view, found))
        cells = _made(found), standing, backed, _but(seen, origin, target)
        return _row(seen, origin, target, _sides(found), *cells)

    return paired(seen, columns, row, *(seen.links.by_standing[name] for name in STANDINGS))


def breaks(seen: Seen) -> Sheet:
    """The pairs of which it is only known that the chain breaks between them."""
    gettext = seen.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "via": gettext("Handed on"),
        "outcome": gettext("What stayed away, or came instead"),
        "how": gettext("How it breaks"),
    }
    said = {"uitblijvend": gettext("it stays away"), "averechts": gettext("it turns out badly")}

    def row(origin: str, target: str) -> Row:
        found = [item for item in instances(seen.view, origin, target) if item.breaks]
        takers = [item.taker.configuration for item in found]
        outcomes = frozenset[str]().union(*(taker.outcomes for taker in takers))
        how = [(name, text) for name, text in said.items() if name in {t.valence for t in takers}]
        cells = _made(found), Things(tuple(sorted(outcomes))), Words(tuple(how), warn=True)
        return _row(seen, origin, target, _sides(found), *cells)

    return paired(seen, columns, row, seen.links.breaks)


def conflicts(seen: Seen) -> Sheet:
    """The pairs in which one works against the other, then those in which it relieves the other."""
    gettext = seen.page.words.gettext
    columns = {
        "from": gettext("One"),
        "to": gettext("Other"),
        "how": gettext("How"),
        "made": gettext("What it brings about or takes away"),
        "touched": gettext("What the other needs, or is hindered by"),
    }
    said, known = hows(seen), seen.conflicts
    relieves = "relieves", gettext("takes the reason for it away")

    def row(origin: str, target: str) -> Row:
        apart = (origin, target) not in known.pairs
        found = [item for item in clashes(seen.view, origin, target) if item.relieves is apart]
        how: list[tuple[str, str]] = [relieves]
        if not apart:
            how = [(name, said[name]) for name in HOWS if name in {item.how for item in found}]
        made, touched = {item.made for item in found}, {item.needed for item in found}
        sides = [side for item in found for side in (item.giver, item.taker)]
        cells = Words(tuple(how), warn=not apart), _things(made), _things(touched)
        return replace(_row(seen, origin, target, sides, *cells), apart=apart)

    sheet = paired(seen, columns, row, known.pairs, known.relieved)
    return replace(sheet, count=len(Run((known.pairs,), seen.subject)))


def hows(seen: Seen) -> dict[How, str]:
    """Return what each way to work against another is called."""
    gettext = seen.page.words.gettext
    return {
        "hinders": gettext("brings about what hinders it"),
        "takes-away": gettext("takes away what it needs"),
        "opposes": gettext("brings about the opposite of what it needs"),
    }


def overlaps(seen: Seen) -> Sheet:
    """The pairs for the same people, at the same step, with the same outcome."""
    gettext = seen.page.words.gettext
    columns = {
        "one": gettext("One"),
        "other": gettext("Other"),
        "actors": gettext("For"),
        "steps": gettext("At"),
        "outcomes": gettext("Same outcome"),
        "verdict": gettext("Verdict"),
        "basis": gettext("Known of"),
    }

    def row(one: str, other: str) -> Row:
        found = overlap(seen.view, seen.links, one, other)
        shared = Things(found.actors), Things(found.steps), Things(found.outcomes)
        sides = _making(seen, found)
        return _row(seen, one, other, sides, *shared, verdict(seen, found), basis(seen, found))

    own = seen.overlaps.own
    return paired(seen, columns, row, own, seen.overlaps.pairs - own)


def verdict(seen: Seen, found: Overlap) -> Words:
    """Say whether two that overlap complement each other."""
    gettext = seen.page.words.gettext
    if found.complementary:
        return Words((("complementary", gettext("linked, so they complement each other")),))
    return Words((("possible-duplicate", gettext("not linked: possibly a duplicate")),), warn=True)


def basis(seen: Seen, found: Overlap) -> Words:
    """Say whether the shared outcome is known of the interventions themselves."""
    gettext = seen.page.words.gettext
    if found.from_kind:
        return Words((("from-kind", gettext("their kind")),))
    return Words((("own", gettext("themselves")),))


def said_computed(seen: Seen) -> Sheet:
    """What is said, computed or not, and then what is only computed."""
    gettext = seen.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "relations": gettext("Said"),
        "standing": gettext("Computed"),
        "backing": gettext("Separate studies and cases"),
        "verdict": gettext("Verdict"),
    }
    verdicts = {
        "both": gettext("said and computed"),
        "said-only": gettext("said only"),
        "computed-only": gettext("computed only"),
    }

    def row(said: Said, name: str) -> Row:
        found = instances(seen.view, said.origin, said.target) if said.standing else ()
        word = Words(((name, verdicts[name]),), warn=name == "said-only")
        backed = Backed(behind(seen.view, found))
        cells = Things(said.relations), Standing(said.standing), backed, word
        return _row(seen, said.origin, said.target, _sides(found), *cells)

    every = seen.kept("said-computed", lambda: said_and_computed(seen.view, seen.links))
    told = [item for item in every if seen.subject in {None, item.origin, item.target}]
    rest = Run(
        (seen.kept("computed-only", lambda: computed_only(seen.view, seen.links)),), seen.subject
    )

    def part(start: int, end: int) -> Iterable[Row]:
        yield from (row(item, item.verdict) for item in told[start:end])
        for pair in rest.part(max(0, start - len(told)), max(0, end - len(told))):
            yield row(Said(*pair, (), seen.links.standing(*pair)), "computed-only")

    return Sheet(columns, len(told) + len(rest), part)


def holders(seen: Seen) -> Sheet:
    """Who needs an agreement with whom."""
    gettext = seen.page.words.gettext
    columns = {
        "giver": gettext("Holder that prepares"),
        "receiver": gettext("Holder that builds on it"),
        "links": gettext("Links"),
        "own": gettext("Of which known of more than the kind"),
    }

    def row(found: HolderPair) -> Row:
        asked = {"giver": place(found.giver), "receiver": place(found.receiver)}
        total = Count(found.links, seen.where.to("agreements", **asked))
        return Row((Things((found.giver,)), Things((found.receiver,)), total, Count(found.own)))

    found = seen.kept("holders", lambda: holder_pairs(seen.view, seen.links))
    return listed(columns, found, row)


def between(seen: Seen, giver: str, receiver: str) -> Sheet:
    """The links over which two holders need an agreement."""
    gettext = seen.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "via": gettext("By way of"),
        "standing": gettext("How sure"),
        "backing": gettext("Separate studies and cases"),
    }
    things = seen.view.things
    pairs = seen.kept("agreements", lambda: agreements(seen.view, seen.links))
    mine = [name for name in seen.view.subjects if giver in things[name].holders]
    found = [
        (origin, target)
        for origin in mine
        for target in pairs.after(origin)
        if receiver in things[target].holders
    ]

    def row(pair: tuple[str, str]) -> Row:
        ways = [item for item in instances(seen.view, *pair) if not item.breaks]
        standing = Standing(seen.links.standing(*pair))
        cells = _made(ways), standing, Backed(behind(seen.view, ways))
        return _row(seen, *pair, _sides(ways), *cells)

    return listed(columns, found, row)


def _row(seen: Seen, origin: str, target: str, sides: Iterable[Operator], *cells: Cell) -> Row:
    return Row(
        (Things((origin,)), Things((target,)), *cells),
        frozenset(side.configuration.id for side in sides),
        seen.where.pair(origin, target),
        (origin, target),
    )


def _sides(found: Iterable[Instance]) -> list[Operator]:
    return [side for item in found for side in (item.giver, item.taker)]


def _making(seen: Seen, found: Overlap) -> list[Operator]:
    """Return the configurations by which two subjects bring about what they share."""
    return [
        operator
        for subject in (found.one, found.other)
        for operator in seen.view.of.get(subject, ())
        if not operator.configuration.brings.isdisjoint(found.outcomes)
    ]


def _made(found: Iterable[Instance]) -> Things:
    return _things({item.made for item in found})


def _things(names: Iterable[str]) -> Things:
    return Things(tuple(sorted(names)))


def _but(seen: Seen, origin: str, target: str) -> Words:
    gettext = seen.page.words.gettext
    found = []
    if (origin, target) in seen.links.broken:
        found.append(("break", gettext("↛ breaks as well")))
    if (origin, target) in seen.conflicts.pairs:
        found.append(("conflict", gettext("↯ works against it as well")))
    return Words(tuple(found), warn=True)
