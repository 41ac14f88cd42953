"""What can be wrong with a mapping set, as sentences that say what would be right."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from s4s_graph.forms import Text
from s4s_graph.mappings.wording import JUSTIFICATIONS, PREDICATES

SHOWN = 80  # characters of a value
_MATCHES = ", ".join(f"skos:{iri.rpartition('#')[2]}" for iri in PREDICATES)

NOT_UTF8 = Text(
    nl="deze regel is geen UTF-8; sla het bestand op als UTF-8",
    en="this line is not UTF-8; save the file as UTF-8",
)
LONG_LINE = Text(
    nl="deze regel is langer dan een megabyte; een cel met zoveel tekst hoort hier niet",
    en="this line is longer than a megabyte; a cell with so much text does not belong here",
)
LONG_HEADER = Text(
    nl="de regels met # vooraan zijn er te veel; daar horen alleen de gegevens van de set",
    en="there are too many lines that begin with #; only what is said of the set goes there",
)
ALIAS = Text(
    nl="verwijzingen met * en & zijn in SSSOM niet toegestaan; schrijf elke waarde uit",
    en="SSSOM allows no references with * and &; write every value in full",
)
NO_MAP = Text(
    nl="hier horen regels als 'naam: waarde'", en="lines such as 'name: value' belong here"
)
NO_PREFIX_LINE = Text(
    nl="schrijf een prefix als naam met een volledig adres: 'esco: http://data.europa.eu/esco/'",
    en="write a prefix as a name with a full address: 'esco: http://data.europa.eu/esco/'",
)
NO_EXTENSION = Text(
    nl="een eigen kolom vraagt een slot_name die SSSOM niet kent en een property als prefix:naam",
    en="a column of your own needs a slot_name that SSSOM does not know and a property as "
    "prefix:name",
)
ONE_VALUE = Text(nl="hier past één waarde", en="one value fits here")
NO_TEXT = Text(
    nl="hier hoort tekst, geen lijst of tabel", en="text belongs here, not a list or map"
)
MISSING_METADATA = {
    "mapping_set_id": Text(
        nl="boven de tabel ontbreekt '#mapping_set_id: …', het webadres van de set",
        en="'#mapping_set_id: …', the web address of the set, is missing above the table",
    ),
    "license": Text(
        nl="boven de tabel ontbreekt '#license: …', het webadres van de licentie",
        en="'#license: …', the web address of the licence, is missing above the table",
    ),
}
TWICE = Text(nl="deze kolom staat er twee keer", en="this column is there twice")
TOO_WIDE = Text(
    nl="deze rij heeft meer cellen dan er kolommen zijn",
    en="this row has more cells than there are columns",
)
EMPTY = Text(nl="deze cel mag niet leeg zijn", en="this cell may not be empty")
NO_ADDRESS = Text(nl="dit is geen volledig webadres", en="this is not a full web address")
NO_DATE = Text(
    nl="schrijf een datum als jjjj-mm-dd: 2026-01-31", en="write a date as yyyy-mm-dd: 2026-01-31"
)
NO_PREDICATE = Text(
    nl=f"dit soort verband wordt niet gelezen; gebruik een van {_MATCHES}",
    en=f"this predicate is not read; use one of {_MATCHES}",
)


def cut(value: str) -> str:
    """Return a value no longer than a message can show."""
    return value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"


def no_yaml(error: Exception) -> Text:
    """Say that the metadata cannot be read; the parser's own words are English."""
    problem = getattr(error, "problem", None) or type(error).__name__
    return Text(
        nl=f"de gegevens boven de tabel zijn geen YAML: {problem}",
        en=f"the metadata above the table is not YAML: {problem}",
    )


def not_tsv(error: Exception) -> Text:
    """Say that a row cannot be read; the parser's own words are English."""
    return Text(
        nl=f"deze rij is niet te lezen ({error}); staat er een aanhalingsteken dat niet sluit?",
        en=f"this row cannot be read ({error}); is there a quotation mark that does not close?",
    )


