"""The stages of long work, and how it tells that it goes on."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]

READ, VALIDATE, DERIVE, DUMP, STORE, PUBLISH = STAGES = (
    "read",
    "validate",
    "derive",
    "dump",
    "store",
    "publish",
)
# An import of a vocabulary reads and validates as well.
SORT, COMPARE = "sort", "compare"
# A publication counts what there is to be, sends what is not, and switches.
COUNT, SEND, SWITCH = "count", "send", "switch"


def quiet(stage: str, done: int, total: int) -> None:
    """Say nothing about the progress."""
