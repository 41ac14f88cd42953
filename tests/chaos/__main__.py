"""Do what may go wrong, in full: `python -m tests.chaos swaps|kills|workers|soak|all`.

Without `--count`: 1,000 swaps, 200 killed builds, 100 killed workers, 30 minutes of mixed load.
"""

import argparse
from collections.abc import Callable

from tests.chaos import kills, soak, swaps, workers

ALL: dict[str, tuple[Callable[[int], None], int]] = {
    "swaps": (swaps.main, 1000),
    "kills": (kills.main, 200),
    "workers": (workers.main, 100),
    "soak": (soak.main, 30),
}


def main() -> None:
    """Do what is asked for. Ends with 1, and what was wrong, when something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("what", choices=[*ALL, "all"], help="what is to go wrong")
    parser.add_argument("--count", type=int, help="how often, or how many minutes")
    asked = parser.parse_args()
    for name in ALL if asked.what == "all" else [asked.what]:
        run, count = ALL[name]
        run(asked.count or count)


if __name__ == "__main__":
    main()
