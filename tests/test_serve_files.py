"""RDF files of anyone: loaded as they are, looked at as pages, asked by SPARQL."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from catalogue.sparql import files as site
from catalogue.sparql.resource import SHOWN
from s4s_graph import dumps
from s4s_graph.files import FilesError, Loaded, load
from s4s_graph.settings import Settings

EX = "http://example.org/"
TRIG = """
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:a a ex:Thing ; ex:size 1.5 , "x"^^ex:odd .
ex:one {
  ex:a skos:prefLabel "ding"@nl , "thing"@en ; ex:part [ ex:deep [ ex:text "<b>bold</b>" ] ] .
  ex:loop ex:to _:x . _:x ex:to _:x .
  ex:evil ex:to <javascript:alert(1)> .
  << ex:a ex:to ex:b >> ex:source ex:book .
}
ex:two { ex:a ex:to ex:b . ex:b a ex:Thing . }
"""
TURTLE = "<#x> a <http://example.org/Thing> ; <http://example.org/to> _:b ."
COUNTS = {  # what is asked, and how many statements answer
    "{ ?s ?p ?o }": 17,
    "{ GRAPH ?g { ?s ?p ?o } }": 12,
    "FROM <http://example.org/two> { ?s ?p ?o }": 2,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files")
    (path / "some.trig").write_text(TRIG, encoding="utf-8")
    (path / "one.ttl.gz").write_bytes(gzip.compress(TURTLE.encode()))
    many = "".join(f"<{EX}many> <{EX}to> <{EX}n{i}> .\n" for i in range(SHOWN + 1))
    (path / "many.nt").write_text(many, encoding="utf-8")
    return path


def loaded(folder: Path, *names: str, named: bool = False) -> Loaded:
    store = folder / f"store-{'-'.join(names)}-{named}"
    return load([folder / name for name in names], store, named=named)


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    files = loaded(folder, "some.trig", "one.ttl.gz")
    settings = replace(Settings(), workers=1, query_seconds=5.0)
    with TestClient(site.create(files, settings), follow_redirects=False) as client:
        yield client


def page(client: TestClient, path: str, status: int = 200, **params: str) -> BeautifulSoup:
    answer = client.get(path, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Security-Policy"]
    return BeautifulSoup(answer.text, "html.parser")


def rows(soup: BeautifulSoup, heading: str) -> dict[str, str]:
    """Return what stands under a heading: each name with its values."""
    section = next(h.parent for h in soup.find_all("h2") if h.text == heading)
    assert isinstance(section, Tag)
    if section.table:
        found = [(row.th, row.td) for row in section.select("tbody tr")]
    else:
        found = [(row.dt, row.dd) for row in section.select("section > dl > div")]
    return {" ".join(name.text.split()): " ".join(value.text.split()) for name, value in found}


def test_named_graphs_stay_as_they_are_and_the_rest_is_in_no_graph(client: TestClient) -> None:
    for pattern, number in COUNTS.items():
        query = f"SELECT (COUNT(*) AS ?n) {pattern}"
        answer = client.get("/sparql", params={"query": query, "format": "csv"})
        assert answer.text.split()[1] == str(number), pattern


def test_a_file_can_be_a_graph_called_after_itself(folder: Path) -> None:
    store, _ = loaded(folder, "some.trig", "one.ttl.gz", named=True).open()
    answer = store.answer("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    sizes = {g.value: int(n.value) for g, n in answer.rows if g and n}
    files = {(folder / name).as_uri() for name in ("some.trig", "one.ttl.gz")}
    assert sizes.keys() == {f"{EX}one", f"{EX}two", *files}
    assert sizes[(folder / "one.ttl.gz").as_uri()] == 2


def test_relative_names_are_relative_to_the_file(folder: Path) -> None:
    _, resources = loaded(folder, "one.ttl.gz").open()
    assert resources.stated(f"{(folder / 'one.ttl.gz').as_uri()}#x").properties


def test_two_files_never_share_a_blank_node(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(f"_:x <{EX}in> <{EX}{name}> .\n")
    files = load([tmp_path / "a.nt", tmp_path / "b.nt"], tmp_path / "store", named=False)
    store, _ = files.open()
    answer = store.answer("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert [term.value for row in answer.rows for term in row if term] == ["2"]


def test_every_format_says_the_same(tmp_path: Path) -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    line = f"<{EX}a> <{EX}b> <{EX}c> ."
    xml = (
        f'<rdf:RDF xmlns:rdf="{rdf}" xmlns:ex="{EX}"><rdf:Description rdf:about="{EX}a">'
        f'<ex:b rdf:resource="{EX}c"/></rdf:Description></rdf:RDF>'
    )
    json_ld = f'{{"@id": "{EX}a", "{EX}b": {{"@id": "{EX}c"}}}}'
    texts = {
        "a.ttl": line, "a.trig": line, "a.nt": line, "a.nq": line, "a.rdf": xml, "a.owl": xml,
        "a.xml": xml, "a.jsonld": json_ld, "a.json": json_ld, "A.NT": line,
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        store, _ = loaded(tmp_path, name).open()
        assert store.exists(f"{EX}a"), name


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.ttl", b"<a> <b>\n <c> ;; .\n <d> .", "a.ttl, line 3, column 6: this cannot be read: "),
        ("a.nq", b"<x:a> <x:b> <x:c> .\n<x:a> .\n", "a.nq, line 2, column "),
        ("a.jsonld", b'{"@id": 1', "a.jsonld, line 1, column "),
        ("a.rdf", b"<a>\n </b>", "a.rdf, line 2, column 4: this cannot be read: mismatched tag"),
        ("a.xml", b"<html/>", "a.xml: this cannot be read: "),
        ("a.nt", b"\xff", "a.nt, line 1, column "),
        ("a.ttl.gz", gzip.compress(b"<a> <b>\n ."), "a.ttl.gz, line 2, column 2: "),
        ("a.nt.gz", gzip.compress(b"<x:a> <x:b> <x:c> .\n")[:-9], "a.nt.gz: this cannot be re"),
        ("a.nt.gz", b"no", "a.nt.gz: this cannot be read: Not a gzipped file"),
        ("a.txt", b"", "a.txt: this kind of file is not read; use .ttl, "),
        ("a.jsonld", b'{"@context": "https://schema.org/"}', "nothing is fetched; put its content"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence_with_the_place(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.nt").write_bytes(b"<x:a> <x:b> <x:c> .")
    with pytest.raises(FilesError) as error:
        loaded(tmp_path, "good.nt", name)
    assert sentence in error.value.message.en
    assert str(tmp_path / name) in error.value.message.nl


def test_progress_is_told_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "RUN", 2)
    path = tmp_path / "a.nt"
    path.write_text("".join(f'<x:a> <x:b> "{number}" .\n' for number in range(5)))
    told: list[int] = []
    load([path], tmp_path / "store", named=False, progress=lambda _, read: told.append(read))
    assert told == [2, 4, 5]


def test_the_first_page_counts_what_is_in_the_files(client: TestClient) -> None:
    soup = page(client, "/en/")
    assert rows(soup, "Classes") == {"ex:Thing": "3"}
    assert rows(soup, "Named graphs") == {"ex:one": "10", "ex:two": "2"}
    assert rows(soup, "Files") == {"some.trig": "15", "one.ttl.gz": "2"}
    assert "stands outside any graph as well" in soup.text
    assert page(client, "/nl/").h1 == BeautifulSoup("<h1>RDF-bestanden</h1>", "html.parser").h1


def test_a_thing_has_a_page_in_both_languages(client: TestClient) -> None:
    for lang, name, said in (
        ("nl", "ding", "Wat ervan wordt gezegd"),
        ("en", "thing", "What is said of it"),
    ):
        soup = page(client, f"/{lang}/resource", iri=f"{EX}a")
        assert soup.select_one("h1").text == name
        found = rows(soup, said)
        assert found["rdf:type"] == "ex:Thing"
        assert found["ex:size"] == "1.5 x ex:odd"
        assert found["ex:part"] == "ex:deep ex:text <b>bold</b>"
        assert next(iter(found)) == "rdf:type"
        assert soup.select_one('link[type="text/turtle"]')
    assert rows(soup, "What is said of it")["skos:prefLabel"].split()[0] == "thing"


def test_what_points_at_a_thing_and_where_it_is_a_property(client: TestClient) -> None:
    soup = page(client, "/en/resource", iri=f"{EX}b")
    assert rows(soup, "What points at it") == {"ex:to": "thing"}
    soup = page(client, "/en/resource", iri="ex:to")
    uses = rows(soup, "Where it is a property")
    assert uses["thing"] == "ex:b"
    soup = page(client, "/en/resource", iri=f"<{EX}one>")
    section = next(h.parent for h in soup.find_all("h2") if h.text == "What is in this graph")
    assert "10 statements" in section.text
    assert [link.text for link in section.find_all("a")].count("thing") == 1


def test_what_loops_or_is_a_triple_or_a_script_does_no_harm(client: TestClient) -> None:
    assert "[…]" in page(client, "/en/resource", iri="ex:loop").text
    soup = page(client, "/en/resource", iri="ex:evil")
    assert not [link for link in soup.find_all("a") if link["href"].startswith("javascript")]
    assert not page(client, "/en/resource", iri="javascript:alert(1)").select(
        '[href^="javascript"]'
    )
    query = "SELECT ?t { ?r <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> ?t }"
    assert "<<( " in page(client, "/en/sparql", query=query).text


def test_a_thing_comes_as_data(client: TestClient) -> None:
    iri = f"{EX}a"
    turtle = client.get("/resource", params={"iri": iri}, headers={"Accept": "text/turtle"})
    assert turtle.status_code == 303
    document = client.get(turtle.headers["Location"])
    assert document.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert 'ex:text "<b>bold</b>"' in document.text
    browser = client.get("/resource", params={"iri": iri}, headers={"Accept-Language": "en"})
    assert browser.headers["Location"].startswith("/en/resource?iri=http")
    assert client.head("/resource.nt", params={"iri": iri}).content == b""


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/en/resource", {}),
        ("/en/resource", {"iri": "no iri"}),
        ("/en/resource", {"iri": "http://example.org/nothing"}),
        ("/resource.ttl", {}),
        ("/resource.ttl", {"iri": "no iri"}),
        ("/resource.pdf", {"iri": "http://example.org/a"}),
        ("/en/nothing", {}),
        ("/de/", {}),
    ],
)
def test_what_is_not_there_is_a_404_with_a_page(
    client: TestClient, path: str, params: dict[str, str]
) -> None:
    soup = page(client, path, 404, **params)
    assert soup.h1


def test_the_sparql_page_answers_in_tables_sentences_and_turtle(client: TestClient) -> None:
    soup = page(client, "/en/sparql")
    assert "COUNT(DISTINCT ?thing)" in soup.textarea.text
    answer = client.post("/en/sparql", data={"query": soup.textarea.text})
    assert [cell.text for cell in BeautifulSoup(answer.text, "html.parser").select("td")] == [
        "ex:Thing", "3",
    ]  # fmt: skip
    assert "yes" in page(client, "/en/sparql", query="ASK { ?s ?p ?o }").strong.text
    assert f" a <{EX}Thing>" in page(client, "/en/sparql", query=f"DESCRIBE <{EX}b>").pre.text
    soup = page(client, "/nl/sparql", 400, query="SELECT ?s {")
    assert "regel 1, kolom 12" in soup.find(role="alert").text
    assert client.post("/en/sparql", content=b"x").status_code == 415


def test_a_graph_without_a_name_is_asked_and_not_listed(tmp_path: Path) -> None:
    (tmp_path / "a.trig").write_text(f"_:g {{ <{EX}a> <{EX}b> <{EX}c> }}")
    app = site.create(loaded(tmp_path, "a.trig"), replace(Settings(), workers=1))
    with TestClient(app) as client:
        assert page(client, "/en/").select_one("h1")
        said = rows(page(client, "/en/resource", iri=f"{EX}a"), "What is said of it")
        assert said == {f"{EX}b": f"{EX}c"}
        assert client.get("/sparql", headers={"Accept": "text/turtle"}).status_code == 200
        asked = {"query": "ASK { ?s ?p ?o }", "format": "csv"}
        assert client.get("/sparql", params=asked).text == "true"


def test_light_and_dark_can_be_chosen(client: TestClient) -> None:
    answer = client.post("/en/theme", params={"choice": "dark", "back": "/en/sparql"})
    assert answer.headers["Location"] == "/en/sparql"
    assert page(client, "/en/").html["data-theme"] == "dark"
    client.cookies.clear()


def test_many_values_are_cut_and_counted(folder: Path) -> None:
    app = site.create(loaded(folder, "many.nt"), replace(Settings(), workers=1))
    with TestClient(app) as client:
        soup = page(client, "/en/resource", iri=f"{EX}many")
        assert len(soup.select("ul.values a")) == SHOWN
        assert "and 1 more in the data" in soup.text
        assert "everything stands in the default graph" in page(client, "/en/").text
