"""A data folder with candidates to review: the tiny graph, and proposals of our own making."""

from pathlib import Path

from conftest import tiny_data

from s4s_graph.mappings import decisions, sets, wording, write
from s4s_graph.mappings.reviewing import Review, start
from s4s_graph.mappings.slots import SEMAPV
from s4s_graph.namespaces import BASE

AUTHOR = "https://orcid.org/0000-0002-1825-0097"
SKILL, ESCO = f"{BASE}id/skill/", "http://data.europa.eu/esco/skill/"
WELD = f"{ESCO}2fcd95a4-1f9a-41cf-95a9-4701bde476b4"
# The pairs that are open, the surest first; the second is of the tiny graph itself.
OPEN = (
    (f"{SKILL}meten", f"{ESCO}verzonnen-meten"),
    (f"{SKILL}robotlassen", WELD),
    (f"{SKILL}meten", f"{ESCO}verzonnen-puntlassen"),
)


def data(folder: Path) -> Path:
    """Make the folder; its open candidates are OPEN."""
    tiny_data(folder)
    made = [
        sets.mapping(
            subject_id=pair[0],
            predicate_id=wording.EXACT,
            object_id=pair[1],
            mapping_justification=f"{SEMAPV}LexicalMatching",
            confidence=confidence,
        )
        for pair, confidence in ((OPEN[0], 0.9), (OPEN[2], 0.3))
    ]
    metadata = {"mapping_set_id": (f"{BASE}graph/mappings/candidates-more",)}
    metadata["license"] = (decisions.LICENSE,)
    proposed = sets.MappingSet("candidates-more", metadata, {}, tuple(made))
    write.write(proposed, folder / "mappings/candidates-more.sssom.tsv")
    return folder


def review(folder: Path, name: str = "") -> Review:
    """Start a review of such a folder."""
    return start(folder, AUTHOR, name)


def decided(folder: Path) -> dict[sets.Pair, tuple[str, bool, str | None]]:
    """Return what was decided of the pairs in OPEN: the predicate, whether it holds, the reason."""
    found = {m.pair: m for m in decisions.decided(folder).mappings}
    return {
        pair: (m.predicate, not m.negated, m.one("comment"))
        for pair in OPEN
        if (m := found.get(pair))
    }
