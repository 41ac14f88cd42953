"""Small vocabularies in the layout of their publishers, with concepts of our own making."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from s4s_graph.cli import main

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared/data"
ESCO = "http://data.europa.eu/esco/"
Run = Callable[..., Result]

SKILLS = [
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels",
    "hiddenLabels", "status", "modifiedDate", "scopeNote", "definition", "inScheme", "description",
]  # fmt: skip
GROUPS = ["conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status",
          "modifiedDate", "scopeNote", "inScheme", "description", "code"]  # fmt: skip
OCCUPATIONS = [
    "conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels",
    "status", "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme",
    "description", "code",
]  # fmt: skip
BROADER = ["conceptType", "conceptUri", "broaderType", "broaderUri"]
NEEDED = ["occupationUri", "relationType", "skillType", "skillUri"]
SCHEMES = f"{ESCO}concept-scheme/member-skills,\n{ESCO}concept-scheme/skills"


def skill(name: str, label: str, *, other: str = "", text: str = "") -> list[str]:
    """Return a row of a file of skills."""
    return [
        "KnowledgeSkillCompetence", f"{ESCO}skill/{name}", "skill/competence", "cross-sector",
        label, other, "", "released", "2016-12-20T20:04:40Z", "", "", SCHEMES, text,
    ]  # fmt: skip


def group(name: str, label: str, code: str = "S1") -> list[str]:
    """Return a row of a file of groups."""
    scheme = f"{ESCO}concept-scheme/skills\n{ESCO}concept-scheme/skills-hierarchy"
    return ["SkillGroup", f"{ESCO}skill/{name}", label, "", "", "released", "", "", scheme, "",
            code]  # fmt: skip


def below(name: str, *others: str) -> list[list[str]]:
    """Return rows of a file of what is above what."""
    kind = "KnowledgeSkillCompetence"
    return [[kind, f"{ESCO}skill/{name}", kind, f"{ESCO}skill/{other}"] for other in others]


def table(path: Path, *rows: Sequence[str], delimiter: str = ",") -> Path:
    """Write a file of CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def packed(path: Path, members: Mapping[str, bytes | Sequence[Sequence[str]]]) -> Path:
    """Write a zip; a member that is no bytes becomes CSV."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if not isinstance(content, bytes):
                text = io.StringIO(newline="")
                csv.writer(text).writerows(content)
                content = text.getvalue().encode()
            archive.writestr(name, content)
    return path


def esco(folder: Path, version: str = "1.1.1") -> Path:
    """Write a small ESCO in English with the relations; return the zip."""
    return packed(
        folder / f"ESCO dataset - v{version} - en - csv.zip",
        {
            "skills_en.csv": [
                SKILLS,
                skill("mill", "mill metal", other="mill metals\nmilling", text="Cut\nwith a mill."),
                skill("turn", "turn metal"),
            ],
            "skillGroups_en.csv": [GROUPS, group("cutting", "cutting metal")],
            "occupations_en.csv": [
                OCCUPATIONS,
                ["Occupation", f"{ESCO}occupation/miller", "7223", "miller", "", "", "released", "",
                 f"{ESCO}regulated-professions/unregulated", "", "", "", "", "7223.1"],
            ],
            "broaderRelationsSkillPillar.csv": [
                BROADER, *below("mill", "cutting"), *below("turn", "cutting"),
            ],
            "occupationSkillRelations.csv": [
                NEEDED,
                [f"{ESCO}occupation/miller", "essential", "skill/competence", f"{ESCO}skill/mill"],
                [f"{ESCO}occupation/miller", "optional", "skill/competence", f"{ESCO}skill/turn"],
            ],
        },
    )  # fmt: skip


def runner(data: Path, **more: str) -> Run:
    """Return what runs `s4s vocabulary` on a data folder, in English."""
    variables = {"S4S_DATA": str(data), "LANG": "C", "LC_ALL": "", **more}

    def invoke(*arguments: str | Path, answer: str = "") -> Result:
        words = ["vocabulary", *map(str, arguments)]
        return CliRunner().invoke(main, words, env=variables, input=answer)

    return invoke
