"""A memory for what readers ask for most: the newest stays, the oldest makes room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """Keeps at most so many things. Unlike functools.lru_cache it holds on to nothing else.

    So a release that keeps one goes as soon as it is replaced. Threads that ask for the same at
    the same time may each make it: what is kept is the same.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Found] = OrderedDict()
        self._lock = Lock()

    def keep(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return what is kept under a key, made first if need be."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = make()
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
