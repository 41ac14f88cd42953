"""A process that reads one coding project of anyone, so that it may die of what is in it.

    python -m s4s_graph.qda.parsing FILE public|restricted

prints one JSON document: the project, or what is wrong with it. Quotations and memos are left
out, unless the second argument is `restricted`.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from s4s_graph import apart
from s4s_graph.qda import elements, package, walking
from s4s_graph.qda.elements import MalformedError

RESTRICTED, PUBLIC = "restricted", "public"
MEMORY = 3 << 30  # bytes of address space
SECONDS = 120  # of CPU; a project of 100 MB takes some ten
_TEXT = frozenset({"PlainTextContent"})


def main(arguments: list[str]) -> int:
    """Read a project as the module says; return the status that the process ends with."""
    path, kind = Path(arguments[0]), arguments[1]
    apart.limit(MEMORY, SECONDS)
    try:
        answer = _read(path, kind == RESTRICTED)
    except MalformedError as error:
        answer = {"nl": error.message.nl, "en": error.message.en}
    sys.stdout.write(json.dumps(answer))
    return 0


def _read(path: Path, is_restricted: bool) -> dict[str, Any]:
    with package.opened(path) as files:
        with files.main() as file:
            root = elements.read(file, frozenset() if is_restricted else _TEXT)
        return asdict(walking.project(root, files.text if is_restricted else None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
