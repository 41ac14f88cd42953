"""Send made-up requests to every route of every site for some minutes, and tell what went wrong.

    python -m tests.fuzz --minutes 10 --seed 1

ends with 0 when nothing did. Each fault is told with the command line that sends its request.
"""

import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

# The examples of routes are those of the tests, which import one another by their names.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.fuzz import described, fuzzing, serving

TOLD = 20  # faults of a kind


@click.command()
@click.option("--minutes", default=10.0, help="How long.")
@click.option("--seed", default=1, help="The same requests for the same number.")
def main(minutes: float, seed: int) -> None:
    """Fuzz the public site, the restricted one, a review, and the API by its description."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        found = serving.settings(folder)
        known = serving.learnt(found)
        public = stack.enter_context(serving.site(found, known, folder / "public.log"))
        sites = [public]
        sites.append(
            stack.enter_context(serving.restricted(found, known, folder / "restricted.log"))
        )
        sites.append(stack.enter_context(serving.review(found, folder / "review.log")))
        end = time.monotonic() + 60 * minutes
        random, statuses, faults = Random(seed), Counter[str](), Counter[str]()
        # The last tenth is for what the description of the API makes.
        while time.monotonic() < end - 6 * minutes:
            done = fuzzing.once(random, random.choices(sites, (8, 2, 1))[0])
            statuses[f"{done.site} {done.status}"] += 1
            for fault in done.faults:
                faults[fault] += 1
                if faults[fault] <= TOLD:
                    click.echo(f"{fault}\n    {done.curl}")
        for fault in described.faults(public.base, seed, end):
            faults[fault] += 1
            click.echo(fault)
        for served in sites:
            for fault in fuzzing.ended(served):
                faults[fault] += 1
                click.echo(fault)
    click.echo(f"seed {seed}: {statuses.total()} requests, {faults.total()} faults")
    click.echo(", ".join(f"{name}: {number}" for name, number in sorted(statuses.items())))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
