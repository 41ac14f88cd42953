"""A name and a password, given as an engine asks for them: Basic or Digest (RFC 7616, 7617)."""

import base64
from urllib.request import (
    AbstractDigestAuthHandler,
    HTTPPasswordMgr,
    Request,
    parse_http_list,
    parse_keqv_list,
)


class Credentials:
    """Answers what an engine wants to know before it lets someone write.

    Nothing is given before it is asked for: who asks for Digest never learns the password. What
    was asked for once is given along from then on, so that no statements are sent twice.
    """

    def __init__(self, user: str, password: str) -> None:
        self._basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._digest = AbstractDigestAuthHandler(_One(user, password))
        self._wanted = ""

    def challenge(self, method: str, target: str, wanted: str) -> str | None:
        """Return the header for a WWW-Authenticate; None for a scheme that is not known."""
        self._wanted = wanted
        return self._given(method, target)

    def headers(self, method: str, target: str) -> dict[str, str]:
        """Return the header that the last answer asked for, if it did."""
        given = self._given(method, target)
        return {} if given is None else {"Authorization": given}

    def _given(self, method: str, target: str) -> str | None:
        scheme, _, rest = self._wanted.partition(" ")
        if scheme.lower() == "basic":
            return f"Basic {self._basic}"
        if scheme.lower() != "digest":
            return None
        # The server is no part of a digest, its path is.
        request = Request(f"http://engine{target}", method=method)
        try:
            given = self._digest.get_authorization(request, parse_keqv_list(parse_http_list(rest)))
        except (ValueError, KeyError):  # what it asks is no Digest, or the name is not ASCII
            return None
        return f"Digest {given}" if given else None


class _One(HTTPPasswordMgr):
    """The same name and password wherever they are asked for."""

    def __init__(self, user: str, password: str) -> None:
        super().__init__()
        self._pair = user, password

    def find_user_password(self, realm: str, authuri: str) -> tuple[str, str]:
        return self._pair
