"""Whose query runs next, so that nobody keeps the others waiting.

Four rules:

- A client holds all workers but one at most, however many queries it sends.
- Among those who wait, who used the least time goes first; what was used counts as long as
  clients compete.
- One worker is kept for short queries: only the others may be used for longer than SHORT_SECONDS.
  Who is at the last one for so long waits once more, for one of the others.
- The queue is bounded. When it is full, its place goes to who has the fewest in it.

Every method may be called by several threads at once, and none of them waits.
"""

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

SHORT_SECONDS = 1.0
REMEMBERED = 10_000  # clients of whom it is known what they used

W = TypeVar("W")


class FullError(Exception):
    """There is no place in the queue."""


@dataclass
class Turn(Generic[W]):
    """The use of one worker by one query."""

    client: str
    worker: W
    long: bool
    since: float = field(default_factory=monotonic)


@dataclass
class _Ticket(Generic[W]):
    client: str
    long: bool
    number: int
    turn: Future[Turn[W]] = field(default_factory=Future)


class Turns(Generic[W]):
    """The workers that are free, and the queue for them."""

    def __init__(self, workers: int, queue: int) -> None:
        self._queue = queue
        self._others = max(1, workers - 1)
        self._lock = Lock()
        self._free: list[W] = []
        self._waiting: list[_Ticket[W]] = []
        self._running: Counter[str] = Counter()
        self._long = 0
        self._used: dict[str, float] = {}
        self._numbers = count()

    def ask(self, client: str, *, long: bool = False) -> Future[Turn[W]]:
        """Return a turn, at once or later; FullError, here or in it, when the queue is full.

        Cancel it to leave the queue; if that fails, it has a turn that must be given back.
        """
        with self._lock:
            ticket = _Ticket[W](client, long, next(self._numbers))
            self._waiting.append(ticket)
            self._next()
            if not ticket.turn.done():
                self._bound(ticket)
            return ticket.turn

    def give_back(self, turn: Turn[W], worker: W | None) -> None:
        """End a turn. The worker is free now, or None when it is not: then `add` another."""
        with self._lock:
            self._running[turn.client] -= 1
            self._long -= turn.long
            # Whoever was idle for the moment did not compete.
            if self._waiting and len(self._used) < REMEMBERED:
                used = self._used.get(turn.client, 0.0)
                self._used[turn.client] = used + monotonic() - turn.since
            else:
                self._used.clear()
            self._running += Counter()  # drops those that have none
            if worker is not None:
                self._free.append(worker)
            self._next()

    def add(self, worker: W) -> None:
        """Take a worker into use."""
        with self._lock:
            self._free.append(worker)
            self._next()

    def lengthen(self, turn: Turn[W]) -> bool:
        """Say whether a query may go on for longer than SHORT_SECONDS where it is."""
        with self._lock:
            if not turn.long and self._long < self._others:
                turn.long = True
                self._long += 1
            return turn.long

    def clear(self) -> list[W]:
        """Turn away all who wait; return the workers that are free."""
        with self._lock:
            for ticket in self._waiting:
                _refuse(ticket)
            self._waiting.clear()
            free, self._free = self._free, []
            return free

    def _bound(self, newest: _Ticket[W]) -> None:
        self._waiting = [ticket for ticket in self._waiting if not ticket.turn.cancelled()]
        if len(self._waiting) <= self._queue:
            return
        places = Counter(ticket.client for ticket in self._waiting)
        most = max(places.values())
        last = max(
            (ticket for ticket in self._waiting if places[ticket.client] == most),
            key=lambda ticket: ticket.number,
        )
        self._waiting.remove(last)
        if last is newest:
            raise FullError
        _refuse(last)

    def _next(self) -> None:
        while self._free and (ticket := self._first()):
            self._waiting.remove(ticket)
            if ticket.turn.set_running_or_notify_cancel():
                self._running[ticket.client] += 1
                self._long += ticket.long
                worker = self._free.pop()
                ticket.turn.set_result(Turn(ticket.client, worker, ticket.long))

    def _first(self) -> _Ticket[W] | None:
        able = (
            ticket
            for ticket in self._waiting
            if self._running[ticket.client] < self._others
            and not (ticket.long and self._long >= self._others)
        )
        return min(able, key=self._rank, default=None)

    def _rank(self, ticket: _Ticket[W]) -> tuple[float, int]:
        return self._used.get(ticket.client, 0.0), ticket.number


def _refuse(ticket: _Ticket[W]) -> None:
    if ticket.turn.set_running_or_notify_cancel():
        ticket.turn.set_exception(FullError())
