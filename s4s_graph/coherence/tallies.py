"""How many links there are, for those who need not know which: all together may be too many."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s4s_graph.coherence.links import STANDINGS, Row, Standing
from s4s_graph.coherence.practice import said, strangers
from s4s_graph.coherence.view import View


@dataclass(frozen=True)
class Tally:
    """The numbers of links and of breaks.

    `connected`: how many subjects have a link, on either side. `said`: of how many links people
    say so too. `agreements`: how many are between holders who have to agree.
    """

    by_standing: Mapping[Standing, int]
    breaks: int
    connected: int
    said: int
    agreements: int

    @property
    def links(self) -> int:
        """How many links there are."""
        return sum(self.by_standing.values())


def tally(view: View, rows: Iterable[Row]) -> Tally:
    """Count what the subjects of a view are linked to."""
    counts: Counter[str] = Counter(dict.fromkeys(STANDINGS, 0))
    touched = breaks = spoken = agreed = 0
    found = zip(rows, said(view).rows, strangers(view), strict=True)
    for place, (row, told, apart) in enumerate(found):
        for name, bits in row.by_standing.items():
            counts[name] += bits.bit_count()
        touched |= row.links | (1 << place if row.links else 0)
        breaks += (row.broken & ~row.links).bit_count()
        spoken += (row.links & told).bit_count()
        agreed += (row.links & apart).bit_count()
    by_standing = {name: counts[name] for name in STANDINGS}
    return Tally(by_standing, breaks, touched.bit_count(), spoken, agreed)
