"""The pages about vocabularies of others; what they say was worked out from tests/tiny."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient
from rdflib import DCTERMS, RDF, VOID, Graph, URIRef

from s4s_graph.namespaces import BASE

ESCO = "http://data.europa.eu/esco/"
WELD = f"{ESCO}skill/2fcd95a4-1f9a-41cf-95a9-4701bde476b4"
GROUP = f"{ESCO}isced-f/verzonnen-metaal"
WELDER = f"{ESCO}occupation/verzonnen-lasser"
CHECK = "https://linkeddata.competentnl.nl/id/human-capability/verzonnen-meten"
GRAPH = URIRef(f"{BASE}graph/vocabularies/esco")


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as opened:
        yield opened


@pytest.fixture(scope="module")
def without(shipped_release: Path) -> Iterator[TestClient]:
    """The site over the data that the project ships, which hold no vocabulary."""
    with browser(shipped_release) as opened:
        yield opened


def concept(iri: str, lang: str = "en", vocabulary: str = "esco") -> str:
    return f"/{lang}/vocabularies/{vocabulary}/concept?{urlencode({'iri': iri})}"


def said(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").split())


def facts(page: BeautifulSoup | Tag) -> dict[str, str]:
    return {said(row.dt): said(row.dd) for row in page.select("dl.facts > div")}


def section(page: BeautifulSoup, heading: str) -> Tag:
    (found,) = [one for one in page.select("section") if said(one.h2) == heading]
    return found


def test_the_overview_tells_what_each_vocabulary_is(client: TestClient) -> None:
    page = soup(client, "/en/vocabularies")
    assert [said(heading) for heading in page.select("h2")] == [
        "competentnl (made up)",
        "esco (made up)",
    ]
    (esco,) = [one for one in page.select("section") if one.select("#esco")]
    told = facts(esco)
    assert told["Version"] == "1.0"
    assert told["Licence"] == "https://example.org/licence"
    assert "1 of 2 occupations" in told["In this release"]
    assert "esco: This is made up." in told["Acknowledgement"]


def test_the_overview_tells_how_many_skills_are_linked_and_which_are_not(
    client: TestClient,
) -> None:
    (esco,) = [
        one for one in soup(client, "/en/vocabularies").select("section") if "esco" in said(one.h2)
    ]
    assert "Linked to it: 1 of our 4 skills." in said(esco)
    assert facts(esco)["is the same as …"] == "1 skill"
    assert [said(a) for a in esco.select("details a")] == [
        "measuring",
        "metal working",
        "robot welding",
    ]


def test_the_links_are_a_table_and_json(client: TestClient) -> None:
    rows = json.loads(client.get("/en/vocabularies.json").text)
    assert [(row["skillLabel"], row["vocabulary"]) for row in rows] == [
        ("welding", "competentnl"),
        ("measuring", "competentnl"),
        ("welding", "esco"),
    ]
    header, *lines = client.get("/nl/vocabularies.csv").text.splitlines()
    assert header == "skill,skillLabel,relation,concept,conceptLabel,vocabulary"
    assert len(lines) == len(rows)
    assert client.get("/en/vocabularies.ttl").status_code == 404


def test_a_vocabulary_is_entered_from_its_top(client: TestClient) -> None:
    tree = section(soup(client, "/nl/vocabularies/esco"), "Vanaf de top").select_one(".tree")
    assert said(tree) == "met metaal werken 2 onderdelen"
    assert tree
    below = soup(client, str(tree.a["href"])).select_one(".tree")
    assert said(below) == "weigh weld 1 onderdeel"


def test_the_occupations_are_listed_by_name(client: TestClient) -> None:
    page = soup(client, "/nl/vocabularies/esco/occupations")
    assert said(page.select_one(".tree")) == "lasser"


def test_a_concept_tells_its_names_meaning_place_and_links(client: TestClient) -> None:
    page = soup(client, concept(WELD))
    assert said(page.h1) == "weld"
    assert said(page.select_one(".lead")) == "Join two pieces of metal by melting them."
    assert facts(page)["Falls under"] == "working with metal"
    assert "fuse metal" in facts(page)["Other names"]
    ours = section(page, "Our skills that are linked to it")
    assert said(ours.li) == "it is the same as welding Illustrative"
    assert facts(section(page, "Occupations that need it")) == {"Essential": "welder"}
    links = [str(a["href"]) for a in page.select("a.external")]
    assert links == [WELD]


def test_without_a_dutch_name_the_group_stands_above_in_dutch(client: TestClient) -> None:
    page = soup(client, concept(WELD, "nl"))
    assert said(page.select_one("main > .eyebrow")) == "met metaal werken"
    assert page.h1
    assert page.h1["lang"] == "en"
    english = soup(client, concept(WELD))
    assert not english.select("main > .eyebrow")
    assert english.h1
    assert "lang" not in english.h1.attrs


def test_with_a_dutch_name_no_group_is_needed(client: TestClient) -> None:
    page = soup(client, concept(f"{ESCO}skill/verzonnen-meten", "nl"))
    assert said(page.h1) == "lassen nameten"
    assert not page.select("main > .eyebrow")
    assert "measure welds en" in facts(page)["In andere talen"]


def test_an_occupation_tells_what_it_needs_as_far_as_the_release_has_it(
    client: TestClient,
) -> None:
    needs = facts(section(soup(client, concept(WELDER)), "What this occupation needs"))
    assert needs == {"Essential": "weld", "Optional": "measure welds"}


def test_a_concept_tells_what_it_is_mapped_to_in_other_vocabularies(client: TestClient) -> None:
    page = soup(client, concept(CHECK, vocabulary="competentnl"))
    elsewhere = section(page, "In other vocabularies")
    assert facts(elsewhere) == {"esco": "it is nearly the same as measure welds"}
    assert elsewhere.a
    assert elsewhere.a["href"] == concept(f"{ESCO}skill/verzonnen-meten")


def test_a_skill_tells_what_it_is_elsewhere_and_which_occupations_need_it(
    client: TestClient,
) -> None:
    page = soup(client, "/nl/skills/lassen")
    elsewhere = facts(page.select_one("#elsewhere") or page)
    assert elsewhere["esco (verzonnen)"].startswith("met metaal werken is hetzelfde als weld")
    assert "is bijna hetzelfde als verbinden van metaal" in elsewhere["competentnl (verzonnen)"]
    assert facts(page.select_one("#occupations") or page) == {"Essentieel": "lasser"}


@pytest.mark.parametrize(
    "path", ["/nl/skills/lassen", "/nl/vocabularies/esco", "/nl/vocabularies", concept(WELD, "nl")]
)
def test_a_page_that_shows_a_vocabulary_acknowledges_it(client: TestClient, path: str) -> None:
    texts = [said(line) for line in soup(client, path).select("footer .acknowledgement")]
    assert "esco: Dit is verzonnen." in texts


@pytest.mark.parametrize("path", ["/nl/skills/metaalbewerken", "/nl/", "/nl/interventions"])
def test_a_page_that_shows_none_acknowledges_none(client: TestClient, path: str) -> None:
    assert not soup(client, path).select("footer .acknowledgement")


def test_a_concept_is_a_document_as_well(client: TestClient) -> None:
    answer = client.get(concept(WELD).replace("/concept?", "/concept.ttl?"))
    graph = Graph().parse(data=answer.text, format="turtle")
    assert (URIRef(WELD), DCTERMS.description, None) in graph
    alternate = soup(client, concept(WELD)).select_one('link[type="text/turtle"]')
    assert alternate
    assert client.get(str(alternate["href"])).text == answer.text


def test_the_record_tells_of_the_vocabularies_and_of_the_links_to_them(client: TestClient) -> None:
    graph = Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
    assert (URIRef(f"{BASE}dataset"), VOID.subset, GRAPH) in graph
    assert (GRAPH, DCTERMS.license, URIRef("https://example.org/licence")) in graph
    rights = graph.value(GRAPH, DCTERMS.rights)
    assert {
        str(text)
        for text in graph.objects(rights, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))
    }
    linksets = {
        (str(graph.value(one, VOID.subjectsTarget)), str(graph.value(one, VOID.objectsTarget)))
        for one in graph.subjects(RDF.type, VOID.Linkset)
    }
    theirs = f"{BASE}graph/vocabularies/"
    assert (f"{BASE}dataset", f"{theirs}esco") in linksets
    assert (f"{theirs}competentnl", f"{theirs}esco") in linksets  # of a set of mappings


@pytest.mark.parametrize(
    "path",
    [
        "/en/vocabularies/nothing",
        "/en/vocabularies/nothing/occupations",
        "/en/vocabularies/esco/concept",
        concept(f"{ESCO}skill/verzonnen-jongleren"),
        concept("no address at all"),
        concept(f"{BASE}id/skill/lassen"),
        concept(WELD).replace("/concept?", "/concept.csv?"),
        "/en/vocabularies/esco?page=99",
    ],
)
def test_what_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_concept_of_another_vocabulary_leads_there(client: TestClient) -> None:
    answer = client.get(concept(CHECK), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == concept(CHECK, vocabulary="competentnl")


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/vocabularies",
        "/vocabularies/esco",
        "/vocabularies/esco/occupations",
        concept(WELD)[3:],
        concept(GROUP)[3:],
        concept(WELDER)[3:],
    ],
)
def test_the_pages_are_sound(client: TestClient, lang: str, path: str) -> None:
    assert list(unsound(soup(client, f"/{lang}{path}"))) == []


def test_without_a_vocabulary_the_pages_say_so(without: TestClient) -> None:
    page = soup(without, "/nl/vocabularies")
    assert "Deze uitgave bevat geen vocabulaire van anderen" in said(page.main)
    assert [said(heading) for heading in page.select("h2")] == ["ESCO"]
    skill = soup(without, "/nl/skills/3d-printing-process").select_one("#elsewhere")
    assert skill
    assert "is hetzelfde als data.europa.eu/esco/skill/" in said(skill)
    assert skill.select_one('a[rel="external"]')
    assert not soup(without, "/nl/vocabularies").select("footer .acknowledgement")
