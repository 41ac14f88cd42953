"""Evidence over the years: findings for, against and refining, by what kind of content they are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.coherence.sheets import Count, Row, Sheet, Words, listed
from catalogue.picturing import bars
from catalogue.picturing.asked import Asked, Picture
from catalogue.picturing.bars import Lane
from catalogue.picturing.facts import STATUSES, Facts, Status
from catalogue.things.understanding import Stand

Scope = Literal["own", "kind"]
SCOPES: tuple[Scope, ...] = ("own", "kind")
STANDS: tuple[Stand, ...] = ("for", "against", "refines", "neither")

Year = int | None  # None where it is not known
Key = tuple[Scope, Year, Status]


@dataclass(frozen=True)
class Evidence:
    """How many findings say what: of the interventions themselves apart from of their kinds."""

    counts: Mapping[Key, Mapping[Stand, int]]
    ids: Mapping[Key, frozenset[str]]

    def total(self, stand: Stand, *, invented: bool) -> int:
        """Return how many findings there are in all."""
        return sum(
            counts.get(stand, 0)
            for (_, _, status), counts in self.counts.items()
            if (status == "illustrative") is invented
        )


def counted(facts: Facts, interventions: Sequence[str]) -> Evidence:
    """Count the findings on the configurations about some interventions, and about their kinds.

    Those on a configuration that was rejected count as well: they are why it was.
    """
    about = {"own": facts.own(interventions), "kind": facts.of_kind(interventions)}
    counts: dict[Key, Counter[Stand]] = {}
    ids: dict[Key, set[str]] = {}
    for scope in SCOPES:
        for one in about[scope]:
            for found in facts.findings.get(one.id, ()):
                key = scope, found.year, found.status
                counts.setdefault(key, Counter())[found.stand] += 1
                ids.setdefault(key, set()).add(found.id)
    return Evidence(counts, {key: frozenset(found) for key, found in ids.items()})


def evidence(asked: Asked, *, literal: bool = False) -> Picture:
    """Return the findings over the years on what was asked for."""
    facts, gettext = asked.facts, asked.page.words.gettext
    found = facts.remember(("evidence", asked.things), lambda: counted(facts, asked.iris))
    caption = _caption(asked, found)
    words = bars.Words(
        caption,
        gettext(
            "A row for findings for, against and refining, a column for each year. The higher a "
            "bar, the more findings. A table with the same numbers follows."
        ),
        gettext("no year"),
        {
            "observed": gettext("observed by the programme"),
            "reported": gettext("reported by a public source"),
            "illustrative": gettext("invented example, not a finding; number in brackets"),
        },
        None if literal else f"{asked.to()}#table",
    )
    drawn = bars.drawn(words, _lanes(asked, found), literal=literal) if found.counts else None
    notes = (
        gettext(
            "For: the finding supports a favourable outcome. Against: it contradicts one, or "
            "supports that the outcome is adverse or stays away. The year is that of the round, "
            "of the finding or of its study."
        ),
    )
    return Picture(caption, _sheet(asked, found), drawn, notes)


def _lanes(asked: Asked, found: Evidence) -> list[Lane]:
    stands, scopes = _stands(asked), _scopes(asked)
    lanes = []
    for scope in SCOPES:
        for stand in STANDS:
            counts = {
                (year, status): counts[stand]
                for (where, year, status), counts in found.counts.items()
                if where == scope and counts.get(stand)
            }
            if counts or (stand in {"for", "against"} and _any(found, scope)):
                lanes.append(Lane(scopes[scope], stands[stand], stand, counts))
    return lanes


def _any(found: Evidence, scope: Scope) -> bool:
    return any(where == scope for where, _, _ in found.counts)


def _stands(asked: Asked) -> dict[Stand, str]:
    gettext = asked.page.words.gettext
    return {
        "for": gettext("for"),
        "against": gettext("against"),
        "refines": gettext("refining"),
        "neither": gettext("neither"),
    }


def _scopes(asked: Asked) -> dict[Scope, str]:
    gettext = asked.page.words.gettext
    own = gettext("Of the intervention itself") if asked.one else gettext("Of these interventions")
    kind = gettext("Of its kind") if asked.one else gettext("Of their kinds")
    return {"own": own, "kind": kind}


def _sheet(asked: Asked, found: Evidence) -> Sheet:
    page, gettext = asked.page, asked.page.words.gettext
    scopes, stands = _scopes(asked), _stands(asked)
    names = page.release.names("data-statuses", page.lang)
    unknown = gettext("no year")
    columns = {"year": gettext("Year"), "about": gettext("About"), "status": gettext("Data")}

    def row(key: Key) -> Row:
        scope, year, status = key
        said = str(year) if year else unknown
        cells = ((said, said), (scope, scopes[scope]), (status, names.get(status, status)))
        words = (Words((cell,)) for cell in cells)
        numbers = (Count(found.counts[key].get(stand, 0)) for stand in STANDS)
        return Row((*words, *numbers), rests=found.ids[key])

    keys = sorted(
        found.counts,
        key=lambda key: (key[1] is None, key[1], SCOPES.index(key[0]), STATUSES.index(key[2])),
    )
    return listed(columns | {stand: stands[stand] for stand in STANDS}, keys, row)


def _caption(asked: Asked, found: Evidence) -> str:
    gettext = asked.page.words.gettext
    if not found.counts:
        return gettext("There are no findings on these configurations. That is not the same as "
                       "that it does not work.")  # fmt: skip
    real = {stand: found.total(stand, invented=False) for stand in STANDS}
    made_up = sum(found.total(stand, invented=True) for stand in STANDS)
    said = gettext("%(yes)s findings for, %(no)s against and %(refines)s refining.")
    caption = said % {"yes": real["for"], "no": real["against"], "refines": real["refines"]}
    if made_up:
        more = gettext("Beside them %(count)s invented examples, which are not findings.")
        caption = f"{caption} {more % {'count': made_up}}"
    return caption
