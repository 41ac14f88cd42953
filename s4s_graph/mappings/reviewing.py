"""A review: the open candidates one by one, and what a person decides on them.

Nothing is kept but the decisions in the data folder. So a review goes on where the one before
stopped, and several people may review at the same time: of a pair the first decision stays.
"""

from dataclasses import dataclass, field
from pathlib import Path

from s4s_graph.forms import Text
from s4s_graph.mappings import decisions, wording
from s4s_graph.mappings.decisions import Decision
from s4s_graph.mappings.sets import Mapping
from s4s_graph.namespaces import BASE

UNDONE = Text(nl="Ongedaan gemaakt: dit paar is weer open.", en="Undone: this pair is open again.")
NOTHING_DONE = Text(
    nl="In deze beoordeling is nog niets beslist.", en="Nothing was decided in this review yet."
)
TAKEN = Text(
    nl="Iemand anders besliste hier intussen over; die beslissing blijft staan.",
    en="Someone else decided on this meanwhile; that decision stays.",
)


class NoSetError(LookupError):
    """There is no mapping set of a name; the text has the names that there are."""


@dataclass(frozen=True)
class Made:
    """A decision of this review, the candidate that it was about, and where that stood."""

    decision: Decision
    candidate: Mapping
    place: int


@dataclass
class Review:
    """The open candidates of a data folder, one of which is looked at.

    author: an address, as `decisions.author_id` gives. Methods that write raise OSError and
    decisions.BrokenSetError.
    """

    data: Path
    author: str
    open: list[Mapping]
    base: str = BASE
    place: int = 0
    made: list[Made] = field(default_factory=list)

    @property
    def current(self) -> Mapping | None:
        """The candidate that is looked at; None when all are decided on."""
        return self.open[self.place] if self.open else None

    def go(self, steps: int) -> None:
        """Look at another candidate; before the first and behind the last there is none."""
        self.place = max(0, min(self.place + steps, len(self.open) - 1))

    def find(self, subject: str, object_: str) -> bool:
        """Look at the candidate about this pair, and say whether it is open."""
        place = next((n for n, c in enumerate(self.open) if c.pair == (subject, object_)), None)
        if place is not None:
            self.place = place
        return place is not None

    def decide(self, *, accepted: bool, predicate: str, reason: str = "") -> Decision | None:
        """Write a decision on the candidate that is looked at, and look at the next.

        Returns None where someone else decided on this pair meanwhile: theirs stays.
        Raises IndexError when nothing is open.
        """
        candidate = self.open[self.place]
        decision = decisions.decide(
            self.data,
            candidate,
            accepted=accepted,
            predicate=predicate,
            author=self.author,
            reason=reason,
            base=self.base,
        )
        del self.open[self.place]
        place = self.place
        self.go(0)
        if decision.replaced is not None:
            decisions.undo(self.data, decision, base=self.base)
            return None
        self.made.append(Made(decision, candidate, place))
        return decision

    def undo(self) -> Decision | None:
        """Take the last decision of this review back, and look at its candidate again."""
        if not self.made:
            return None
        last = self.made.pop()
        decisions.undo(self.data, last.decision, base=self.base)
        self.place = min(last.place, len(self.open))
        self.open.insert(self.place, last.candidate)
        return last.decision


def start(data: Path, author: str, name: str = "", base: str = BASE) -> Review:
    """Return a review of the open candidates, or of those in the set of a name only.

    Raises OSError, decisions.BrokenSetError, and NoSetError.
    """
    found = decisions.candidates(data, base)
    if name:
        pairs = {each.name: {m.pair for m in each.mappings} for each in decisions.sets(data, base)}
        if name not in pairs:
            raise NoSetError(", ".join(pairs))
        found = [one for one in found if one.pair in pairs[name]]
    return Review(data, author, found, base)


def told(decision: Decision, subject: str, object_: str, lang: str) -> str:
    """Return a decision as a sentence, with what the two concepts are called."""
    said = wording.predicate(decision.mapping.predicate, denied=not decision.accepted).of(lang)
    start = Text(nl="Vastgelegd", en="Recorded").of(lang)
    return f"{start}: {subject} {said} {object_}."
