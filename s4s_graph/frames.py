"""The messages between a pool and its workers: a kind of one byte, a length, and the content."""

from collections.abc import Iterator

QUERY = b"Q"  # a request, as JSON
READY = b"R"  # the worker has opened the store: the number of its thread, as JSON
ANSWER = b"A"  # a whole answer: what a HEAD says, a line end, all of its bytes
HEAD = b"H"  # an answer begins: what is known of it so far, as JSON
CHUNK = b"C"  # a part of its bytes
END = b"E"  # it is complete, or there is none: then why, as JSON
FIRST_BYTES = 64 * 1024  # of an answer in its first message, about
MORE_BYTES = 256 * 1024  # in the others: each costs both sides some calls of the system

_LENGTH = 4


def frame(kind: bytes, content: bytes) -> bytes:
    """Return a message as it is sent."""
    return kind + len(content).to_bytes(_LENGTH, "big") + content


class Frames:
    """Puts messages together from pieces as they arrive."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, piece: bytes | memoryview) -> Iterator[tuple[bytes, bytes]]:
        """Add a piece and yield each message that is now complete, as its kind and content."""
        start = 1 + _LENGTH
        # Most come alone, and whole.
        if not self._received and int.from_bytes(piece[1:start], "big") == len(piece) - start:
            yield bytes(piece[:1]), bytes(piece[start:])
            return
        self._received += piece
        while len(self._received) >= start:
            end = start + int.from_bytes(self._received[1:start], "big")
            if len(self._received) < end:
                return
            message = bytes(self._received[:1]), bytes(self._received[start:end])
            del self._received[:end]
            yield message