def too_many(rows: int) -> Text:
    """Say that the file is too long."""
    return Text(
        nl=f"meer dan {rows} rijen worden niet gelezen; verdeel de set over bestanden",
        en=f"more than {rows} rows are not read; divide the set over files",
    )


def and_more(problems: int) -> Text:
    """Say that reading stopped."""
    return Text(
        nl=f"na {problems} problemen is niet verder gelezen",
        en=f"reading stopped after {problems} problems",
    )


def same_as(line: int) -> Text:
    """Say that a row is there twice."""
    return Text(
        nl=f"deze rij is gelijk aan rij {line}; haal een van beide weg",
        en=f"this row is the same as row {line}; remove one of them",
    )


def unknown_slot(near: Sequence[str]) -> Text:
    """Say that a name is no slot, and which it may have to be."""
    if near:
        return Text(
            nl=f"SSSOM kent deze naam niet; bedoelt u {near[0]}?",
            en=f"SSSOM does not know this name; did you mean {near[0]}?",
        )
    return Text(
        nl="SSSOM kent deze naam niet; haal dit weg of beschrijf het in extension_definitions",
        en="SSSOM does not know this name; remove it or define it in extension_definitions",
    )


def missing_columns(names: Sequence[str]) -> Text:
    """Say which columns a table lacks."""
    return Text(nl=f"de tabel mist {', '.join(names)}", en=f"the table lacks {', '.join(names)}")


def no_curie(prefixes: Collection[str]) -> Text:
    """Say that a reference has no prefix."""
    known = ", ".join(sorted(prefixes))
    return Text(
        nl=f"schrijf dit als prefix:naam, met een prefix uit curie_map ({known})",
        en=f"write this as prefix:name, with a prefix of curie_map ({known})",
    )


def no_prefix(prefix: str, prefixes: Collection[str], is_address: bool) -> Text:
    """Say that a reference has a prefix that is not declared."""
    if is_address and prefix in ("http", "https", "urn"):
        return Text(
            nl="schrijf hier prefix:naam in plaats van een adres en zet de prefix in curie_map",
            en="write prefix:name here instead of an address, and put the prefix in curie_map",
        )
    near = get_close_matches(prefix, prefixes, n=1)
    nl = f"; bedoelt u {near[0]}?" if near else ""
    en = f"; did you mean {near[0]}?" if near else ""
    return Text(
        nl=f"de prefix {cut(prefix)} staat niet in curie_map{nl}",
        en=f"the prefix {cut(prefix)} is not in curie_map{en}",
    )


def built_in(address: str) -> Text:
    """Say that a prefix has a fixed meaning."""
    return Text(
        nl=f"deze prefix staat in SSSOM vast voor {address}; haal de regel weg",
        en=f"SSSOM fixes this prefix to {address}; remove the line",
    )


def no_number(smallest: float) -> Text:
    """Say which numbers fit."""
    return Text(
        nl=f"schrijf een getal van {smallest:g} tot en met 1, met een punt: 0.85",
        en=f"write a number from {smallest:g} to 1, such as 0.85",
    )


def no_choice(text: str, choices: Sequence[str]) -> Text:
    """Say which values there are."""
    near = ", ".join(get_close_matches(text, choices, n=1) or choices)
    return Text(nl=f"gebruik een van {near}", en=f"use one of {near}")


def no_justification(text: str) -> Text:
    """Say how a mapping may have been found."""
    near = get_close_matches(text.rpartition(":")[2], JUSTIFICATIONS, n=1) or sorted(JUSTIFICATIONS)
    known = ", ".join(f"semapv:{name}" for name in near)
    return Text(
        nl=f"deze manier van vinden kent SSSOM niet; gebruik {known}",
        en=f"SSSOM does not know this justification; use {known}",
    )
