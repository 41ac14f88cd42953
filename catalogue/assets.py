"""The bundles that the installation made of fonts and scripts: where each of them is served."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "dist"
ADDRESS = "/static/dist/"


def addresses(folder: Path = FOLDER) -> dict[str, str]:
    """Return the address of each bundle by the name of its source.

    It is empty where the site was installed without them; the pages do without.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return {}
    names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return {source: ADDRESS + name for source, name in names.items()}
