"""An answer on its way out of a worker: held back, counted, cut, compressed, sent in pieces."""

import json
import socket
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from s4s_graph import cutting, steering
from s4s_graph.frames import ANSWER, CHUNK, END, FIRST_BYTES, HEAD, MORE_BYTES, frame

if TYPE_CHECKING:
    from s4s_graph.worker import Request

SMALL_BYTES = 1_000  # not worth compressing
WORKBOOK = "spreadsheetml"  # in a media type: compressed by itself
GZIP = 31  # window bits of zlib for a gzip header
GZIP_LEVEL, BROTLI_LEVEL = 5, 4  # about as fast as the engine writes


class TooLargeError(Exception):
    """The answer has more bytes than it may have."""


class CutError(Exception):
    """The answer has as many rows as it may have, and the engine wanted to write one more."""


class Compressor(Protocol):
    """Makes a stream smaller, piece by piece."""

    def piece(self, data: bytes) -> bytes:
        """Return what can be sent with this piece; a reader can make sense of it at once."""

    def end(self) -> bytes:
        """Return the end of the stream."""


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(GZIP_LEVEL, wbits=GZIP)

    def piece(self, data: bytes) -> bytes:
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._stream.flush()


class _Brotli:
    def __init__(self) -> None:
        # Only in a worker that is asked for it: one more library takes time to load.
        import brotli

        self._stream = brotli.Compressor(quality=BROTLI_LEVEL)

    def piece(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data) + self._stream.flush())

    def end(self) -> bytes:
        return bytes(self._stream.finish())


COMPRESSORS: dict[str, type[Compressor]] = {"br": _Brotli, "gzip": _Gzip}


class Sending:
    """The file that the engine writes one answer to.

    Up to about FIRST_BYTES nothing is sent: until then a problem can be told instead.
    """

    def __init__(self, connection: socket.socket, request: "Request") -> None:
        self._connection = connection
        self._request = request
        self._left = request.max_bytes
        self._written = bytearray()
        self._last = b""  # the messages that go out at the end
        self._media_type = ""
        self._rows: cutting.Rows | None = None
        self._compressor: Compressor | None = None
        self._may_be_cut = False
        self._begun = False

    def begin(self, media_type: str, *, table: bool) -> None:
        """Say in which media type the answer comes."""
        self._media_type = media_type
        self._may_be_cut = table
        if table and cutting.knows(media_type):
            self._rows = cutting.Rows(media_type, self._request.max_rows)

    def write(self, data: bytes) -> int:
        """Take what the engine writes. Raises TooLargeError and CutError."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        self._written += data
        if len(self._written) >= (MORE_BYTES if self._begun else FIRST_BYTES):
            piece = self._passed()
            cut = self._rows is not None and self._rows.reached
            unknown = None if self._may_be_cut else False
            self._connection.sendall(self._message(piece, truncated=cut or unknown))
            if cut:
                raise CutError
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is sent when there is enough of it."""

    def finish(self, *, truncated: bool) -> None:
        """Take the end of the answer, which `truncated` says was cut before it came here."""
        if not self._begun and len(self._written) <= self._request.max_rows:
            self._rows = None  # no row takes less than a byte: there is nothing to count
        piece = b"" if self._rows and self._rows.reached else self._passed()
        if self._rows and not self._rows.reached:
            piece += self._rows.rest()
        truncated = truncated or bool(self._rows and self._rows.reached)
        self._last = self._message(piece, truncated=truncated, last=True)

    def rest(self) -> bytes:
        """Return the messages that were not sent yet, once all is there."""
        return self._last

    def _passed(self) -> bytes:
        piece = bytes(self._written)
        self._written.clear()
        if self._media_type.endswith("xml"):
            piece = steering.well_formed(piece)
        return self._rows.passed(piece) if self._rows else piece

    def _message(self, piece: bytes, *, truncated: bool | None, last: bool = False) -> bytes:
        whole, first = last and not self._begun, not self._begun
        if first:
            self._begun = True
            if truncated is not False and self._request.note:
                known = "truncated" if truncated else "may-be-truncated"
                piece = cutting.noted(piece, self._media_type, f"{self._request.note}#{known}")
            self._compressor = self._chosen(len(piece), whole=whole)
        if self._compressor:
            piece = self._compressor.piece(piece) if piece else b""
            piece += self._compressor.end() if last else b""
        if whole:
            return frame(ANSWER, self._head(truncated) + b"\n" + piece)
        head = frame(HEAD, self._head(truncated)) if first else b""
        chunk = frame(CHUNK, piece) if piece else b""
        end = frame(END, json.dumps({"truncated": truncated}).encode()) if last else b""
        return head + chunk + end

    def _chosen(self, length: int, *, whole: bool) -> Compressor | None:
        encoding = self._request.encoding
        if not encoding or WORKBOOK in self._media_type or (whole and length < SMALL_BYTES):
            return None
        return COMPRESSORS[encoding]()

    def _head(self, truncated: bool | None) -> bytes:
        encoding = self._request.encoding if self._compressor else None
        return _written(self._media_type, encoding, truncated)


# There are some dozens of them, and thousands of answers a second: see `running.read_head`.
@lru_cache(maxsize=128)
def _written(media_type: str, encoding: str | None, truncated: bool | None) -> bytes:
    head = {"media_type": media_type, "encoding": encoding, "truncated": truncated}
    return json.dumps(head).encode()
