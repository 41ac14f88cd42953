"""Files of anyone, read in a process of its own: what is in them ends that process at the most."""

import json
import os
import resource
import subprocess
import sys
from typing import Any

from s4s_graph.settings import PACKAGE


def answer(module: str, *arguments: str, shown: bool = False) -> Any | None:
    """Run a module of ours; return what it prints as JSON, or None if it came to its end.

    shown: whether what it tells people on standard error, such as how far it is, is seen.
    """
    # The arguments are places of our own and a path that someone gave; -P keeps modules that
    # happen to lie in the working folder out.
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", module, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=None if shown else subprocess.DEVNULL,
        check=False,
    )
    return json.loads(ended.stdout) if ended.returncode == 0 else None


def environment() -> dict[str, str]:
    """Return the environment in which -m finds the package, installed or not."""
    places = (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))
    found = os.pathsep.join(filter(None, places))
    return {**os.environ, "RUST_BACKTRACE": "0", "PYTHONPATH": found}


def limit(memory: int, seconds: int) -> None:
    """End this process where it takes more bytes of address space or seconds of CPU than that."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
