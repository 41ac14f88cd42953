"""Whatever is asked of the API, by its own description: no 5xx, and answers as described."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import browser
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")


@pytest.fixture(scope="module")
def described(tiny_release: Path) -> Iterator[Any]:
    with browser(tiny_release) as client:
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_answer_is_as_the_description_says(described: Any, mode: Any) -> None:
    """`mode` is whether what is sent fits the description, or does not."""
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=4,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate()

        check()
    assert asked > 100
