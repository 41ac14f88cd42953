"""Who asks, and by which road: directly, or by a proxy that is trusted to say for whom."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Networks = tuple[IPv4Network | IPv6Network, ...]

_FORWARDED = frozenset(
    (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Where a request comes from.

    address: of the client. proxied: whether a trusted proxy passed it on. claimed: whether
    another says to have passed it on. secure: whether the client talks TLS with that proxy.
    """

    address: str
    proxied: bool
    claimed: bool
    secure: bool

    @classmethod
    def of(cls, scope: Scope, trusted: Networks) -> "Caller":
        """Look at a request; only of a trusted proxy are the headers believed."""
        peer = str((scope.get("client") or ("",))[0])
        if not within(peer, trusted):
            claims = not _FORWARDED.isdisjoint(dict(scope["headers"]))
            return cls(peer, proxied=False, claimed=claims, secure=scope["scheme"] == "https")
        headers = Headers(scope=scope)
        # The last address that no trusted proxy has: what stands before it anyone can write.
        chain = ",".join(headers.getlist("x-forwarded-for")).split(",")
        hops = [hop.strip() for hop in chain if hop.strip()]
        client = next((hop for hop in reversed(hops) if not within(hop, trusted)), peer)
        secure = [part.strip() for part in headers.getlist("x-forwarded-proto")] == ["https"]
        return cls(client, proxied=True, claimed=False, secure=secure)

    @property
    def is_near(self) -> bool:
        """Tell whether the request was made on this computer."""
        return is_loopback(self.address)


class Known:
    """Says of each request who asks: in `scope["state"]["caller"]`, its client and its scheme."""

    def __init__(self, app: ASGIApp, trusted: Networks) -> None:
        self._app = app
        self._trusted = trusted
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            caller = Caller.of(scope, self._trusted)
            scope.setdefault("state", {})["caller"] = caller
            if caller.proxied:
                scope["client"] = (caller.address, 0)
                scope["scheme"] = "https" if caller.secure else "http"
            elif caller.claimed and caller.is_near and not self._warned:
                self._warned = True
                log.warning(
                    "A proxy on this computer passes requests on and is not trusted: "
                    "all its clients count as one. Name its address in S4S_TRUSTED_PROXIES."
                )
        await self._app(scope, receive, send)


def within(address: str, networks: Networks) -> bool:
    """Tell whether an address is in one of some networks; a text that is no address is not."""
    return bool(networks) and len(address) <= _LONGEST and _within(address, networks)


_LONGEST = 64  # characters of an address that is worth remembering


@lru_cache(maxsize=4096)
def _within(address: str, networks: Networks) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def is_loopback(host: str) -> bool:
    """Tell whether an address or a name is that of this computer for itself alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """Tell whether a text is an address of IP."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def subscriber(address: str) -> str:
    """Return an address, or of IPv6 the network that is given out to one subscriber."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:_LONGEST]
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address
