"""Waiting for one thing that may happen in any thread, with less machinery than asyncio's own."""

import asyncio
from threading import get_ident


class Bell:
    """Rings once, for one coroutine that waits for it; made in the event loop of that one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._rung = False
        self._heard: asyncio.Future[None] | None = None

    def ring(self, *_: object) -> None:
        """Let the other one go on. Any thread may call this, as long as the other one waits."""
        if get_ident() == self._thread:
            # Another thread has to wake the event loop, which takes longer than most queries.
            self._ring()
        else:
            self._loop.call_soon_threadsafe(self._ring)

    async def within(self, seconds: float) -> bool:
        """Wait for so long at most; return whether it rang."""
        if not self._rung:
            self._heard = self._loop.create_future()
            alarm = self._loop.call_later(seconds, self._wake)
            try:
                await self._heard
            finally:
                alarm.cancel()
        return self._rung

    def _ring(self) -> None:
        self._rung = True
        self._wake()

    def _wake(self) -> None:
        if self._heard and not self._heard.done():
            self._heard.set_result(None)
