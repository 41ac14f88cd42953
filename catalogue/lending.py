"""The release that is served: opened when it appears, swapped when it changes, closed when free."""

import ctypes
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread

from catalogue.live import Release
from s4s_graph import release as releases
from s4s_graph.engines.breaker import REST_SECONDS, AwayError, UnpublishedError
from s4s_graph.integrity import File
from s4s_graph.questions import QuestionError
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings
from s4s_graph.store import StoreError
from s4s_graph.worker import is_of_damage

# What opening a release may end with. The engine says what it finds wrong in its files as a
# RuntimeError or an OSError, and in a dump as a SyntaxError.
UNSERVABLE = (
    ReleaseError,
    QuestionError,
    StoreError,
    AwayError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Sight:
    """Where the link to the current release leads, and which link that is."""

    name: str
    link: tuple[int, int]


class Live:
    """Hands out the current release, and a new one as soon as it is the current one.

    A release that is not what was built is not served: the last one before it is, meanwhile.
    """

    def __init__(
        self, settings: Settings, prepare: Callable[[Release], None], *, restricted: bool = False
    ) -> None:
        """Serve the releases of a folder; `prepare` each once readers are served from it.

        Only restricted releases are served, or none that is.
        """
        # What is confidential is asked of no engine elsewhere.
        self._settings = replace(settings, sparql_url="") if restricted else settings
        self._restricted = restricted
        self._prepare = prepare
        self._link = settings.releases / releases.CURRENT
        self._release: Release | None = None
        self._seen: _Sight | None = None
        self._outdated = False
        self._doubting = False
        self._refused: tuple[str, ...] = ()  # names of releases, the current one first
        self._again_at = float("inf")  # when one that was refused may be there after all
        self._count = Lock()
        self._opening = Lock()

    @property
    def problem(self) -> str | None:
        """What is served instead of the current release, in a sentence; None if that is served."""
        with self._count:
            refused, release = self._refused, self._release
        if not refused:
            return None
        cannot = f"release {', '.join(refused)} cannot be served"
        if release:
            return f"{cannot}; release {release.path.name} is served instead"
        return f"{cannot}, and there is none before it that can; run `s4s build`"

    @property
    def waiting(self) -> bool:
        """Whether a release was refused that may be served in a moment."""
        return self._again_at < float("inf")

    def changed(self) -> bool:
        """Tell whether another release became the current one, or may be served by now."""
        if time.monotonic() >= self._again_at:
            return True
        seen = self._seen
        if seen is None:
            return self._sight() is not None
        try:
            # Where a link leads never changes: to look whether it is the same one takes half as
            # long, and every request waits for it.
            link = os.lstat(self._link)
        except OSError:
            return True
        return seen.link != (link.st_ino, link.st_ctime_ns)

    def reopen(self) -> None:
        """Have the current release opened again: the questions, which are not in it, changed."""
        self._outdated = True
        self._seen = None

    def refresh(self) -> None:
        """Open the release that is current now; this may take seconds.

        While one thread opens it, the others go on with the previous release, if there is one.
        """
        if not self._opening.acquire(blocking=self._release is None):
            return
        try:
            sight = self._sight()
            if sight == self._seen and time.monotonic() < self._again_at:
                return
            self._again_at = float("inf")
            if sight and not self._serves(self._link.parent / sight.name):
                self._follow(sight.name)
            self._seen, self._outdated = sight, False
        finally:
            self._opening.release()

    @contextmanager
    def lend(self) -> Iterator[Release | None]:
        """Lend the release for one request; None when there is none to serve."""
        with self._count:
            release = self._release
            if release:
                release.users += 1
        try:
            yield release
        except UNSERVABLE as error:
            if release and is_of_damage(error):
                self._doubt()
            raise
        finally:
            if release:
                self._give_back(release)

    def close(self) -> None:
        """Close the release, for when the site stops."""
        with self._count:
            release, self._release, self._seen = self._release, None, None
        if release:
            release.close()

    def _sight(self) -> _Sight | None:
        try:
            link = os.lstat(self._link)
            # Who makes a release the current one makes a new link, also to one of the same name.
            return _Sight(os.readlink(self._link), (link.st_ino, link.st_ctime_ns))
        except OSError:
            return None

    def _serves(self, folder: Path) -> bool:
        """Tell whether a folder is what is served now, and not one that took its place."""
        anew = self._outdated or self._refused
        return not anew and self._release is not None and self._release.is_at(folder)

    def _follow(self, name: str) -> None:
        refused: list[str] = []
        opened = self._open(self._link.parent / name, refused)
        if not opened and not self._release:
            opened = self._older(name, refused)
        if opened:
            self._swap(opened[0], refused)
            self._read_on(*opened)
        else:
            self._swap(self._release, refused)

    def _older(self, name: str, refused: list[str]) -> tuple[Release, Mapping[str, File]] | None:
        for folder in releases.older(self._link.parent, name):
            if opened := self._open(folder, refused):
                return opened
        return None

    def _open(self, folder: Path, refused: list[str]) -> tuple[Release, Mapping[str, File]] | None:
        """Return a release, with the files of it that nobody has read yet."""
        try:
            unread = releases.look(folder)
            # Put in the wrong folder, the one must never be taken for the other.
            manifest = releases.read_manifest(folder / releases.MANIFEST)
            if manifest.is_restricted != self._restricted:
                raise ReleaseError("a restricted release is for `s4s serve --restricted`, only")
            opened = Release(folder, self._settings)
        except UNSERVABLE as error:
            refused.append(folder.name)
            log.error("Release %s cannot be opened: %s", folder.name, error)
            if isinstance(error, AwayError | UnpublishedError):
                self._again_at = time.monotonic() + REST_SECONDS
            return None
        return opened, unread

    def _swap(self, release: Release | None, refused: list[str]) -> None:
        with self._count:
            old, self._release = self._release, release
            self._refused = tuple(refused)
            idle = old is not None and old is not release and not old.users
        if self.problem:
            # Whoever published this reads the log; so does who started the site.
            log.error("%s", self.problem)
        if old and idle:
            _retire(old)

    def _read_on(self, release: Release, files: Mapping[str, File]) -> None:
        # Readers are served meanwhile; who asks for what is prepared waits for just that.
        Thread(target=self._ready, args=[release], name=f"prepare {release.id}").start()
        release.pool.on_damage = self._doubt
        if files:
            Thread(target=self._check, args=[release, files], name=f"check {release.id}").start()

    def _ready(self, release: Release) -> None:
        try:
            self._prepare(release)
        except AwayError as error:
            # Whatever is not there yet is computed when a reader asks for it.
            log.warning("Release %s is not prepared: %s", release.id, error)
        except UNSERVABLE as error:
            if not is_of_damage(error):
                raise
            self._doubt()

    def _doubt(self) -> None:
        """Read all of the release that is served again: something in it could not be read."""
        with self._count:
            release = None if self._doubting else self._release
            self._doubting |= release is not None
        if release:
            Thread(target=self._check, args=[release], name=f"check {release.id}").start()

    def _check(self, release: Release, files: Mapping[str, File] | None = None) -> None:
        try:
            found = releases.contents(release.path) if files is None else files
            releases.check(release.path, found, lambda: self._release is not release)
        except ReleaseError as error:
            self._withdraw(release, error)
        finally:
            self._doubting = False

    def _withdraw(self, release: Release, error: ReleaseError) -> None:
        with self._opening:
            if self._release is not release:
                return
            log.error("Release %s is not served any more: %s", release.path.name, error)
            refused = [*self._refused, release.path.name]
            opened = self._older(release.path.name, refused)
            self._swap(opened[0] if opened else None, refused)
        if opened:
            self._read_on(*opened)

    def _give_back(self, release: Release) -> None:
        with self._count:
            release.users -= 1
            retired = release is not self._release and not release.users
        if retired:
            _retire(release)


def _retire(release: Release) -> None:
    # Its workers may still be busy with queries of the public: nobody is to wait for that.
    Thread(target=_close, args=[[release]], name=f"close {release.id}").start()


def _close(leaving: list[Release]) -> None:
    """Close the only release of a list, which holds it no longer, and let its memory go."""
    leaving.pop().close()
    # What is freed stays with the heap of the thread that asked for it, and each release is opened
    # by others: so of 200 small ones 80 MB stayed, of which nothing was in use. Elsewhere than in
    # glibc there is no such call.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
