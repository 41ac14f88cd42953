"""What would be out of reach if something failed, for many such cases in one pass.

A case takes a column for each company where something that fails would have worked; all columns
then go through one fixed point.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from s4s_graph.coherence.fixpoint import Columns, Fixpoint, Rules
from s4s_graph.coherence.pairs import mask, members

COLUMNS_AT_A_TIME = 20_000


@dataclass(frozen=True)
class Failure:
    """For each rule that fails, by its number, the companies at which it does."""

    where: Mapping[int, int]


@dataclass(frozen=True)
class Losses:
    """What is within reach now, to hold failures against; `asked`: the conditions of interest."""

    rules: Rules
    start: Columns
    now: Fixpoint
    asked: tuple[str, ...]

    def of(self, failures: Iterable[Failure]) -> Iterator[Mapping[str, int]]:
        """Yield for each failure, by condition, the companies that lose it from their reach."""
        batch: list[tuple[Failure, list[int]]] = []
        width = 0
        for failure in failures:
            places = list(members(self._struck(failure)))
            batch.append((failure, places))
            width += len(places)
            if max(width, len(batch)) >= COLUMNS_AT_A_TIME:
                yield from self._lost(batch)
                batch, width = [], 0
        yield from self._lost(batch)

    def _struck(self, failure: Failure) -> int:
        bits = 0
        for number, companies in failure.where.items():
            bits |= self.now.fires(number) & companies
        return bits

    def _lost(self, batch: Sequence[tuple[Failure, list[int]]]) -> Iterator[Mapping[str, int]]:
        places = [place for _, columns in batch for place in columns]
        barred: dict[int, int] = {}
        offset = 0
        for failure, columns in batch:
            for number, companies in failure.where.items():
                struck = (n for n, place in enumerate(columns) if companies >> place & 1)
                block = mask(struck, len(columns)) << offset
                barred[number] = barred.get(number, 0) | block
            offset += len(columns)
        then = Fixpoint(self.rules, self._at(places), barred).satisfied
        kept = {condition: then.get(condition, 0) for condition in self.asked}
        before = _picked(self.now.satisfied, self.start.width, places, self.asked)
        offset = 0
        for _, columns in batch:
            yield {
                condition: lost
                for condition in self.asked
                if (bits := (before.get(condition, 0) & ~kept[condition]) >> offset)
                and (lost := self._spread(bits, columns))
            }
            offset += len(columns)

    def _spread(self, bits: int, columns: Sequence[int]) -> int:
        chosen = members(bits & ((1 << len(columns)) - 1))
        return mask((columns[place] for place in chosen), self.start.width)

    def _at(self, places: Sequence[int]) -> Columns:
        held, satisfied = self.start.held, self.start.satisfied
        return Columns(
            len(places),
            _picked(held, self.start.width, places, held),
            _picked(satisfied, self.start.width, places, satisfied),
        )


def _picked(
    bits: Mapping[str, int], width: int, places: Sequence[int], names: Iterable[str]
) -> dict[str, int]:
    """Return bits by condition with bit n the old bit `places[n]`."""
    if not places:
        return {}
    # As text, since to pick characters runs at the speed of C; a zero is picked in front, because
    # with one place only itemgetter would give no tuple.
    pick = itemgetter(width, *reversed(places))
    return {
        name: int("".join(pick(format(bits.get(name, 0), f"0{width}b")[::-1] + "0")), 2)
        for name in names
    }
