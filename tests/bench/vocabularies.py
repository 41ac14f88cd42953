"""An import of all of ESCO: how long it takes, and how much memory.

`python -m tests.bench.vocabularies FOLDER_OF_ESCO`, where the folder has the files of one version
as they are published, in zips. It is imported into an empty folder by a process of its own, and
then once more under another version, which is compared with the first.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEGABYTES = 60, 1000  # that an import may take


def measured(*arguments: str) -> tuple[float, float, int]:
    """Run a command; return its wall and CPU seconds, and the most memory it had, in megabytes."""
    start = time.perf_counter()
    process = subprocess.Popen([Path(sys.executable).with_name("s4s"), *arguments])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    wall = time.perf_counter() - start
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main(folder: Path) -> None:
    """Import twice and print the figures."""
    files = [str(path) for path in sorted(folder.glob("*.zip"))]
    if not files:
        sys.exit(f"{folder} has no zip of ESCO; name the folder that has them")
    with tempfile.TemporaryDirectory() as data:
        figures = {}
        for name, version in (("import", "first"), ("import over it", "second")):
            options = ("--version", version, "--into", data, "--yes")
            figures[name] = measured("vocabulary", "add", "esco", *files, *options)
        size = (Path(data) / "vocabularies/esco/concepts.nt.gz").stat().st_size
    sys.stdout.write(f"\nallowed: {SECONDS} s, {MEGABYTES} MB\n")
    for name, (wall, processor, memory) in figures.items():
        sys.stdout.write(f"{name:15} {wall:5.1f} s wall, {processor:5.1f} s CPU, {memory} MB\n")
    sys.stdout.write(f"written: {size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
