"""Who may see the restricted release: people, each with a token, what they may see, until when.

A token is 256 random bits, so the file keeps its plain SHA-256: there is nothing to guess from a
dictionary, and a slow hash would only make every request slow.
"""

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from s4s_graph.forms import Text

ALL = "all"
HOLDER = "holder:"
START = "s4s_"  # by which scanners for secrets, and people, know a token
SCOPE = re.compile(r"all|holder:[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
# Basic authentication cannot carry a colon; the rest is what fits in a log and a header as it is.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")
MODE = 0o600


class AccessError(Exception):
    """Something that the file of tokens does not allow, or is not; the message says what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Person:
    """Someone who may see the release of a scope: "all", or "holder:" and the id of a holder.

    sha256: of the token in hexadecimal; None for who comes through a proxy that knows them.
    created, expires, revoked: moments in UTC, as ISO 8601 writes them.
    """

    name: str
    scope: str
    sha256: str | None
    created: str
    expires: str
    revoked: str | None = None

    def is_admitted(self, now: datetime) -> bool:
        """Tell whether this person may come in at a moment."""
        return self.revoked is None and now < datetime.fromisoformat(self.expires)


class Register:
    """The people in a file, read again as soon as it changes: a revocation holds at once."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises AccessError when it is broken, or others may read it."""
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._people: tuple[Person, ...] = ()
        self._by_hash: dict[str, Person] = {}
        self._refresh()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone in the file, by name. Raises AccessError."""
        self._refresh()
        return self._people

    def by_token(self, token: str, name: str | None = None) -> Person | None:
        """Return who has a token, if they may come in, and are called `name` when that is given.

        Raises AccessError.
        """
        self._refresh()
        found = self._by_hash.get(_hash(token))
        if found is None or name not in (None, found.name):
            return None
        return found if found.is_admitted(_now()) else None

    def by_name(self, name: str) -> Person | None:
        """Return who is called so, if they may come in. Raises AccessError."""
        return next((p for p in self.people if p.name == name and p.is_admitted(_now())), None)

    def _refresh(self) -> None:
        seen = _seen(self._path)
        if seen != self._seen:
            self._people = _read(self._path)
            self._by_hash = {p.sha256: p for p in self._people if p.sha256}
            self._seen = seen


def add(path: Path, name: str, scope: str, days: int, *, by_proxy: bool = False) -> str | None:
    """Admit someone; return their token, which is written nowhere, or None for who comes by proxy.

    Raises AccessError when the name or the scope cannot be, or someone of that name is admitted.
    """
    if not NAME.fullmatch(name):
        raise AccessError(_NAMES)
    if not SCOPE.fullmatch(scope):
        raise AccessError(_SCOPES)
    now = _now()
    token = None if by_proxy else START + secrets.token_urlsafe(32)
    expires = (now + timedelta(days=days)).isoformat()
    person = Person(name, scope, _hash(token) if token else None, now.isoformat(), expires)
    with _changing(path) as people:
        before = people.get(name)
        if before and before.is_admitted(now):
            raise AccessError(
                Text(
                    nl=f"{name} heeft al toegang; trek die eerst in met `s4s token revoke {name}`",
                    en=f"{name} is admitted already; run `s4s token revoke {name}` first",
                )
            )
        people[name] = person
    return token


def revoke(path: Path, name: str) -> None:
    """Shut someone out from now on. Raises AccessError when nobody of that name is admitted."""
    now = _now()
    with _changing(path) as people:
        if name not in people or not people[name].is_admitted(now):
            raise AccessError(
                Text(
                    nl=f"{name} heeft geen toegang; `s4s token list` toont wie wel",
                    en=f"{name} is not admitted; `s4s token list` shows who is",
                )
            )
        people[name] = replace(people[name], sha256=None, revoked=now.isoformat())


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Person]]:
    """Lend the people by name, and write them when nothing went wrong: all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _opened(path.with_name(f".{path.name}.lock")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        people = {person.name: person for person in _read(path)}
        yield people
        content = [asdict(people[name]) for name in sorted(people)]
        staged = path.with_name(f".{path.name}.new")
        staged.unlink(missing_ok=True)
        with _opened(staged) as file:
            file.write(json.dumps(content, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)


def _opened(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, MODE), "w", encoding="utf-8")


def _read(path: Path) -> tuple[Person, ...]:
    try:
        with path.open(encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise AccessError(
                    Text(
                        nl=f"{path} is leesbaar voor anderen; geef het bestand modus 600",
                        en=f"others may read {path}; give the file mode 600",
                    )
                )
            return tuple(_person(**entry) for entry in json.load(file))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise AccessError(
            Text(
                nl=f"{path} is geen bestand van `s4s token`: {error}",
                en=f"{path} is no file of `s4s token`: {error}",
            )
        ) from error


def _person(**entry: Any) -> Person:
    person = Person(**entry)
    if not NAME.fullmatch(person.name) or not SCOPE.fullmatch(person.scope):
        raise ValueError(f"'{person.name}' or '{person.scope}' cannot be")
    if datetime.fromisoformat(person.expires).tzinfo is None:
        raise ValueError(f"'{person.expires}' has no time zone")
    return person


def _seen(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    # A new mode changes the last of these, and nothing else.
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


_NAMES = Text(
    nl="een naam heeft hoogstens 64 letters, cijfers en tekens . _ @ + -, zoals j.jansen",
    en="a name has at most 64 letters, digits and signs . _ @ + -, such as j.jansen",
)
_SCOPES = Text(
    nl="geef als bereik all, of holder: met het id van een houder, zoals holder:opleidingsfonds",
    en="give as scope all, or holder: with the id of a holder, such as holder:training-fund",
)
