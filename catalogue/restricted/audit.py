"""Who saw what: one line of JSON for each answer, without what was asked for in the address."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

MODE = 0o600
MOST = 1000  # characters of a path


class Audit:
    """Appends to a file that nobody else on the system can read."""

    def __init__(self, path: Path) -> None:
        """Open the file once to see that it can be written. Raises OSError when it cannot."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = self._open()
        try:
            os.fchmod(descriptor, MODE)  # it may have been there with another
        finally:
            os.close(descriptor)

    def write(self, person: str | None, method: str, path: str, status: int) -> None:
        """Write a line; `person` is None for who could not come in. Raises OSError."""
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "person": person,
            "method": method[:20],
            "path": path[:MOST],
            "status": status,
        }
        # In one piece and at the end, whoever else writes; and anew each time, so that the file
        # can be moved away while the site runs.
        line = f"{json.dumps(entry)}\n".encode()
        descriptor = self._open()
        try:
            if os.write(descriptor, line) != len(line):
                raise OSError(f"{self._path} took only a part of a line")
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, MODE)
