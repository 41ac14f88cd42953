"""From the elements of REFI-QDA to a project. Source: REFI-QDA 1.5, and Project.xsd 1.0."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from s4s_graph.qda import fragments
from s4s_graph.qda.elements import Element
from s4s_graph.qda.model import Case, Code, Link, Note, Passage, Project, Set, Source

Texts = Callable[[str], str | None]
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SOURCES = ("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource")
_SELECTIONS = (
    "PlainTextSelection",
    "PictureSelection",
    "PDFSelection",
    "AudioSelection",
    "VideoSelection",
    "TranscriptSelection",
)
# What stands for a picture, a page or a recording as text.
_AS_TEXT = ("TextDescription", "Representation", "Transcript")
_VALUES = re.compile(r"\w+Value")


def project(root: Element, texts: Texts | None) -> Project:
    """Return what the root of a project or codebook says.

    `texts` gives the text of a source by its path; None leaves out quotations and memos.
    """
    walk = _Walk(root, texts)
    book = root if root.name == "CodeBook" else root.first("CodeBook")
    return Project(
        codes=tuple(walk.codes(book.first("Codes") if book else None)),
        cases=tuple(map(walk.case, _in(root, "Cases", "Case"))),
        sources=tuple(map(walk.source, _in(root, "Sources", *_SOURCES))),
        passages=tuple(walk.passages()),
        notes=tuple(map(walk.note, _in(root, "Notes", "Note"))),
        # Some programs put the sets of a project in its codebook.
        sets=tuple(map(walk.set, (*_in(root, "Sets", "Set"), *walk.inner_sets(book)))),
        links=tuple(walk.links()),
        others=walk.others(),
        wrong=tuple(walk.wrong),
    )


class _Walk:
    def __init__(self, root: Element, texts: Texts | None) -> None:
        self._root = root
        self._texts = texts
        self._variables = {
            self._guid(found): found.attributes.get("name", "")
            for found in _in(root, "Variables", "Variable")
        }
        self.wrong: list[tuple[str, str, str]] = []

    def codes(self, codes: Element | None) -> Iterator[Code]:
        above: list[tuple[Element, str | None, tuple[str, ...]]] = []
        if codes:
            above = [(code, None, ()) for code in reversed(list(codes.each("Code")))]
        while above:
            code, parent, path = above.pop()
            guid, name = self._own(code), _name(code)
            yield Code(
                guid=guid,
                name=name,
                description=code.said("Description"),
                is_codable=code.attributes.get("isCodable", "true").strip() in ("true", "1"),
                parent=parent,
                path=path,
                notes=self._notes(code),
            )
            inner = [(child, guid, (*path, name)) for child in code.each("Code")]
            above.extend(reversed(inner))

    def case(self, case: Element) -> Case:
        return Case(
            guid=self._own(case),
            name=_name(case),
            values=self._values(case),
            codes=self._targets(case, "CodeRef"),
            sources=self._targets(case, "SourceRef"),
            selections=self._targets(case, "SelectionRef"),
        )

    def source(self, source: Element) -> Source:
        return Source(self._own(source), self._values(source))

    def note(self, note: Element) -> Note:
        return Note(self._own(note), (self._text(note) or "").strip())

    def set(self, found: Element) -> Set:
        return Set(
            guid=self._own(found),
            name=_name(found),
            description=found.said("Description"),
            codes=self._targets(found, "MemberCode"),
            notes=self._targets(found, "MemberNote"),
        )

    def inner_sets(self, book: Element | None) -> Iterator[Element]:
        if book is not None and book is not self._root:
            yield from _in(book, "Sets", "Set")

    def links(self) -> Iterator[Link]:
        for link in _in(self._root, "Links", "Link"):
            ends = [guid(link.attributes.get(end, "")) for end in ("originGUID", "targetGUID")]
            is_directed = link.attributes.get("direction", "").strip() == "OneWay"
            yield Link(self._own(link), _name(link), is_directed, *ends)

    def passages(self) -> Iterator[Passage]:
        for source in _in(self._root, "Sources", *_SOURCES):
            yield from self._coded(source, self._guid(source))

    def others(self) -> Mapping[str, int]:
        # A plain one: `asdict` would count the items of a Counter.
        graphs = (child.name for group in self._root.each("Graphs") for child in group.children)
        return dict(Counter(graphs))

    def _coded(self, holder: Element, source: str) -> Iterator[Passage]:
        """Yield what is coded in a source, or in the text that stands for it."""
        own = self._guid(holder)
        if passage := self._passage(holder, source, None, fragments.whole(own), None):
            yield passage
        text = self._text(holder) if any(holder.each("PlainTextSelection")) else None
        points = {self._guid(p): p.attributes.get("timeStamp") for p in holder.each("SyncPoint")}
        for selection in holder.each(*_SELECTIONS):
            address = fragments.part(own, selection.name, selection.attributes, points)
            quoted = fragments.quotation(text, selection.attributes) if text else None
            guid = self._guid(selection)
            if passage := self._passage(selection, source, guid, address, quoted):
                yield passage
            for inner in selection.each(*_AS_TEXT):
                yield from self._coded(inner, source)
        for inner in holder.each(*_AS_TEXT):
            yield from self._coded(inner, source)

    def _passage(
        self,
        holder: Element,
        source: str,
        selection: str | None,
        address: str,
        quotation: str | None,
    ) -> Passage | None:
        codings = list(holder.each("Coding"))
        if not codings:
            return None
        return Passage(
            source=source,
            selection=selection,
            address=address,
            codes=tuple(code for coding in codings for code in self._targets(coding, "CodeRef")),
            notes=(*self._notes(holder), *(n for coding in codings for n in self._notes(coding))),
            quotation=quotation,
        )

    def _text(self, holder: Element) -> str | None:
        if self._texts is None:
            return None
        own = holder.first("PlainTextContent")
        if own is not None:
            return own.text
        return self._texts(holder.attributes.get("plainTextPath", ""))

    def _values(self, holder: Element) -> dict[str, str]:
        found = {}
        for value in holder.each("VariableValue"):
            said = next((v for v in value.children if _VALUES.fullmatch(v.name)), None)
            for variable in self._targets(value, "VariableRef"):
                if said is not None and said.text.strip():
                    found[self._variables.get(variable, variable)] = said.text.strip()
        return found

    def _notes(self, holder: Element) -> tuple[str, ...]:
        return self._targets(holder, "NoteRef")

    def _targets(self, holder: Element, name: str) -> tuple[str, ...]:
        # Codebooks call it guid, projects targetGUID.
        found = [e.attributes.get("targetGUID", e.attributes.get("guid", "")) for e in
                 holder.each(name)]  # fmt: skip
        return tuple(map(guid, found))

    def _own(self, element: Element) -> str:
        found = self._guid(element)
        if not _GUID.fullmatch(found):
            self.wrong.append((element.name, _name(element), element.attributes.get("guid", "")))
        return found

    def _guid(self, element: Element) -> str:
        return guid(element.attributes.get("guid", ""))


def guid(text: str) -> str:
    """Return a guid as we compare and keep it: lower case, without braces."""
    return text.strip().strip("{}").lower()


def _in(root: Element, group: str, *names: str) -> Iterator[Element]:
    return (found for part in root.each(group) for found in part.each(*names))


def _name(element: Element) -> str:
    return " ".join(element.attributes.get("name", "").split())
