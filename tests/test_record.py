"""The data as a whole: its record for other catalogues, the files, and the page about them."""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, VOID, Graph, Literal, URIRef

from catalogue import downloading
from catalogue.app import create
from s4s_graph import release
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.void import vocabularies

SHAPES = Path(__file__).resolve().parents[2] / "shared/suites/shapes"
SPDX = "http://spdx.org/rdf/terms#"
DATASET = URIRef(f"{BASE}dataset")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SITE = "https://skills.example.org"


@pytest.fixture(scope="module")
def client(shipped_release: Path) -> Iterator[TestClient]:
    """The site of an organisation that says who it is."""
    settings = replace(
        Settings(),
        releases=shipped_release.parent,
        organisation="Voorbeeldorganisatie",
        contact="post@example.org",
    )
    with TestClient(create(settings), base_url=SITE, follow_redirects=False) as client:
        yield client


def graph(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")


@pytest.fixture(scope="module")
def record(client: TestClient) -> Graph:
    return graph(client)


@pytest.mark.parametrize("version", ["dcat-ap-nl-300", "dcat-ap-nl-301"])
def test_the_record_conforms_to_dcat_ap_nl(record: Graph, version: str) -> None:
    folder = SHAPES / version
    if not folder.is_dir():
        pytest.skip("the shapes of DCAT-AP-NL are not beside the project")
    shapes = Graph()
    files = sorted(folder.glob("*SHACL*.ttl"))
    assert files
    for file in files:
        shapes.parse(file)
    # Version 3.0.1 names two property shapes of which it says nothing else.
    for node, shape in list(shapes.subject_objects(SH.property)):
        if (shape, SH.path, None) not in shapes:
            shapes.remove((node, SH.property, shape))
    _, report, _ = pyshacl.validate(record, shacl_graph=shapes)
    assert isinstance(report, Graph)
    found = {
        (report.value(result, SH.resultSeverity), report.value(result, SH.resultPath))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    # A dump is a file, so no service gives access to it, which is a recommendation.
    assert found == {(SH.Warning, DCAT.accessService)}


def test_the_shapes_would_notice(record: Graph) -> None:
    folder = SHAPES / "dcat-ap-nl-300"
    if not folder.is_dir():
        pytest.skip("the shapes of DCAT-AP-NL are not beside the project")
    broken = Graph()
    broken += record
    broken.remove((DATASET, DCTERMS.publisher, None))
    shapes = Graph().parse(folder / "dcat-ap-nl-SHACL.ttl")
    _, report, _ = pyshacl.validate(broken, shacl_graph=shapes)
    assert isinstance(report, Graph)
    assert set(report.objects(None, SH.resultPath)) == {DCTERMS.publisher}


def test_what_nobody_set_is_left_out(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        found = graph(client)
    assert (DATASET, DCTERMS.license, None) in found
    for predicate in (DCTERMS.publisher, DCTERMS.creator, DCAT.contactPoint):
        assert (None, predicate, None) not in found


def test_a_contact_is_an_address_of_either_kind(shipped_release: Path) -> None:
    reached = {"post@example.org": "mailto:post@example.org", f"{SITE}/c@": f"{SITE}/c@"}
    for contact, target in reached.items():
        settings = replace(Settings(), releases=shipped_release.parent, contact=contact)
        with TestClient(create(settings)) as client:
            found = graph(client)
        (point,) = found.objects(DATASET, DCAT.contactPoint)
        assert URIRef(target) in set(found.objects(point))


def test_each_distribution_is_the_file_that_it_says(client: TestClient, record: Graph) -> None:
    parts = list(record.objects(DATASET, DCAT.distribution))
    assert len(parts) == 3
    for part in parts:
        response = client.get(str(record.value(part, DCAT.downloadURL)).removeprefix(SITE))
        media_type = response.headers["content-type"].partition(";")[0]
        assert str(record.value(part, DCAT.mediaType)).endswith(f"/media-types/{media_type}")
        assert int(str(record.value(part, DCAT.byteSize))) == len(response.content)
        checksum = record.value(part, URIRef(f"{SPDX}checksum"))
        value = str(record.value(checksum, URIRef(f"{SPDX}checksumValue")))
        assert value.lower() == hashlib.sha256(response.content).hexdigest()
        assert response.headers["link"] == (
            '</dataset.ttl>; rel="describedby"; type="text/turtle", '
            '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
        )


def test_the_counts_are_those_that_the_endpoint_gives(record: Graph, shipped_release: Path) -> None:
    store = ox.Store.read_only(str(shipped_release / release.STORE))
    union = {quad.triple for quad in store}
    assert record.value(DATASET, VOID.triples) == Literal(len(union))
    for partition in record.objects(DATASET, VOID.propertyPartition):
        of = ox.NamedNode(str(record.value(partition, VOID.property)))
        number = sum(triple.predicate == of for triple in union)
        assert record.value(partition, VOID.triples) == Literal(number), of
    kinds = {str(record.value(p, VOID["class"])): record.value(p, VOID.entities)
             for p in record.objects(DATASET, VOID.classPartition)}  # fmt: skip
    manifest = release.read_manifest(shipped_release / release.MANIFEST)
    assert kinds[f"{BASE}def#Intervention"] == Literal(manifest.things["intervention"])
    for name in store.named_graphs():
        number = sum(1 for _ in store.quads_for_pattern(None, None, None, name))
        assert (URIRef(str(name.value)), VOID.triples, Literal(number)) in record


def test_the_record_says_where_when_what_and_what_was_invented(record: Graph) -> None:
    assert record.value(DATASET, VOID.sparqlEndpoint) == URIRef(f"{SITE}/sparql")
    period = record.value(DATASET, DCTERMS.temporal)
    years = (str(record.value(period, name)) for name in (DCAT.startDate, DCAT.endDate))
    assert list(years) == ["2023", "2026"]
    assert record.value(DATASET, DCTERMS.conformsTo) == URIRef(f"{BASE}def")
    texts = {str(text.language): str(text) for text in record.objects(DATASET, DCTERMS.description)
             if isinstance(text, Literal)}  # fmt: skip
    assert "illustratief: verzonnen" in texts["nl"]
    assert "illustrative: invented" in texts["en"]
    about = record.value(predicate=FOAF.primaryTopic, object=DATASET)
    assert about == URIRef(f"{SITE}/.well-known/void")
    assert (about, RDF.type, VOID.DatasetDescription) in record


def test_every_format_says_the_same(client: TestClient, record: Graph) -> None:
    stated = [
        set(ox.parse(client.get(f"/dataset.{suffix}").content, ox.RdfFormat.from_extension(suffix)))
        for suffix in ("ttl", "nt", "rdf", "jsonld")
    ]
    assert len(stated[0]) == len(record) > 1000
    assert all(other == stated[0] for other in stated)
    assert client.get("/dataset.ttl").content == client.get("/dataset.ttl").content


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("/.well-known/void", "*/*", "/dataset.ttl"),
        ("/.well-known/void", "application/rdf+xml", "/dataset.rdf"),
        ("/.well-known/void", BROWSER, "/nl/data"),
        ("/dataset", "*/*", "/nl/data"),
        ("/dataset", "application/ld+json", "/dataset.jsonld"),
        ("/dataset?release=abc", BROWSER, "/nl/data?release=abc"),
    ],
)
def test_a_name_leads_to_what_is_asked_for(
    client: TestClient, path: str, accept: str, target: str
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (303, target)
    assert "Accept" in response.headers["vary"]
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("host", ["%zz", "a b", '"><x>', "a:99999", "é.example"])
def test_a_host_that_cannot_be_is_no_failure(client: TestClient, host: str) -> None:
    response = client.get("/dataset.ttl", headers={b"Host": host.encode()})
    assert response.status_code in {200, 400}
    assert host not in response.text


@pytest.mark.parametrize("path", ["/dataset.csv", "/nl/data.pdf", "/dump/SHA512SUMS"])
def test_what_is_not_offered_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_checksums_are_those_of_the_files(
    client: TestClient, shipped_release: Path, tmp_path: Path
) -> None:
    sums = client.get("/dump/SHA256SUMS").text
    assert [line.rpartition(" ")[2] for line in sums.splitlines()] == [
        "skills4skills.nq",
        "skills4skills.ttl",
        "skills4skills.jsonld",
        "report.ttl",
    ]
    for name in ("skills4skills.ttl", "report.ttl"):
        (tmp_path / name).write_bytes(client.get(f"/dump/{name}").content)
    command = ["sha256sum", "--check", "--ignore-missing", "-"]
    done = subprocess.run(command, cwd=tmp_path, input=sums, text=True, capture_output=True)
    assert done.stdout == "skills4skills.ttl: OK\nreport.ttl: OK\n"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_says_what_there_is_and_how_to_use_it(
    client: TestClient, shipped_release: Path, lang: str
) -> None:
    page = soup(client, f"/{lang}/data")
    assert list(unsound(page)) == []
    manifest = release.read_manifest(shipped_release / release.MANIFEST)
    assert [str(a["href"]) for a in page.select("#downloads table a")] == [
        f"/{path}" for path in (release.N_QUADS, release.TURTLE, release.JSON_LD)
    ]
    for path in (release.N_QUADS, release.TURTLE, release.JSON_LD):
        assert manifest.files[path].sha256 in page.select_one("#check pre").text
    assert manifest.id in page.select_one("#cite").text
    assert str(manifest.data_statuses["illustrative"]) in page.select_one(".banner").text
    assert [str(link["href"]) for link in page.select('link[rel=alternate][type*="turtle"]')] == [
        "/dataset.ttl"
    ]
    told = json.loads(page.select_one('script[type="application/ld+json"]').text)
    assert {file["sha256"] for file in told["distribution"]} == {
        manifest.files[path].sha256 for path in (release.N_QUADS, release.TURTLE, release.JSON_LD)
    }


@pytest.mark.parametrize(
    ("suffix", "start"),
    [("bib", r"@misc\{s4s-dataset,"), ("ris", "TY  - DATA"), ("csl.json", r"\[")],
)
def test_the_data_can_be_cited(client: TestClient, suffix: str, start: str) -> None:
    response = client.get(f"/en/data.{suffix}")
    assert re.match(start, response.text)
    assert f"{BASE}dataset?release=" in response.text


@pytest.mark.parametrize(
    ("number", "nl", "en"),
    [
        (0, "0 B", "0 B"),
        (999, "999 B", "999 B"),
        (1_000, "1 kB", "1 kB"),
        (1_549, "1,5 kB", "1.5 kB"),
        (444_299_395, "444 MB", "444 MB"),
        (999_960, "1 MB", "1 MB"),
        (2_000_000_000_000_000, "2.000 TB", "2,000 TB"),
    ],
)
def test_a_size_is_written_as_its_reader_does(number: int, nl: str, en: str) -> None:
    assert (downloading.size(number, "nl"), downloading.size(number, "en")) == (nl, en)


def test_a_release_of_older_software_has_a_record_without_counts(
    shipped_release: Path, tmp_path: Path
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for path in shipped_release.iterdir():
        if path.name not in {release.STATISTICS, release.MANIFEST}:
            (older / path.name).symlink_to(path)
    manifest = release.read_manifest(shipped_release / release.MANIFEST)
    files = {name: file for name, file in manifest.files.items() if name != release.STATISTICS}
    written = replace(manifest, files=files).to_json()
    (older / release.MANIFEST).write_text(written, encoding="utf-8")
    (tmp_path / release.CURRENT).symlink_to(older.name)
    with browser(older) as client:
        found = graph(client)
        assert list(unsound(soup(client, "/en/data"))) == []
    assert (DATASET, DCAT.distribution, None) in found
    assert (DATASET, VOID.triples, None) not in found


def test_the_vocabulary_of_a_term_is_what_stands_before_its_name() -> None:
    terms = ["https://example.org/a#b", "https://example.org/a#c", "https://example.org/d/e"]
    assert vocabularies(terms) == ["https://example.org/a#", "https://example.org/d/"]
