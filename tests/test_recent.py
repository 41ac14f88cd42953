"""What was asked for last is kept, and no more than that."""

from collections import Counter
from collections.abc import Callable

from catalogue.recent import Recent


def test_what_was_asked_for_last_is_kept_and_the_oldest_makes_room() -> None:
    made: Counter[str] = Counter()

    def make(name: str) -> Callable[[], str]:
        def made_now() -> str:
            made[name] += 1
            return name.upper()

        return made_now

    recent = Recent[str](2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert recent.keep(name, make(name)) == name.upper()
    # When c came, b was the oldest, since a had been asked for again.
    assert made == {"a": 1, "b": 2, "c": 1}
