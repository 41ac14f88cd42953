"""A data folder in which every text is a canary: it would be seen wherever it is taken as more.

Each text says who it is (`kanarie0017`), holds everything below, and must come out as it went in.
"""

import csv
import re
import shutil
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from s4s_graph import forms, headings
from s4s_graph.forms import Field
from s4s_graph.namespaces import BASE
from tests import vocabularies
from tests.conftest import ROOT

NAME = "kanarie"
STARTS = ("=", "+", "-", "@", "=cmd|'/C calc'!A0 ")
# Nothing may call this, nothing may be called so, and nothing may lead to it.
HTML = (
    f"<script>{NAME}()</script>",
    f'"><img src=x onerror={NAME}()>',
    f"' onmouseover='{NAME}()' x='",
    f"</textarea></title></style></script><svg/onload={NAME}()>",
    f"<a href=javascript:{NAME}()>javascript:{NAME}()</a>",
    f"<{NAME}-tag>",
    "--><!-- ]]><![CDATA[ <?x ?>",
    "&#x3c;&lt;&amp;lt; &copy &nietbestaand;",
    "{{7*7}} ${7*7} <%=7*7%> {%raw%} #{7*7} %s %(x)s {0}",
)
DATA = (
    '""" . <http://example.org/a> <http://example.org/b> "x"@en . # \\',
    "\\\" \\u0041 \\n '''",
    "} UNION { ?s ?p ?o } . ?x . ?lang $lang # DROP ALL",
    "'; DROP TABLE entry; -- * NEAR OR NOT",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "../../etc/passwd %00 %0d%0aX-Kanarie:%20yes %2F",
    "@misc{x, note = {}} } \\input{/etc/passwd} $x$ TY  - RPRT ER  -",
)
LINES = (
    f"\nERROR {NAME} this line is a forgery\n",
    f"\r\nX-Kanarie: yes\r\nSet-Cookie: {NAME}=1\r\n\r\n<html>",
)
LETTERS = (
    "مرحبا بالعالم \u200f",
    "\u200d\U0001f468\u200d\U0001f469\u200d\U0001f467 \u0301\u0301\u0301 ﷽ ß İ",
    "x" * 400,
)
STEERING = (
    "\x1b[31m\x1b]0;title\x07",
    "\x9b31m",
    "\x01\x7f\ufffe",
    "\u202egnirts\u2066",
    "\x85 \u2028",
)
PAYLOADS = HTML + DATA + LINES + LETTERS
# Of addresses: the nearest to it that IRIs allow.
ADDRESS = f"https://example.org/'onmouseover='{NAME}()//%0d%0aX-Kanarie:1?a=1&amp&quot#')--"
SCRIPTS = (f"javascript:{NAME}()//%0a", f"data:text/html,%3Cscript%3E{NAME}()%3C/script%3E")
WORD = re.compile(rf"{NAME}\d{{4}}")


class Canaries:
    """The texts of a folder, by the name that each begins with."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._starts = cycle(STARTS)

    def text(self, *, split: bool = False, steering: bool = False) -> str:
        """Return a new one. Where it is cut short, another shows what was cut off of this.

        split: for a cell in which `;` stands between values.
        steering: with characters that steer a terminal or turn text around, which no cell takes.
        """
        number = len(self.texts)
        name = f"{NAME}{number:04}"
        turn = number % len(PAYLOADS)
        payloads = (*PAYLOADS[turn:], *PAYLOADS[:turn])
        rest = " ".join((*STEERING, *payloads) if steering else payloads)
        # As it comes out of a table: nothing around it, and lines that end as they do here.
        text = f"{next(self._starts)}{name} {rest}".replace("\r\n", "\n").strip()
        text = text.replace(";", ",") if split else text
        self.texts[name] = text
        return text


def fill(folder: Path) -> Canaries:
    """Make the data folder of the tiny graph with a canary in each text that it can hold."""
    canaries = Canaries()
    shutil.copytree(ROOT / "tests/tiny/data", folder)
    _tables(folder, canaries)
    for turtle in sorted((ROOT / "tests/tiny/vocabularies").glob("*.ttl")):
        _vocabulary(turtle, folder, canaries)
    return canaries


def _vocabulary(turtle: Path, data: Path, canaries: Canaries) -> None:
    """Put a vocabulary in the folder: others write it, and no table has looked at its letters."""

    def changed(quad: ox.Quad) -> ox.Triple:
        said = quad.object
        if isinstance(said, ox.Literal):
            said = ox.Literal(canaries.text(steering=True), language=said.language)
        return ox.Triple(quad.subject, quad.predicate, said)

    with TemporaryDirectory() as folder:
        evil = Path(folder) / turtle.name
        with evil.open("wb") as file:
            ox.serialize(map(changed, ox.parse(path=turtle)), file, ox.RdfFormat.TURTLE)
        vocabularies.put(evil, data)


def _tables(folder: Path, canaries: Canaries) -> None:
    known = forms.read(ROOT / "shapes", BASE)
    tables = sorted(folder.glob("*.csv"))
    assert tables
    for path in tables:
        form = known.by_table(path.stem)
        assert form
        columns = headings.columns(form)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for column, (field, _) in columns.items():
                row[column] = _value(row.get(column) or "", field, canaries)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["id", *columns], restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)


def _value(stood: str, field: Field, canaries: Canaries) -> str:
    several = field.maximum != 1 and not field.unique_language
    if field.kind == "iri":
        if several and not field.pattern:
            return ";".join(filter(None, (stood, ADDRESS, *SCRIPTS)))
        return ADDRESS if field.pattern and re.match(field.pattern, ADDRESS) else stood
    if field.kind not in ("text", "string") or field.pattern:
        return stood
    return canaries.text(split=several)
