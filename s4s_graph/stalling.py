"""Readers who stopped reading: how long the site keeps what they do not take."""

import socket

STALL_SECONDS = 60.0  # that a reader may take nothing, while there is something to take


def bounded(listening: socket.socket, seconds: float = STALL_SECONDS) -> socket.socket:
    """Let the system end connections of this socket whose reader takes nothing for so long.

    A server that closes a connection first waits until all is sent, without an end. Where the
    system has no such limit (RFC 5482 names it; Linux has it), nothing changes.
    """
    if limit := getattr(socket, "TCP_USER_TIMEOUT", None):
        listening.setsockopt(socket.IPPROTO_TCP, limit, round(seconds * 1000))
    return listening
