"""Lets people in who may be there: by a token, or as the user of a trusted proxy."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import Scope

from catalogue.operating.caller import Caller, is_loopback
from catalogue.restricted.attempts import Attempts
from s4s_graph.access import Person, Register
from s4s_graph.forms import Text
from s4s_graph.settings import Settings, networks

REALM = "Skills4Skills"
# A browser asks its reader for a name and a password; a program sends the token as it is.
CHALLENGE = {"WWW-Authenticate": f'Basic realm="{REALM}", charset="UTF-8", Bearer realm="{REALM}"'}


@dataclass(frozen=True)
class Refusal:
    """Why someone is not let in. told: whether it is to stand in the audit log."""

    status: int
    sentence: Text
    headers: Mapping[str, str] = field(default_factory=dict)
    told: bool = False


class StartError(Exception):
    """The restricted site must not start like this; the message says what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Door:
    """Knows who may come in, and by which road."""

    def __init__(self, register: Register, settings: Settings, host: str) -> None:
        """Take the address that the site listens on. Raises StartError when it is not safe."""
        self._register = register
        self._header = settings.proxy_user_header
        self._plain = settings.without_tls == "yes"
        self._attempts = Attempts()
        trusted = networks(settings.trusted_proxies)
        if self._header and not trusted:
            raise StartError(_NO_PROXY)
        if not (is_loopback(host) or trusted or self._plain):
            raise StartError(_NO_TLS)

    def admit(self, scope: Scope) -> Person | Refusal:
        """Return who may come in, or why not. Raises AccessError when the tokens are broken."""
        caller: Caller = scope["state"]["caller"]
        if refusal := self._road(caller) or _elsewhere(scope):
            return refusal
        if wait := self._attempts.wait(caller.address):
            return Refusal(429, _TOO_OFTEN, {"Retry-After": str(int(wait) + 1)})
        headers = Headers(scope=scope)
        if caller.proxied and self._header and (names := headers.getlist(self._header)):
            # Twice, one of them may be what the user wrote.
            found = self._register.by_name(names[0]) if len(names) == 1 else None
            return found or Refusal(403, _UNKNOWN, told=True)
        given = headers.get("authorization")
        if given is None:
            return Refusal(401, _ASKED, CHALLENGE)
        if person := self._person(given):
            return person
        self._attempts.failed(caller.address)
        return Refusal(401, _WRONG, CHALLENGE, told=True)

    def _road(self, caller: Caller) -> Refusal | None:
        """Refuse what a token should not have travelled over."""
        if caller.claimed:
            return Refusal(403, _CLAIMED)
        near = caller.is_near and not caller.proxied
        return None if near or caller.secure or self._plain else Refusal(403, _PLAIN)

    def _person(self, given: str) -> Person | None:
        scheme, _, rest = given.partition(" ")
        if scheme.casefold() == "bearer":
            return self._register.by_token(rest.strip())
        if scheme.casefold() != "basic":
            return None
        try:
            name, colon, token = b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return self._register.by_token(token, name) if colon else None


def _elsewhere(scope: Scope) -> Refusal | None:
    """Refuse what a page of another site asks in the name of a reader, who only may follow links.

    A browser sends name and password along with whatever any page makes it ask (Fetch Metadata
    says which that is).
    """
    headers = Headers(scope=scope)
    ours = headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    followed = headers.get("sec-fetch-dest") == "document" and scope["method"] in {"GET", "HEAD"}
    return None if ours or followed else Refusal(403, _OTHER_SITE)


_ASKED = Text(
    nl="Deze site is vertrouwelijk. Meld u aan met uw naam en uw token als wachtwoord.",
    en="This site is confidential. Log in with your name, and your token as the password.",
)
_WRONG = Text(
    nl="Deze naam met dit token is niet bekend, niet meer geldig of ingetrokken. "
    "Vraag een nieuw token aan wie deze site beheert.",
    en="This name with this token is not known, has expired or was revoked. "
    "Ask who runs this site for a new token.",
)
_UNKNOWN = Text(
    nl="U hebt geen toegang tot deze site, of niet meer. Vraag wie de site beheert erom.",
    en="You have no access to this site, or no longer. Ask who runs it.",
)
_TOO_OFTEN = Text(
    nl="Vanaf uw adres is te vaak een verkeerd token gegeven. Wacht een minuut.",
    en="A wrong token was given too often from your address. Wait a minute.",
)
_PLAIN = Text(
    nl="Deze site is alleen via TLS te lezen. Gebruik het adres dat met https begint.",
    en="This site can be read over TLS only. Use the address that begins with https.",
)
_CLAIMED = Text(
    nl="Een proxy die niet vertrouwd wordt gaf dit door. Noem zijn adres in S4S_TRUSTED_PROXIES.",
    en="A proxy that is not trusted passed this on. Name its address in S4S_TRUSTED_PROXIES.",
)
_OTHER_SITE = Text(
    nl="Een andere site vroeg dit, en dat mag niet. Open de pagina zelf.",
    en="Another site asked for this, which it may not. Open the page yourself.",
)
_NO_PROXY = Text(
    nl="S4S_PROXY_USER_HEADER gaat samen met S4S_TRUSTED_PROXIES: de proxy's die zeggen wie iemand "
    "is",
    en="S4S_PROXY_USER_HEADER goes with S4S_TRUSTED_PROXIES: the proxies that say who someone is",
)
_NO_TLS = Text(
    nl="dit adres is van buiten te bereiken, en tokens gingen er onversleuteld over: luister op "
    "127.0.0.1 achter een proxy met TLS, noem die in S4S_TRUSTED_PROXIES, of geef "
    "S4S_WITHOUT_TLS=yes als het netwerk zelf besloten en versleuteld is",
    en="this address can be reached from outside, and tokens would cross it in plain text: listen "
    "on 127.0.0.1 behind a proxy with TLS, name that in S4S_TRUSTED_PROXIES, or set "
    "S4S_WITHOUT_TLS=yes where the network itself is closed and encrypted",
)
