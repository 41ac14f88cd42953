"""The web of data: what a name leads to, what each format holds, and who has it already."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from browsing import browser, soup
from fastapi.testclient import TestClient

from catalogue.formats import negotiate, write_csv
from s4s_graph import release

NAME = "/id/intervention/leerbudget"
PAGE = "/{lang}/interventions/leerbudget"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# Accept header → where the name of a thing leads.
LEADS = {
    None: "/nl/interventions/leerbudget",
    "": "/nl/interventions/leerbudget",
    "*/*": "/nl/interventions/leerbudget",
    BROWSER: "/nl/interventions/leerbudget",
    "text/*": "/nl/interventions/leerbudget",
    "text/turtle": f"{NAME}.ttl",
    "application/ld+json": f"{NAME}.jsonld",
    "application/n-triples": f"{NAME}.nt",
    "application/rdf+xml": f"{NAME}.rdf",
    "application/json": "/nl/interventions/leerbudget.json",
    "text/turtle;q=0.5, application/ld+json": f"{NAME}.jsonld",
    "text/html;q=0.1, text/turtle;q=0.2": f"{NAME}.ttl",
    "text/html;q=0, */*": f"{NAME}.ttl",
    "TEXT/TURTLE": f"{NAME}.ttl",
    "application/pdf, text/turtle;q=0.1": f"{NAME}.ttl",
    "text/turtle;q=x, text/html;q=0.1": "/nl/interventions/leerbudget",
}
# Suffix → Content-Type, and the parser that must understand it.
DOCUMENTS = {
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.mark.parametrize(("accept", "target"), LEADS.items())
def test_a_name_leads_to_what_is_asked_for(
    client: TestClient, accept: str | None, target: str
) -> None:
    # The client of the tests would add a header of its own.
    request = client.build_request("GET", NAME)
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    response = client.send(request)
    assert response.status_code == 303
    assert response.headers["location"] == target
    assert response.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("nl", "nl"),
        ("en", "en"),
        ("nl-BE, en;q=0.9", "nl"),
        ("en-GB, nl;q=0.9", "en"),
        ("de, fr;q=0.9", "en"),
        ("de, nl;q=0.1", "nl"),
        ("nl;q=0, en;q=0.1", "en"),
        ("*", "nl"),
        ("", "nl"),
        ("nl;q=abc", "en"),
    ],
)
def test_a_name_leads_to_the_language_of_the_reader(
    client: TestClient, header: str, lang: str
) -> None:
    for path, target in (("/", "/{lang}/"), (NAME, PAGE), ("/def", "/{lang}/ontology")):
        response = client.get(path, headers={"Accept-Language": header})
        assert response.headers["location"] == target.format(lang=lang)
        assert "Accept-Language" in response.headers["vary"]


def test_a_format_that_there_is_not_is_refused(client: TestClient) -> None:
    response = client.get(NAME, headers={"Accept": "application/pdf"})
    assert response.status_code == 406
    assert "Turtle" in response.text


def test_the_first_offer_wins_between_equals() -> None:
    assert negotiate("text/turtle, text/html", ["text/html", "text/turtle"]) == "text/html"


@pytest.mark.parametrize(("suffix", "expected"), DOCUMENTS.items())
@pytest.mark.parametrize(
    "path", [NAME, "/nl/interventions/leerbudget", "/def", "/id/scheme/regions"]
)
def test_a_document_is_what_its_media_type_says(
    client: TestClient, path: str, suffix: str, expected: tuple[str, ox.RdfFormat]
) -> None:
    content_type, syntax = expected
    response = client.get(f"{path}.{suffix}")
    assert response.headers["content-type"] == content_type
    assert list(ox.parse(response.content, syntax))


def test_a_document_holds_what_the_release_states(client: TestClient, tiny_release: Path) -> None:
    base = release.read_manifest(tiny_release / release.MANIFEST).base
    store = ox.Store()
    store.load(path=str(tiny_release / release.N_QUADS), format=ox.RdfFormat.N_QUADS)
    thing = ox.NamedNode(f"{base}id/intervention/leerbudget")
    stated = {quad.triple for quad in store.quads_for_pattern(thing, None, None)}
    said = {
        quad.triple for quad in ox.parse(client.get(f"{NAME}.ttl").content, ox.RdfFormat.TURTLE)
    }
    assert stated <= said
    assert all(thing in (triple.subject, triple.object) for triple in said)


def test_a_list_as_a_graph_holds_the_things_of_the_list(client: TestClient) -> None:
    content = client.get("/nl/companies.ttl").content
    subjects = {quad.subject.value for quad in ox.parse(content, ox.RdfFormat.TURTLE)}
    assert {name.rpartition("/")[2] for name in subjects} == {"bedrijf-a", "bedrijf-b", "bedrijf-c"}


def test_the_ontology_as_a_document_holds_its_terms_and_no_data(client: TestClient) -> None:
    subjects = {
        quad.subject for quad in ox.parse(client.get("/def.nt").content, ox.RdfFormat.N_TRIPLES)
    }
    names = {subject.value for subject in subjects if isinstance(subject, ox.NamedNode)}
    assert any(name.endswith("def#Intervention") for name in names)
    assert any(name.endswith("/def") for name in names)
    assert not any("/id/intervention/" in name for name in names)


def test_a_thing_as_json(client: TestClient) -> None:
    thing = client.get("/en/interventions/leerbudget.json").json()
    assert (thing["id"], thing["type"], thing["label"]) == (
        "leerbudget",
        "intervention",
        "Learning budget",
    )
    fields = thing["fields"]
    assert fields["prefLabel"] == {"nl": "Leerbudget", "en": "Learning budget"}
    assert fields["costPerParticipant"] == 500
    assert fields["firstYear"] == "2023"
    assert [actor["label"] for actor in fields["targetsActor"]] == ["employee", "entrepreneur"]
    assert fields["dataStatus"]["uri"].endswith("/id/data-status/reported")
    assert "hoursPerParticipant" not in fields


def test_every_export_of_something_invented_says_so(client: TestClient) -> None:
    item = client.get("/nl/companies/bedrijf-a.json").json()
    assert item["fields"]["dataStatus"]["uri"].endswith("/illustrative")
    rows = dict(
        row[:2] for row in csv.reader(io.StringIO(client.get("/nl/companies/bedrijf-a.csv").text))
    )
    assert rows["dataStatus"].endswith("/illustrative")
    answer = client.get("/nl/questions/fits-company.json").json()
    assert answer["rows"]
    assert all(row["illustrative"] for row in answer["rows"])
    table = csv.DictReader(io.StringIO(client.get("/nl/questions/fits-company.csv").text))
    assert {row["illustrative"] for row in table} == {"true"}


@pytest.mark.parametrize(
    "table", ["interventions", "configurations", "companies", "roles", "sources"]
)
def test_a_list_as_csv_is_the_table_that_it_was_built_from(
    client: TestClient, root: Path, table: str
) -> None:
    restricted = {"legalName", "kvkNumber", "address", "contact", "quotation_nl", "quotation_en"}
    with (root / f"tests/tiny/data/{table}.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    exported = list(csv.DictReader(io.StringIO(client.get(f"/nl/{table}.csv").text)))

    def comparable(rows: list[dict[str, str]]) -> list[dict[str, set[str]]]:
        found = [
            {column: set(cell.split(";")) for column, cell in row.items() if cell} for row in rows
        ]
        return [{k: v for k, v in row.items() if k not in restricted} for row in found]

    assert comparable(exported) == comparable(source)


def test_no_cell_can_start_a_formula() -> None:
    cells = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "-5", "+31", "text", ""]
    written = list(csv.reader(io.StringIO(write_csv(["a"] * 10, [cells]).decode(), newline="")))[1]
    assert written == [
        "'=1+1",
        "'+1+1",
        "'-1+1",
        "'@SUM(A1)",
        "'\tx",
        "'\rx",
        "-5",
        "+31",
        "text",
        "",
    ]


@pytest.mark.parametrize(
    "path", ["/nl/interventions", NAME + ".ttl", "/def.ttl", "/dump/manifest.json"]
)
def test_who_has_the_page_of_this_release_is_not_sent_it_again(
    client: TestClient, path: str
) -> None:
    first = client.get(path)
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_each_page_and_only_a_page_has_its_own_etag(client: TestClient) -> None:
    paths = (
        "/nl/interventions",
        "/en/interventions",
        "/nl/companies",
        "/nl/interventions?sort=date",
    )
    assert len({client.get(path).headers["etag"] for path in paths}) == 4
    assert "etag" not in client.get("/nl/nothing").headers
    assert "etag" not in client.get(NAME).headers


@pytest.mark.parametrize(
    "path", ["/nl/", NAME, NAME + ".ttl", "/nl/nothing", "/dump/manifest.json"]
)
def test_head_answers_as_get_without_the_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.content == b""
    assert head.status_code == get.status_code
    assert head.headers == get.headers


@pytest.mark.parametrize(
    "path", ["/", "/nl/", "/nl/nothing", NAME, NAME + ".ttl", "/static/site.css"]
)
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "object-src 'none'", "base-uri 'none'"} <= set(policy)
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
    assert "set-cookie" not in headers


def test_a_page_links_to_itself_as_data(client: TestClient) -> None:
    response = client.get("/nl/interventions/leerbudget")
    assert (
        '</nl/interventions/leerbudget.ttl>; rel="alternate"; type="text/turtle"'
        in response.headers["link"]
    )
    page = soup(client, "/nl/interventions/leerbudget")
    for link in page.select('head link[rel="alternate"][type]'):
        data = client.get(str(link["href"]))
        assert data.status_code == 200
        assert data.headers["content-type"].partition(";")[0] == link["type"]


def test_the_manifest_is_that_of_the_release(client: TestClient, tiny_release: Path) -> None:
    manifest = client.get("/dump/manifest.json").json()
    assert manifest == json.loads((tiny_release / release.MANIFEST).read_text(encoding="utf-8"))
