"""Whatever is asked of the API, by its own description: no 5xx, and answers as described."""

from pathlib import Path

import pytest
from browsing import browser

from tests.fuzz import described

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
EXAMPLES = 4  # `python -m tests.fuzz` makes more


def test_every_answer_is_as_the_description_says(tiny_release: Path) -> None:
    with browser(tiny_release) as client:
        api = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
        operations = list(described.operations(api))
        asked = [described.asked(operation, mode, EXAMPLES) for operation, mode in operations]
    assert sum(asked) > 100
