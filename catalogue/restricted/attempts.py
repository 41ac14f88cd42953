"""How often someone tried to come in with a token that is none."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from catalogue.operating.caller import subscriber

MOST = 10  # failures in so many
SECONDS = 60.0
REMEMBERED = 10_000  # addresses; beyond these the one that failed longest ago is forgotten


class Attempts:
    """The failures of each address in the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return for how many seconds an address may not try again."""
        failures = self._failures.get(subscriber(address))
        if not failures or len(failures) < MOST:
            return 0.0
        return max(0.0, failures[0] + SECONDS - self._clock())

    def failed(self, address: str) -> None:
        """Remember a failure of an address."""
        client = subscriber(address)
        self._failures.setdefault(client, deque(maxlen=MOST)).append(self._clock())
        self._failures.move_to_end(client)
        if len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
