"""The API by its own description: requests that schemathesis makes, fitting it and not."""

import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

EXAMPLES = 20  # of each operation before the next one has its turn


def faults(base: str, number: int, end: float) -> Iterator[str]:
    """Yield what is wrong with answers of a site, until a time; other requests by the number."""
    if not find_spec("schemathesis"):
        return
    import schemathesis
    from schemathesis.core.failures import FailureGroup

    described = schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")
    while time.monotonic() < end:
        number += 1
        for operation, mode in operations(described):
            if time.monotonic() < end:
                try:
                    asked(operation, mode, EXAMPLES, number)
                except FailureGroup as error:
                    yield f"{operation.label}: {'; '.join(map(str, error.exceptions))}"


def operations(described: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each operation with each mode: requests that fit the description, or that do not."""
    import schemathesis

    for mode in schemathesis.GenerationMode:
        for found in described.get_all_operations():
            yield found.ok(), mode


def asked(operation: Any, mode: Any, examples: int, number: int = 0) -> int:
    """Send requests to an operation, look at the answers, and return how many there were.

    Raises what schemathesis raises of an answer that is not as the description says.
    """
    count = 0

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(number)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        nonlocal count
        count += 1
        case.call_and_validate()

    check()
    return count
