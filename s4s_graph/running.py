"""One query in one worker: from its request to the end of its answer."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from s4s_graph import unanswered
from s4s_graph.answered import Answer, NoRoomError, Room
from s4s_graph.frames import ANSWER, CHUNK, HEAD
from s4s_graph.processes import DiedError, Worker
from s4s_graph.settings import Settings
from s4s_graph.turns import Turn
from s4s_graph.worker import Problem, Request

TICK_SECONDS = 0.1  # how soon it is noticed that nobody waits any more
LINGER_SECONDS = 0.01  # after the start of an answer: what is whole by then has a length


class TooLongError(Exception):
    """The query takes too long for the worker where it is."""


class End(Protocol):
    """Takes the turn back."""

    def __call__(self, turn: Turn[Worker], *, healthy: bool) -> None:
        """End the turn; a worker that is not healthy is to be replaced."""


class Run:
    """Takes what the worker says, at its pace, and ends the turn."""

    def __init__(
        self,
        turn: Turn[Worker],
        request: Request,
        settings: Settings,
        room: Room,
        lengthen: Callable[[Turn[Worker]], bool],
        end: End,
    ) -> None:
        self._turn = turn
        self._request = request
        self._settings = settings
        self._room = room
        self._lengthen = lengthen
        self._end = end
        self._answer: Answer | None = None
        now = time.monotonic()
        self._short_until = now + min(turn.seconds, settings.query_seconds)
        self._deadline = now + settings.query_seconds
        self._look_at = min(now + TICK_SECONDS, self._short_until)
        self._stream_at = 0.0

    async def begin(
        self,
        gone: Callable[[], Awaitable[bool]],
        meanwhile: Callable[[], object],
        *,
        stream: bool,
    ) -> Answer:
        """Return the answer when it is whole, or with `stream` when a part of it has come.

        Until then a problem is an error and not half an answer. Raises EndpointError, and
        TooLongError when the query is to be asked again, at one of the other workers.
        """
        finished = following = False
        try:
            await self._turn.worker.send(self._request.as_json)
            meanwhile()
            while not (finished := await self._step(gone)):
                # Once the reader has the start, there is no asking again.
                if stream and self._may_stream() and self._lengthen(self._turn):
                    following = True
                    return self._follow()
            return self._whole()
        except DiedError as error:
            raise self._error(Problem.DIED if error.own else Problem.KILLED) from None
        finally:
            if not following:
                self._finish(healthy=finished)
            if self._answer and not finished and not following:
                self._answer.close()

    def _may_stream(self) -> bool:
        waited = time.monotonic() >= self._stream_at
        return self._answer is not None and waited and not self._turn.worker.has_message

    def _whole(self) -> Answer:
        assert self._answer  # noqa: S101 - else the last message was an error
        self._answer.end()
        return self._answer

    def _follow(self) -> Answer:
        answer = self._answer
        assert answer  # noqa: S101 - the caller has looked
        task = asyncio.create_task(self._continue(answer))
        answer.follow(task.cancel)
        return answer

    async def _continue(self, answer: Answer) -> None:
        finished = False
        try:
            while not finished:
                finished = await self._step(None)
            answer.end()
        except DiedError as error:
            answer.end(self._error(Problem.DIED if error.own else Problem.KILLED))
        except unanswered.EndpointError as error:
            answer.end(error)
        finally:
            self._finish(healthy=finished)

    async def _step(self, gone: Callable[[], Awaitable[bool]] | None) -> bool:
        """Take one message, or let a moment pass; say whether the answer is complete."""
        now = time.monotonic()
        if now >= self._look_at:
            await self._look(now, gone)
        try:
            kind, content = await self._turn.worker.receive(max(0.0, self._look_at - now))
        except TimeoutError:
            return False
        if kind == CHUNK:
            assert self._answer  # noqa: S101 - no chunk comes before a head
            self._add(self._answer, content)
            return False
        if kind == ANSWER:
            head, _, rest = content.partition(b"\n")
            self._answer = Answer.of(read_head(head), rest)
            return True
        said: dict[str, Any] = json.loads(content)
        if kind == HEAD:
            self._answer = Answer(said, self._room)
            self._stream_at = now + LINGER_SECONDS
            self._look_at = min(self._look_at, self._stream_at)
            return False
        if problem := said.pop("error", None):
            self._finish(healthy=True)
            raise self._error(Problem(problem), **said)
        assert self._answer  # noqa: S101 - no answer ends before it has begun
        self._answer.truncated = said["truncated"]
        return True

    def _add(self, answer: Answer, piece: bytes) -> None:
        try:
            answer.add(piece)
        except NoRoomError:
            raise self._error(Problem.BUSY) from None

    async def _look(self, now: float, gone: Callable[[], Awaitable[bool]] | None) -> None:
        """Do what is due at this moment."""
        worker = self._turn.worker
        if now >= self._deadline:
            raise self._error(Problem.TIME)
        if now >= self._short_until and not worker.slow:
            if not self._lengthen(self._turn):
                raise TooLongError
            worker.slow_down()
        if gone and await gone():
            raise self._error(Problem.GONE)
        due = self._deadline if worker.slow else self._short_until
        self._look_at = min(now + TICK_SECONDS, due)

    def _finish(self, *, healthy: bool) -> None:
        """End the turn, once."""
        end, self._end = self._end, _ended
        self._turn.broken |= end is not _ended and not healthy
        # One that was slowed down cannot be hurried again.
        end(self._turn, healthy=healthy and not self._turn.worker.slow)

    def _error(self, problem: Problem, **details: Any) -> unanswered.EndpointError:
        return unanswered.error(
            problem, self._settings, max_bytes=self._request.max_bytes, **details
        )


@lru_cache(maxsize=128)
def read_head(head: bytes) -> Mapping[str, Any]:
    """Return what the start of a small answer says; it takes longer to read than to find."""
    found: Mapping[str, Any] = json.loads(head)
    return found


def _ended(turn: Turn[Worker], *, healthy: bool) -> None:
    """Stand in for the end of a turn that has ended."""
