"""Who asks, and by which road: directly, or by a proxy that is trusted to say for whom."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")


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
        headers = Headers(scope=scope)
        peer = str((scope.get("client") or ("",))[0])
        claims = any(name in headers for name in _FORWARDED)
        if not within(peer, trusted):
            return cls(peer, proxied=False, claimed=claims, secure=scope["scheme"] == "https")
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


def within(address: str, networks: Networks) -> bool:
    """Tell whether an address is in one of some networks; a text that is no address is not."""
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
