"""What is told about a project: what a thing is called there, and what could not be mapped."""

from s4s_graph.forms import Text
from s4s_graph.problems import VIOLATION, WARNING, Problem
from s4s_graph.qda.model import Case, Code, Link, Set


def code(found: Code) -> Text:
    """Name a code by its place in the tree."""
    return _named("code", "code", " › ".join((*found.path, found.name)))


def case(found: Case) -> Text:
    """Name a case."""
    return _named("casus", "case", found.name or found.guid)


def set_(found: Set) -> Text:
    """Name a set."""
    return _named("set", "set", found.name or found.guid)


def link(found: Link) -> Text:
    """Name a link."""
    return _named("link", "link", found.name or found.guid)


def element(kind: str, name: str) -> Text:
    """Name an element as the format does."""
    return _named(kind, kind, name)


def wrong(told: Text | None, message: Text, value: str | None = None) -> "Told":
    """Return a problem that must be repaired."""
    return Told(VIOLATION, told, message, value)


def left_out(told: Text | None, message: Text, value: str | None = None) -> "Told":
    """Return a word on what could not be mapped."""
    return Told(WARNING, told, message, value)


class Told:
    """What is said about a part of a project; `told` is what people know the part by."""

    def __init__(self, severity: str, told: Text | None, message: Text, value: str | None) -> None:
        self._severity = severity
        self._told = told
        self._message = message
        self._value = value

    def problem(self, file: str, lang: str) -> Problem:
        """Return it as a problem at that place."""
        return Problem(self._severity, self._message, placed(file, self._told, lang),
                       value=self._value)  # fmt: skip


def placed(file: str, told: Text | None, lang: str) -> str:
    """Return a file with what people know a part of it by."""
    return f"{file}, {told.of(lang)}" if told else file


def _named(nl: str, en: str, name: str) -> Text:
    return Text(nl=f"{nl} '{name}'", en=f"{en} '{name}'")


def guid_twice(other: Text) -> Text:
    """Say that two codes have one guid."""
    return Text(
        nl=f"{other.nl} heeft dezelfde guid; exporteer het project opnieuw",
        en=f"{other.en} has the same guid; export the project again",
    )


def dangling(count: int) -> Text:
    """Say that references lead nowhere."""
    return Text(
        nl=f"dit staat niet in het project, dat er wel naar verwijst (verwijzingen: {count})",
        en=f"this is not in the project, which does refer to it (references: {count})",
    )


def no_sure_pairs(resources: int, responses: int) -> Text:
    """Say that it is not clear which resource calls up which response."""
    return Text(
        nl=f"hier staan {resources} middelen en {responses} redeneringen in; leg met een link vast "
        "welk middel welke redenering oproept, of maak er meer sets van",
        en=f"this holds {resources} resources and {responses} responses; link each resource to the "
        "response that it calls up, or make several sets of it",
    )


def partly(cases: int) -> Text:
    """Say in how many cases only a part of a configuration is coded."""
    return Text(
        nl=f"casussen waarin maar een deel hiervan is gecodeerd: {cases}; dat is geen bevinding",
        en=f"cases in which only a part of this is coded: {cases}; that is no finding",
    )


def diagrams(count: int) -> Text:
    """Say that diagrams say nothing by themselves."""
    return Text(
        nl=f"diagrammen: {count}; wat erin getekend is telt alleen als het ook een link is",
        en=f"diagrams: {count}; what is drawn in them counts only if it is a link as well",
    )


def memos(count: int) -> Text:
    """Say that memos are left out."""
    return Text(
        nl=f"memo's: {count}; zij komen alleen mee met --restricted, want er kunnen citaten in "
        "staan",
        en=f"memos: {count}; they come along with --restricted only, since they may quote",
    )


def loose_memos(count: int) -> Text:
    """Say that memos belong to nothing."""
    return Text(
        nl=f"memo's: {count}; zij horen bij niets dat wordt overgenomen",
        en=f"memos: {count}; they belong to nothing that is taken over",
    )


def unquoted(count: int) -> Text:
    """Say that quotations could not be read."""
    return Text(
        nl=f"passages zonder tekst: {count}; de bron is geen tekst of zit niet in het project",
        en=f"passages without text: {count}; the source is no text or is not in the project",
    )


NO_GUID = Text(
    nl="dit heeft geen guid, zodat niets ernaar kan verwijzen; exporteer het project opnieuw",
    en="this has no guid, so that nothing can refer to it; export the project again",
)
NO_NAME = Text(nl="deze code heeft geen naam; geef er een", en="this code has no name; give it one")
NO_ROOT = Text(
    nl="deze code valt onder geen van de wortels (Context, Middel, Redenering, Uitkomst); zet haar "
    "eronder, of noem haar wortel in een bestand met --roots",
    en="this code falls under none of the roots (Context, Resource, Response, Outcome); put it "
    "below one, or name its root in a file with --roots",
)
FOLDER = Text(
    nl="met deze code kan niet worden gecodeerd; zij deelt alleen andere in en wordt geen begrip",
    en="nothing can be coded with this code; it only orders others and becomes no concept",
)
NO_PATTERN = Text(
    nl="deze set is geen configuratie: zij noemt geen uitkomst, of geen context of mechanisme",
    en="this set is no configuration: it names no outcome, or no context or mechanism",
)
NO_CHAIN = Text(
    nl="deze link hoort bij geen configuratie: zij verbindt geen context of mechanisme met een "
    "uitkomst",
    en="this link belongs to no configuration: it joins no context or mechanism to an outcome",
)
NO_COMPANY = Text(
    nl="deze casus heeft geen waarde voor grootteklasse, sector of regio en is dus geen bedrijf; "
    "noem de variabelen in een bestand met --roots",
    en="this case has no value for size class, sector or region and so is no company; name the "
    "variables in a file with --roots",
)
VARIABLE = Text(
    nl="deze variabele wordt niet overgenomen; noem haar in een bestand met --roots als zij iets "
    "over het bedrijf zegt",
    en="this variable is not taken over; name it in a file with --roots if it says something of "
    "the company",
)
SEVERAL = Text(
    nl="deze codes heten gelijk en staan onder verschillende wortels; zij worden één omstandigheid "
    "in twee rollen",
    en="these codes have the same name below different roots; they become one condition in two "
    "roles",
)
