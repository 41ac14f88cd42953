"""Writes of one moment that go out together."""

import asyncio
from typing import Any, cast

from catalogue.operating.joining import ENOUGH_BYTES, Joined


class Wire:
    """Notes what a connection does."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.done

    def get_extra_info(self, name: str) -> str:
        return name


def run(*writes: bytes | str) -> list[object]:
    """Write, or do what a name says; return what a connection did within a turn or two."""
    wire = Wire()

    async def written() -> list[object]:
        joined = Joined(cast("Any", wire))
        for write in writes:
            if isinstance(write, bytes):
                joined.write(write)
            elif write == "close":
                joined.close()
            elif write == "flush":
                joined.flush()
                joined.flush()
                wire.done.append("flushed")
            else:
                await asyncio.sleep(0)
        await asyncio.sleep(0)
        return wire.done

    return asyncio.run(written())


def test_a_head_and_its_body_are_sent_together() -> None:
    assert run(b"head", b"body") == [b"headbody"]


def test_what_is_written_later_is_sent_later() -> None:
    assert run(b"head", b"one", "a turn", b"two", b"three") == [b"headone", b"twothree"]


def test_what_is_complete_is_not_held_back() -> None:
    assert run(b"head", b"body", "flush", b"more") == [b"headbody", "flushed", b"more"]


def test_much_is_not_held_back() -> None:
    large = bytes(ENOUGH_BYTES)
    assert run(b"head", large, b"end") == [b"head" + large, b"end"]


def test_a_connection_closes_after_what_was_written() -> None:
    assert run(b"head", b"body", "close") == [b"headbody", "closed"]


def test_everything_else_is_that_of_the_connection() -> None:
    assert Joined(cast("Any", Wire())).get_extra_info("peername") == "peername"
