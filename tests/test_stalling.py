"""A reader who takes nothing is let go by the system."""

import errno
import socket
import time

import pytest

from s4s_graph.stalling import bounded

SECONDS = 1.0


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="a limit that Linux has")
def test_the_connection_of_a_reader_who_takes_nothing_ends() -> None:
    with bounded(socket.socket(), SECONDS) as listening, socket.socket() as reader:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listening.getsockname())
        served, _ = listening.accept()
        start = time.monotonic()
        with served, pytest.raises(OSError, match="timed out") as raised:
            served.sendall(bytes(50_000_000))
    assert raised.value.errno == errno.ETIMEDOUT
    assert time.monotonic() - start < 10 * SECONDS
