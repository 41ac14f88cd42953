"""Whose query runs next, so that nobody keeps the others waiting.

Four rules:

- A client holds all workers but one at most, however many queries it sends. Only who sent
  LIGHT_TURNS light queries in a row may borrow that one too, while nobody else waits for it and
  for no longer than LIGHT_SECONDS.
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
LIGHT_SECONDS = 0.1
LIGHT_TURNS = 20
REMEMBERED = 10_000  # clients of whom it is known what they used

W = TypeVar("W")


class FullError(Exception):
    """There is no place in the queue."""


@dataclass
class Turn(Generic[W]):
    """The use of one worker by one query; `seconds` until it needs leave to go on (`lengthen`).

    broken: whether the query was ended in the middle.
    """

    client: str
    worker: W
    long: bool
    seconds: float = SHORT_SECONDS
    broken: bool = False
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
        self._running: dict[str, int] = {}
        self._light: dict[str, int] = {}  # turns in a row
        self._long = 0
        self._used: dict[str, float] = {}
        self._numbers = count()

    def take(self, client: str) -> Turn[W] | None:
        """Return a turn if there is one at once, which takes less than to `ask` for it."""
        with self._lock:
            if self._waiting or not self._free or not self._may_run(client, long=False):
                return None
            return self._grant(client, long=False)

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
            self._long -= turn.long
            self._count(turn)
            if worker is not None:
                self._free.append(worker)
            self._next()

    def add(self, worker: W) -> None:
        """Take a worker into use."""
        with self._lock:
            self._free.append(worker)
            self._next()

    def lengthen(self, turn: Turn[W]) -> bool:
        """Say whether a query may go on where it is, for as long as it takes."""
        with self._lock:
            borrows = self._running.get(turn.client, 0) > self._others
            if not turn.long and not borrows and self._long < self._others:
                turn.long = True
                self._long += 1
            return turn.long

    def counts(self) -> tuple[int, int, int]:
        """Return how many workers are free, how many are at work, and how many queries wait."""
        with self._lock:
            return len(self._free), sum(self._running.values()), len(self._waiting)

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

    def _count(self, turn: Turn[W]) -> None:
        client, took = turn.client, monotonic() - turn.since
        if self._running[client] == 1:
            del self._running[client]
        else:
            self._running[client] -= 1
        if len(self._light) >= REMEMBERED:
            self._light.clear()
        self._light[client] = self._light.get(client, 0) + 1 if took < LIGHT_SECONDS else 0
        # Whoever was idle for the moment did not compete.
        if self._waiting and len(self._used) < REMEMBERED:
            self._used[client] = self._used.get(client, 0.0) + took
        else:
            self._used.clear()

    def _next(self) -> None:
        while self._free and self._waiting and (ticket := self._first()):
            self._waiting.remove(ticket)
            if ticket.turn.set_running_or_notify_cancel():
                ticket.turn.set_result(self._grant(ticket.client, long=ticket.long))

    def _grant(self, client: str, *, long: bool) -> Turn[W]:
        seconds = LIGHT_SECONDS if self._borrows(client) else SHORT_SECONDS
        self._running[client] = self._running.get(client, 0) + 1
        self._long += long
        return Turn(client, self._free.pop(), long, seconds)

    def _first(self) -> _Ticket[W] | None:
        able = (one for one in self._waiting if self._may_run(one.client, long=one.long))
        return min(able, key=self._rank, default=None)

    def _may_run(self, client: str, *, long: bool) -> bool:
        if long and self._long >= self._others:
            return False
        return not self._borrows(client) or self._light.get(client, 0) >= LIGHT_TURNS

    def _borrows(self, client: str) -> bool:
        return self._running.get(client, 0) >= self._others

    def _rank(self, ticket: _Ticket[W]) -> tuple[bool, float, int]:
        client = ticket.client
        return self._borrows(client), self._used.get(client, 0.0), ticket.number


def _refuse(ticket: _Ticket[W]) -> None:
    if ticket.turn.set_running_or_notify_cancel():
        ticket.turn.set_exception(FullError())
