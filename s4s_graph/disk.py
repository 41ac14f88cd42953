"""What a folder on disk needs beyond being written: to be safe there, and closed to others."""

import os
from pathlib import Path


def sync(folder: Path) -> None:
    """Ask the system to put every file and folder below `folder` on disk before going on."""
    for directory, _, names in os.walk(folder):
        for path in (*(Path(directory, name) for name in names), Path(directory)):
            sync_one(path)


def sync_one(path: Path) -> None:
    """Ask the system to put a file on disk, or the names that are in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def close(folder: Path) -> None:
    """Let nobody else on the system read a folder and what is in it."""
    for directory, _, names in os.walk(folder):
        Path(directory).chmod(0o700)
        for name in names:
            Path(directory, name).chmod(0o600)
