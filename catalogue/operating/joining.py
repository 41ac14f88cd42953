"""What is written at one moment, sent in one piece."""

import asyncio
from typing import Any

ENOUGH_BYTES = 64 * 1024  # to send at once


class Joined:
    """A transport that sends at the end of a turn of the event loop what was written in it.

    The server writes the head of an answer apart from its body. Each write is a call of the system
    and wakes the reader: together they take a quarter less of what the server needs for a small
    answer (65 and 49 microseconds).
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.is_closing = transport.is_closing  # asked several times for each request
        self._held: list[bytes] = []
        self._length = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send these bytes soon, after those before them."""
        if not self._held:
            asyncio.get_running_loop().call_soon(self.flush)
        self._held.append(data)
        self._length += len(data)
        if self._length >= ENOUGH_BYTES:
            self.flush()

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send now what is held."""
        if self._held:
            self._transport.write(b"".join(self._held))
            self._held.clear()
            self._length = 0
