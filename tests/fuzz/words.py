"""What is put into requests: the canaries of the tests, what breaks parsers, and anything else."""

from random import Random
from urllib.parse import quote, quote_from_bytes

from tests.canaries import PAYLOADS, STEERING

# As they stand in an address: nothing encodes them again.
RAW = (
    "%", "%zz", "%%%", "%ff%fe", "%ED%A0%80", "%00", "%0d%0aX-Kanarie:%20yes", "%2e%2e%2f%2e%2e%2f",
    "..;/", "%252e%252e%252f", "%C0%AF", "%u0041", "+", ";", "//", "a" * 5000, "%41" * 3000, "?",
)  # fmt: skip
PLAIN = (
    "", " ", "0", "-1", "1", "2", "9" * 5000, "1e308", "NaN", "²", "٣", "true", "null", "nl", "en",
    "2024", "99999", "0000", "any", "illustrative", "csv", "json", "xml", "html", "ttl", "svg",
    "http://169.254.169.254/", "file:///etc/passwd", "javascript:kanarie()", "//example.org", "xx",
    "https://w3id.org/skills4skills/id/intervention/leercoach", "urn:x:y", "[]", "{}", "[[]]",
    '{"a":1}', "xlsx", "\\x", "x" * 70_000,
)  # fmt: skip
QUERIES = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT (1/0 AS ?x) {}",
    'SELECT ("\\u0001\\u001b\\uFFFE<script>" AS ?x) {}',
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <https://w3id.org/skills4skills/id/intervention/leercoach>",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "LOAD <http://127.0.0.1:1/>",
    "INSERT DATA { <a> <b> <c> }",
    "SELECT * FROM <a> FROM NAMED <b> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { ?s (<a>|!<b>)*/^<c>+ ?o } LIMIT 1",
    'SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), "(a+)+$") } LIMIT 1',
    "SELECT (GROUP_CONCAT(?o) AS ?x) { ?s ?p ?o }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "#+ view: bar\n#+ columns: [\nSELECT ?x { ?x ?y ?z } LIMIT 2",
    "SELECT <script>kanarie()</script> { }",
    "{" * 3000,
    "SELECT * { " + "!" * 3000,
    "# \x1b[31m\nSELECT ?x { \x00 }",
)
JSON = (
    '{"q0": {"query": "leren"}}',
    '{"q0": {"query": "<script>kanarie()</script>", "limit": -1, "type": 3, "properties": {}}}',
    '{"ids": ["leercoach", "\\u0000", 1, null], "properties": [{"id": "prefLabel"}, {}]}',
    '{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "leren"}]}]}',
    "[" * 2000,
    '{"a":' * 2000,
    '{"q0": NaN, "q0": 1e999}',
    '"\\ud800"',
)


def word(random: Random, known: tuple[str, ...]) -> str:
    """Return a text of some kind, percent-encoded as a part of an address; `known` ones fit."""
    kind = random.random()
    if kind < 0.35 and known:
        return quote(random.choice(known), safe="")
    if kind < 0.55:
        return quote(random.choice(PAYLOADS + STEERING), safe="")
    if kind < 0.70:
        return quote(random.choice(PLAIN), safe="")
    if kind < 0.78:
        return random.choice(RAW)
    if kind < 0.86:
        return quote(random.choice(QUERIES + JSON), safe="")
    if kind < 0.94:
        return quote(letters(random), safe="")
    return quote_from_bytes(random.randbytes(random.randrange(1, 30)), safe="")


def letters(random: Random) -> str:
    """Return characters from all of Unicode; halves of pairs are none."""
    many = (chr(random.randrange(1, 0x2FFFF)) for _ in range(random.randrange(1, 30)))
    return "".join(letter for letter in many if not "\ud800" <= letter <= "\udfff")
