"""Coding projects for the tests, in the layout of REFI-QDA 1.0, as several programs write it.

`project` and `codebook` make XML; `packed` makes a .qdpx of it.
"""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
PLAIN = "0000{:04d}-0000-4000-8000-00000000abcd"


def guid(number: int) -> str:
    """Return the guid that the tests give a number, as we keep it."""
    return PLAIN.format(number)


@dataclass(frozen=True)
class Program:
    """How a program writes: its guids, whether it starts with a mark, and its namespace prefix."""

    origin: str
    guids: str = "{}"
    upper: bool = False
    mark: bool = False
    prefix: str = ""
    encoding: str = "utf-8"

    def guid(self, number: int) -> str:
        found = self.guids.format(guid(number))
        return found.upper() if self.upper else found


NVIVO = Program("NVivo 14", upper=False, mark=True)
ATLAS = Program("ATLAS.ti Win 23.4.0", upper=True)
MAXQDA = Program("MAXQDA 2022", guids="{{{}}}", prefix="q:", encoding="utf-16")
PROGRAMS = (NVIVO, ATLAS, MAXQDA)


@dataclass
class Xml:
    """Elements in the way of one program."""

    program: Program = field(default=NVIVO)

    def element(self, tag: str, content: str = "", /, **attributes: str | int | None) -> str:
        said = "".join(
            f" {key}={quoteattr(str(value))}"
            for key, value in attributes.items()
            if value is not None
        )
        tag = self.program.prefix + tag
        return f"<{tag}{said}>{content}</{tag}>" if content else f"<{tag}{said}/>"

    def id(self, number: int) -> str:
        return self.program.guid(number)

    def text(self, name: str, text: str) -> str:
        return self.element(name, escape(text)) if text else ""

    def refs(self, name: str, numbers: Sequence[int]) -> str:
        return "".join(self.element(name, targetGUID=self.id(number)) for number in numbers)

    def code(
        self,
        number: int,
        name: str,
        *children: str,
        said: str = "",
        codable: bool = True,
        notes: Sequence[int] = (),
    ) -> str:
        content = self.text("Description", said) + self.refs("NoteRef", notes) + "".join(children)
        is_codable = "true" if codable else "false"
        return self.element("Code", content, guid=self.id(number), name=name, isCodable=is_codable)

    def values(self, values: Mapping[int, str | int]) -> str:
        return "".join(
            self.element(
                "VariableValue",
                self.refs("VariableRef", [number])
                + self.text("IntegerValue" if isinstance(v, int) else "TextValue", str(v)),
            )
            for number, v in values.items()
        )

    def case(
        self,
        number: int,
        name: str,
        values: Mapping[int, str | int] | None = None,
        sources: Sequence[int] = (),
        selections: Sequence[int] = (),
        codes: Sequence[int] = (),
    ) -> str:
        content = self.refs("CodeRef", codes) + self.values(values or {})
        content += self.refs("SourceRef", sources) + self.refs("SelectionRef", selections)
        return self.element("Case", content, guid=self.id(number), name=name)

    def coding(self, number: int, code: int, notes: Sequence[int] = ()) -> str:
        content = self.refs("CodeRef", [code]) + self.refs("NoteRef", notes)
        return self.element("Coding", content, guid=self.id(number))

    def selection(self, number: int, start: int, end: int, *codings: str) -> str:
        return self.element(
            "PlainTextSelection",
            "".join(codings),
            guid=self.id(number),
            name="een stukje van het citaat",
            startPosition=start,
            endPosition=end,
        )

    def interview(
        self, number: int, name: str, *selections: str, text: str = "", path: str | None = None,
        values: Mapping[int, str | int] | None = None,
    ) -> str:  # fmt: skip
        content = self.text("PlainTextContent", text) + "".join(selections)
        content += self.values(values or {})
        return self.element(
            "TextSource", content, guid=self.id(number), name=name, plainTextPath=path
        )

    def set(
        self, number: int, name: str, codes: Sequence[int], said: str = "",
        notes: Sequence[int] = (),
    ) -> str:  # fmt: skip
        content = self.text("Description", said) + self.refs("MemberCode", codes)
        content += self.refs("MemberNote", notes)
        return self.element("Set", content, guid=self.id(number), name=name)

    def link(
        self, number: int, origin: int, target: int, name: str = "leidt tot",
        direction: str = "OneWay",
    ) -> str:  # fmt: skip
        return self.element(
            "Link", guid=self.id(number), name=name, direction=direction,
            originGUID=self.id(origin), targetGUID=self.id(target),
        )  # fmt: skip

    def note(self, number: int, text: str) -> str:
        content = self.text("PlainTextContent", text)
        return self.element("Note", content, guid=self.id(number), name="Memo")

    def variable(self, number: int, name: str) -> str:
        return self.element("Variable", guid=self.id(number), name=name, typeOfVariable="Text")

    def project(self, **parts: str) -> bytes:
        """Return a project; parts in the order that the XSD asks, each with its children."""
        order = ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets",
                 "Graphs")  # fmt: skip
        codes = parts.pop("Codes", "")
        if codes:
            parts["CodeBook"] = self.element("Codes", codes)
        assert parts.keys() <= set(order)
        content = "".join(self.element(name, parts[name]) for name in order if name in parts)
        return self.root("Project", PROJECT, content, name="Onderzoek")

    def codebook(self, codes: str, sets: str = "") -> bytes:
        """Return a codebook."""
        content = self.element("Codes", codes) + (self.element("Sets", sets) if sets else "")
        return self.root("CodeBook", CODEBOOK, content)

    def root(self, tag: str, namespace: str, content: str, **attributes: str) -> bytes:
        """Return a whole file with this root."""
        declared = f"xmlns:{self.program.prefix[:-1]}" if self.program.prefix else "xmlns"
        said = {declared: namespace, "origin": self.program.origin} | attributes
        text = f'<?xml version="1.0" encoding="{self.program.encoding}"?>\n'
        text += self.element(tag, content, **said)
        mark = "\ufeff" if self.program.mark else ""
        return (mark + text).encode(self.program.encoding)


def packed(path: Path, project: bytes, **members: str | bytes) -> Path:
    """Write a .qdpx: the project, and its sources by name, whose dots are double underscores."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", project)
        for name, content in members.items():
            archive.writestr("Sources/" + name.replace("__", "."), content)
    return path
