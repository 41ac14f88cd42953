"""A few hundred made-up requests to every site; `python -m tests.fuzz` goes on for minutes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from random import Random

import pytest

from tests.fuzz import asking, fuzzing, serving
from tests.fuzz.knowing import Known
from tests.fuzz.serving import Served

REQUESTS, SEED = 400, 20


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Served]]:
    folder = tmp_path_factory.mktemp("fuzzed")
    found = serving.settings(folder)
    known = serving.learnt(found)
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving.site(found, known, folder / "public.log")),
            stack.enter_context(serving.restricted(found, known, folder / "restricted.log")),
            stack.enter_context(serving.review(found, folder / "review.log")),
        ]


def test_no_request_breaks_a_site_or_gets_an_answer_that_does_anything(
    sites: list[Served],
) -> None:
    random, statuses = Random(SEED), Counter[int]()
    wrong = {}
    for number in range(REQUESTS):
        done = fuzzing.once(random, sites[number % len(sites)])
        statuses[done.status // 100] += 1
        if done.faults:
            wrong[done.curl] = done.faults
    assert wrong == {}
    assert [fault for served in sites for fault in fuzzing.ended(served)] == []
    # They get past the door: pages are made as well as refused.
    assert statuses[2] > REQUESTS / 8
    assert statuses[4] > REQUESTS / 8


def test_the_same_seed_makes_the_same_requests(sites: list[Served]) -> None:
    known: Known = sites[0].known
    first, second = (
        [asking.made(random, known, ()) for _ in range(50)] for random in (Random(7), Random(7))
    )
    assert first == second
    assert len({ask.route for ask in first}) > 20
