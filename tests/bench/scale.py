"""Build and serve at growing sizes, and write a table: `make bench SIZES="10k 1M 10M"`.

A size is about so many quads. What was measured of a size stays in a folder of its own below
--folder, where the next run finds it: a release is built once, the site over it is measured anew.
Without `built.json` there, its build is measured again. Without --folder all of it is made, and
removed at the end.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import engines
from tests.bench import endpoint, report
from tests.bench.building import Built, Cost, built, settings
from tests.bench.report import Measured
from tests.bench.serving import served

# Interventions. The least there can be is what the ontology, the shapes and the shipped tables
# are by themselves, some 45,000 quads.
SIZES = {"10k": 50, "100k": 250, "1M": 3_600, "10M": 45_000, "50M": 240_000}
BUILT = "built.json"


def main() -> None:
    """Measure the sizes that are asked for, the smallest first, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["10k", "1M"], help=", ".join(SIZES))
    parser.add_argument("--folder", type=Path, help="where releases stay for a next run")
    parser.add_argument("--output", type=Path, default=Path("BENCHMARKS.md"))
    given = parser.parse_args()
    if unknown := set(given.sizes) - SIZES.keys():
        parser.error(f"{unknown.pop()} is not a size; use {', '.join(SIZES)}")
    with TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        measured = [measure(size, folder / size) for size in SIZES if size in given.sizes]
        chosen = next((one for one in measured if one.size == "1M"), measured[-1])
        compared = _compared(folder / chosen.size) if engines.program("oxigraph") else ""
    given.output.write_text(report.written(measured, compared), encoding="utf-8")


def measure(size: str, folder: Path) -> Measured:
    """Build a release of a size, unless it is there, and measure the site over it."""
    known = folder / BUILT
    if not known.exists():
        endpoint.say(f"{size}: building")
        folder.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps(asdict(built(folder, SIZES[size])), indent=1), encoding="utf-8")
    found = json.loads(known.read_text(encoding="utf-8"))
    costs = {name: Cost(**found.pop(name)) for name in ("build", "loading", "validating")}
    endpoint.say(f"{size}: serving")
    return Measured(size, Built(**found, **costs), served(settings(folder)))


def _compared(folder: Path) -> str:
    """Return what the comparison with the engine's own server says of a release."""
    command = [sys.executable, "-m", "tests.bench.endpoint", str(settings(folder).releases)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
