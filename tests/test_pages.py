"""Every page, in both languages: it is there, its links lead somewhere, and it is sound HTML."""

import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from catalogue.coherence.notions import SPECS
from catalogue.picturing.routes import MAKERS
from s4s_graph import build, release
from s4s_graph.settings import Settings
from s4s_graph.store import Store

LANGUAGES = ("nl", "en")
PAIR = "from=intervention/leercoach&to=intervention/werkplekleren"
# An example for each route: a new route fails the test until it has one.
ESCO = "http%3A%2F%2Fdata.europa.eu%2Fesco%2F"
EXAMPLES = {
    "/": ["/"],
    "/{lang}/": ["/{lang}/"],
    "/{lang}/about": ["/{lang}/about"],
    "/{lang}/accessibility": ["/{lang}/accessibility"],
    "/{lang}/theme": ["/{lang}/theme"],
    "/theme.css": ["/theme.css"],
    "/{lang}/data": ["/{lang}/data"],
    "/{lang}/data.{suffix}": [f"/{{lang}}/data.{suffix}" for suffix in ("bib", "ris", "csl.json")],
    "/{lang}/data/quality": ["/{lang}/data/quality"],
    "/{lang}/data/quality.csv": ["/{lang}/data/quality.csv"],
    "/.well-known/void": ["/.well-known/void"],
    "/dataset": ["/dataset"],
    "/dataset.{suffix}": [f"/dataset.{suffix}" for suffix in ("ttl", "jsonld", "nt", "rdf")],
    "/{lang}/ontology": ["/{lang}/ontology"],
    "/{lang}/search": ["/{lang}/search", "/{lang}/search?q=leren"],
    "/opensearch.xml": ["/opensearch.xml"],
    "/{lang}/schemes": ["/{lang}/schemes"],
    "/{lang}/coherence": ["/{lang}/coherence", "/{lang}/coherence?level=interventions&year=2024"],
    "/{lang}/coherence/improvements": ["/{lang}/coherence/improvements"],
    "/{lang}/coherence/improvements.{suffix}": [
        f"/{{lang}}/coherence/improvements.{suffix}" for suffix in ("csv", "json")
    ],
    "/{lang}/coherence/reach": ["/{lang}/coherence/reach"],
    "/{lang}/coherence/method": ["/{lang}/coherence/method"],
    "/{lang}/coherence/routes": ["/{lang}/coherence/routes?company=bedrijf-a"],
    "/{lang}/coherence/routes.json": ["/{lang}/coherence/routes.json?goal=condition/vakmanschap"],
    "/{lang}/coherence/report/{year}": ["/{lang}/coherence/report/2024"],
    "/{lang}/coherence/matrix": ["/{lang}/coherence/matrix"],
    "/{lang}/coherence/matrix.{suffix}": [
        f"/{{lang}}/coherence/matrix.{suffix}" for suffix in ("csv", "json")
    ],
    "/{lang}/coherence/picture": ["/{lang}/coherence/picture?intervention=intervention/leercoach"],
    "/{lang}/coherence/picture.{suffix}": [
        f"/{{lang}}/coherence/picture.{suffix}" for suffix in ("svg", "csv", "json")
    ],
    "/{lang}/coherence/pair": [f"/{{lang}}/coherence/pair?{PAIR}"],
    "/{lang}/coherence/pair.{suffix}": [
        f"/{{lang}}/coherence/pair.{suffix}?{PAIR}" for suffix in ("csv", "json")
    ],
    "/{lang}/coherence/success": ["/{lang}/coherence/success"],
    "/{lang}/coherence/success/{name}": ["/{lang}/coherence/success/vakmanschap"],
    "/{lang}/coherence/success/{name}.{suffix}": [
        f"/{{lang}}/coherence/success/vakmanschap-{table}.csv?cases=illustrative"
        for table in ("cases", "table")
    ],
    "/{lang}/coherence/regularities": ["/{lang}/coherence/regularities"],
    "/{lang}/coherence/regularities.{suffix}": [
        f"/{{lang}}/coherence/regularities.{suffix}" for suffix in ("csv", "json")
    ],
    "/{lang}/coherence/coverage": ["/{lang}/coherence/coverage"],
    "/{lang}/coherence/{name}": [f"/{{lang}}/coherence/{name}" for name in SPECS],
    "/{lang}/coherence/{name}.{suffix}": [
        f"/{{lang}}/coherence/{name}.{suffix}" for name in SPECS for suffix in ("csv", "json")
    ],
    "/{lang}/advice": ["/{lang}/advice", "/{lang}/advice?holds=tijd&lacks=geen-hr&size=10-49"],
    "/{lang}/advice.json": ["/{lang}/advice.json?holds=tijd"],
    "/{lang}/pictures": ["/{lang}/pictures"],
    "/{lang}/pictures/{name}": [f"/{{lang}}/pictures/{name}" for name in MAKERS],
    "/{lang}/pictures/{name}.{suffix}": [
        f"/{{lang}}/pictures/{name}.{suffix}" for name in MAKERS for suffix in ("csv", "json")
    ],
    "/{lang}/compare": ["/{lang}/compare", "/{lang}/compare?i=leerbudget&i=leercoach"],
    "/{lang}/compare.{suffix}": [
        f"/{{lang}}/compare.{suffix}?i=leerbudget&i=leercoach" for suffix in ("csv", "json")
    ],
    "/{lang}/{table}/{slug}.bib": ["/{lang}/interventions/leerbudget.bib"],
    "/{lang}/{table}/{slug}.ris": ["/{lang}/interventions/leerbudget.ris"],
    "/{lang}/{table}/{slug}.csl.json": ["/{lang}/interventions/leerbudget.csl.json"],
    "/{lang}/changes": ["/{lang}/changes"],
    "/{lang}/changes.{suffix}": [f"/{{lang}}/changes.{suffix}" for suffix in ("json", "atom")],
    "/sitemap.xml": ["/sitemap.xml"],
    "/sitemap-{part}.xml": ["/sitemap-1.xml"],
    "/robots.txt": ["/robots.txt"],
    "/{lang}/vocabularies": ["/{lang}/vocabularies"],
    "/{lang}/vocabularies.{suffix}": [
        f"/{{lang}}/vocabularies.{suffix}" for suffix in ("csv", "json")
    ],
    "/{lang}/vocabularies/{name}": ["/{lang}/vocabularies/esco"],
    "/{lang}/vocabularies/{name}/occupations": ["/{lang}/vocabularies/esco/occupations"],
    "/{lang}/vocabularies/{name}/concept": [
        f"/{{lang}}/vocabularies/esco/concept?iri={ESCO}{name}"
        for name in ("skill%2Fverzonnen-meten", "occupation%2Fverzonnen-lasser")
    ],
    "/{lang}/vocabularies/{name}/concept.{suffix}": [
        f"/{{lang}}/vocabularies/esco/concept.{suffix}?iri={ESCO}skill%2Fverzonnen-meten"
        for suffix in ("ttl", "jsonld", "nt", "rdf")
    ],
    "/{lang}/schemes/{name}": ["/{lang}/schemes/regions", "/{lang}/schemes/skills"],
    "/{lang}/questions": ["/{lang}/questions", "/{lang}/questions?q=keten"],
    "/api": ["/api"],
    "/{lang}/api": ["/{lang}/api"],
    "/{lang}/questions/{name}": ["/{lang}/questions/gaps", "/{lang}/questions/fits-company"],
    "/{lang}/questions/{name}.{suffix}": [
        f"/{{lang}}/questions/gaps.{suffix}" for suffix in ("csv", "json", "xlsx", "rq", "svg")
    ],
    "/{lang}/{table}": ["/{lang}/interventions", "/{lang}/regions"],
    "/{lang}/{table}.{suffix}": [
        f"/{{lang}}/interventions.{suffix}"
        for suffix in ("csv", "xlsx", "json", "ttl", "jsonld", "atom", "rq")
    ],
    "/{lang}/{table}/{slug}": ["/{lang}/interventions/leerbudget", "/{lang}/regions/utrecht"],
    "/{lang}/{table}/{slug}.{suffix}": [
        f"/{{lang}}/companies/bedrijf-a.{suffix}"
        for suffix in ("csv", "json", "ttl", "jsonld", "nt", "rdf")
    ],
    "/{lang}/{table}/{slug}/incoming/{source}/{name}": [
        "/{lang}/conditions/leerwens/incoming/configurations/hasOutcome",
        "/{lang}/interventions/leerbudget/incoming/roles/thing",
    ],
    "/id/{segment}/{slug}": ["/id/company/bedrijf-a", "/id/scheme/regions"],
    "/id/{segment}/{slug}.{suffix}": ["/id/company/bedrijf-a.ttl", "/id/scheme/regions.nt"],
    "/def": ["/def"],
    "/def.{suffix}": ["/def.ttl", "/def.rdf"],
    "/shape": ["/shape"],
    "/shape.{suffix}": ["/shape.ttl"],
    "/dump/{file}": [
        f"/dump/{file}"
        for file in (
            "skills4skills.nq",
            "skills4skills.ttl",
            "skills4skills.jsonld",
            "report.ttl",
            "manifest.json",
            "SHA256SUMS",
        )
    ],
    "/{lang}/sparql": ["/{lang}/sparql", "/{lang}/sparql?query=ASK%20%7B%7D"],
    "/{lang}/sparql.svg": [
        "/{lang}/sparql.svg?query=%23%2B%20view%3A%20bar%0ASELECT%20%3Fname%20(COUNT(*)%20AS%20%3Fn)"
        "%20%7B%20%3Fname%20%3Fp%20%3Fo%20%7D%20GROUP%20BY%20%3Fname%20LIMIT%203"
    ],
    "/sparql": ["/sparql?query=ASK%20%7B%7D"],
    "/{lang}/suggest.json": ["/{lang}/suggest.json?q=leer", "/{lang}/suggest.json"],
    "/{lang}/interventions/{slug}/factsheet": ["/{lang}/interventions/leercoach/factsheet"],
    "/{lang}/skills/mappings": ["/{lang}/skills/mappings"],
    "/{lang}/skills/mappings.{suffix}": [
        f"/{{lang}}/skills/mappings.{suffix}" for suffix in ("csv", "json")
    ],
    "/{lang}/mirror": ["/{lang}/mirror", "/{lang}/mirror?year=2024"],
    "/{lang}/mirror.{suffix}": [
        f"/{{lang}}/mirror.{suffix}?year=2024" for suffix in ("csv", "json")
    ],
    "/{lang}/mirror/{slug}": ["/{lang}/mirror/leercoach"],
    "/{lang}/mirror/{slug}/{year}": ["/{lang}/mirror/leercoach/2024"],
    "/{lang}/mirror/{slug}/{year}.json": ["/{lang}/mirror/leercoach/2024.json"],
    "/{lang}/rameses": ["/{lang}/rameses"],
    # One address for all that a client of reconciliation asks; test_reconcile.py has its cases.
    "/reconcile{rest:path}": ["/reconcile", "/reconcile/1.0"],
    **{
        f"/{lang}/reconcile{{rest:path}}": [f"/{lang}/reconcile", f"/{lang}/reconcile/1.0"]
        for lang in LANGUAGES
    },
    # The PDFs need WeasyPrint: test_factsheet.py and test_mirror.py have their cases.
    "/{lang}/interventions/{slug}/factsheet.pdf": [],
    "/{lang}/mirror/{slug}/{year}.pdf": [],
}
UNKNOWN = [
    "/{lang}/nothing",
    "/{lang}/interventions/nothing",
    "/{lang}/interventions/Not%20a%20slug",
    "/{lang}/interventions/%00",
    "/{lang}/companies/leerbudget",
    "/{lang}/interventions/leerbudget.xlsx",
    "/{lang}/interventions/leerbudget/incoming/companies/holder",
    "/{lang}/interventions/leerbudget/incoming/nothing/holder",
    "/{lang}/schemes/nothing",
    "/{lang}/questions/nothing",
    "/{lang}/questions/gaps.pdf",
    "/{lang}/mirror/nothing/2024",
    "/{lang}/mirror/leercoach/2024x",
    "/{lang}/interventions?page=2",
    "/{lang}/interventions?page=0",
    "/{lang}/interventions?page=-1",
    "/{lang}/interventions?page=abc",
    "/{lang}/interventions?page=",
    "/{lang}/interventions?page=²",
    "/{lang}/interventions?page=" + "9" * 5000,
]


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def pages(client: TestClient) -> dict[str, str]:
    """The text of every page that can be reached from the two home pages, by its path."""
    found: dict[str, str] = {}
    kinds: set[tuple[str, str]] = set()
    waiting = ["/nl/", "/en/"]
    while waiting:
        path = waiting.pop()
        folder, _, name = path.rpartition("/")
        # Of the documents beside the pages, one of each kind: there are six beside every thing.
        kind = (folder, name.partition(".")[2])
        if path in found or (kind[1] and kind in kinds):
            continue
        kinds.add(kind)
        response = client.get(path)
        if response.status_code == 303:
            waiting.append(response.headers["location"])
            continue
        assert response.status_code == 200, f"{path}: {response.status_code}"
        # A table of the endpoint is an answer for programs that take HTML, not a page.
        answer = path.startswith("/sparql?")
        if response.headers["content-type"] == "text/html; charset=utf-8" and not answer:
            found[path] = response.text
            waiting += [urldefrag(address).url for address in links(path, response.text)]
    return found


@pytest.fixture(scope="module")
def parsed(pages: dict[str, str]) -> dict[str, BeautifulSoup]:
    """Five pages of each kind in each language, as a browser understands them."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(pages):
        kinds.setdefault(path.rpartition("/")[0], []).append(path)
    chosen = chain.from_iterable(paths[:5] for paths in kinds.values())
    return {path: BeautifulSoup(pages[path], "html.parser") for path in chosen}


def links(path: str, text: str) -> list[str]:
    """Return the addresses on this site that a page refers to."""
    found = re.findall(r'<(?:a|link|img|form)\b[^>]*?\b(?:href|src|action)="([^"]*)"', text)
    addresses = (urljoin(path, html.unescape(address)) for address in found)
    return [address for address in addresses if address.startswith("/")]


def routes(client: TestClient) -> list[str]:
    routers = [r.original_router for r in client.app.routes if hasattr(r, "original_router")]
    found = [route.path for router in routers for route in router.routes]
    assert len(found) > 20
    return found


def test_every_route_has_an_example(client: TestClient) -> None:
    assert set(routes(client)) <= EXAMPLES.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_route_answers_in_both_languages(client: TestClient, lang: str) -> None:
    examples = chain.from_iterable(EXAMPLES[path] for path in routes(client))
    paths = [example.replace("{lang}", lang) for example in examples]
    statuses = {path: client.get(path, follow_redirects=True).status_code for path in paths}
    assert {path: status for path, status in statuses.items() if status != 200} == {}


def test_links_lead_to_pages_and_fragments_to_places_on_them(pages: dict[str, str]) -> None:
    # That each address answers was seen when they were collected.
    assert len(pages) > 200
    places = {path: set(re.findall(r'\bid="([^"]*)"', text)) for path, text in pages.items()}
    referred = {(path, address) for path, text in pages.items() for address in links(path, text)}
    lost = [
        (path, address)
        for path, address in referred
        if (fragment := urldefrag(address).fragment)
        and fragment not in places[urldefrag(address).url]
    ]
    assert lost == []


def test_every_page_is_sound(parsed: dict[str, BeautifulSoup]) -> None:
    faults = {path: list(unsound(page)) for path, page in parsed.items()}
    assert {path: found for path, found in faults.items() if found} == {}


def test_the_other_language_is_one_segment_away(parsed: dict[str, BeautifulSoup]) -> None:
    for path, page in parsed.items():
        lang, other = path[1:3], "en" if path[1:3] == "nl" else "nl"
        assert page.html["lang"] == lang
        switch = page.select_one(f'header a[hreflang="{other}"]')
        assert str(switch["href"]) == f"/{other}{path[3:]}"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_unknown_is_a_404_page_in_the_language_of_the_path(
    client: TestClient, path: str, lang: str
) -> None:
    page = soup(client, path.replace("{lang}", lang), 404)
    assert page.html["lang"] == lang
    assert (
        page.h1.text == {"nl": "Deze pagina bestaat niet", "en": "This page does not exist"}[lang]
    )


@pytest.mark.parametrize("path", ["/de/", "/nothing", "/id/nothing/x", "/id/company/x", "/dump/x"])
def test_a_404_without_a_language_is_in_that_of_the_reader(client: TestClient, path: str) -> None:
    headers = {"Accept-Language": "en-GB, nl;q=0.5"}
    response = client.get(path, headers=headers, follow_redirects=True)
    assert response.status_code == 404
    assert response.headers["content-language"] == "en"


@pytest.mark.parametrize(
    "query", ["company=x", "company=Not+a+slug", "company=", "x=y", "company=%FF"]
)
def test_no_parameter_of_a_question_is_an_error_of_the_site(client: TestClient, query: str) -> None:
    response = client.get(f"/nl/questions/fits-company?{query}")
    assert response.status_code in {200, 400}
    assert "text/html" in response.headers["content-type"]


def test_a_value_that_cannot_be_is_said_beside_the_form(client: TestClient) -> None:
    page = soup(client, "/nl/questions/fits-company?company=Not+a+slug", 400)
    assert "Not a slug" in page.select_one("[role=alert]").text
    assert page.select_one("form select[name=company]")


def test_an_answer_is_that_of_the_store(client: TestClient, tiny_release: Path) -> None:
    page = soup(client, "/nl/questions/fits-company?company=bedrijf-a")
    companies = {link["href"] for link in page.select("tbody td:first-child a")}
    assert companies == {"/nl/companies/bedrijf-a"}
    selected = page.select_one("select[name=company] option[selected]")
    assert selected["value"] == "bedrijf-a"


def test_a_trailing_slash_is_forgiven(client: TestClient) -> None:
    for path, target in (("/nl", "/nl/"), ("/nl/interventions/", "/nl/interventions")):
        response = client.get(path)
        assert response.status_code == 307
        assert response.headers["location"].endswith(target)


def test_a_text_in_the_other_language_says_so(client: TestClient) -> None:
    page = soup(client, "/en/interventions/leerbudget")
    assert page.find("span", lang="nl", string="EUR 500 per persoon")
    assert not soup(client, "/nl/interventions/leerbudget").main.select("[lang]")


def test_a_thing_shows_its_fields_in_the_groups_of_the_shapes(client: TestClient) -> None:
    page = soup(client, "/en/interventions/leerbudget")
    ours = page.select_one("section.ours")
    assert ours.h2.text == "Our classification"
    assert "editors" in ours.select_one("p.muted").text
    assert ours.select_one('a[href="/en/intervention-kinds/training-subsidy"]')
    holder = page.find("summary", string="holder").find_parent("div")
    assert holder.select_one("dd a")["href"] == "/en/organisations/fonds"
    assert holder.select_one("details.help p").text


def test_a_configuration_is_a_card(client: TestClient) -> None:
    page = soup(client, "/en/configurations/c04-plek-2025")
    context, mechanism, outcome = page.select(".cmo .step")
    assert {link["href"] for link in context.select("a")} == {
        "/en/conditions/leerwens",
        "/en/conditions/leiding-steunt",
        "/en/conditions/werkdruk",
    }
    assert context.select_one(".against")
    assert mechanism.a["href"] == "/en/mechanisms/begeleiding--durft-te-oefenen"
    assert outcome.a["href"] == "/en/conditions/vakmanschap"


def test_an_intervention_shows_what_is_known_of_its_kind_apart(client: TestClient) -> None:
    page = soup(client, "/en/interventions/leerbudget")
    heading = page.find("h2", string="What is known of interventions of this kind")
    cards = heading.find_parent("section").select(".cmo h3 a")
    assert [card["href"] for card in cards] == ["/en/configurations/c10-soort-subsidie-maakt-tijd"]


def test_what_was_invented_says_so(client: TestClient) -> None:
    page = soup(client, "/nl/companies/bedrijf-a")
    assert page.select_one(".badges .badge.invented").text == "Illustratief"
    assert "verzonnen voorbeeld, geen bevinding" in page.select_one(".banner").text
    assert len(soup(client, "/nl/companies").select(".lines .badge.invented")) == 3
    answer = soup(client, "/nl/questions/fits-company?company=bedrijf-a")
    assert answer.select_one(".banner")
    assert answer.select("td .badge.invented")


def test_what_was_reported_says_so_and_when_it_is_second_hand(client: TestClient) -> None:
    badges = [
        badge.text for badge in soup(client, "/en/interventions/leerbudget").select(".badges span")
    ]
    assert badges == ["Reported", "Second-hand"]


def test_nothing_restricted_is_on_a_page(pages: dict[str, str]) -> None:
    secrets = ("Verzonnen Metaal", "00000001", "Nergenshuizen", "niemand@example.org")
    shown = [path for path, text in pages.items() if any(word in text for word in secrets)]
    assert shown == []


def test_without_illustrative_content_the_site_says_what_is_missing(
    root: Path, tmp_path: Path
) -> None:
    settings = replace(Settings(), data=root / "tests/tiny/data", releases=tmp_path)
    built = build.build(settings, without_illustrative=True).release
    assert built
    with browser(built) as client:
        assert "zonder illustratieve inhoud" in soup(client, "/nl/companies").main.text
        assert "zonder illustratieve inhoud" in soup(client, "/nl/").main.text
        assert not soup(client, "/nl/interventions/leerbudget").select(".invented")
        assert client.get("/nl/companies/bedrijf-a").status_code == 404


def test_a_page_asks_for_all_its_labels_at_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    labels = Store.labels

    def counted(store: Store, iris: set[str], lang: str) -> object:
        calls.append(len(iris))
        return labels(store, iris, lang)

    monkeypatch.setattr(Store, "labels", counted)
    client.get("/nl/interventions/leerbudget", headers={"If-None-Match": ""})
    client.get("/nl/data-statuses/illustrative")
    assert len(calls) == 2
    assert min(calls) > 20


def test_ten_thousand_links_are_paged(tiny_release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "many"
    shutil.copytree(tiny_release, folder)
    manifest = release.read_manifest(folder / release.MANIFEST)
    with (folder / release.N_QUADS).open("a", encoding="utf-8") as dump:
        for number in range(10_000):
            dump.write(company(manifest.base, number))
    files = {**manifest.files, release.N_QUADS: release.describe(folder / release.N_QUADS)}
    grown = replace(manifest, files=files)
    (folder / release.MANIFEST).write_text(grown.to_json(), encoding="utf-8")
    (folder.parent / release.CURRENT).symlink_to(folder.name)
    with browser(folder) as client:
        page = soup(client, "/nl/regions/drenthe")
        links = page.select('dd a[href^="/nl/companies/many-"]')
        assert len(links) == 10
        more = str(page.select_one('a[href$="/incoming/companies/region"]')["href"])
        last = soup(client, f"{more}?page=200")
        assert len(last.select(".lines > li")) == 50
        assert "10.000" in last.h1.text
        assert soup(client, f"{more}?page=201", 404)


def company(base: str, number: int) -> str:
    """One more company in Drenthe, as N-Quads."""
    name, graph = f"<{base}id/company/many-{number}>", f"<{base}graph/companies>"
    facts = {
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>": f"<{base}def#Company>",
        "<http://www.w3.org/2004/02/skos/core#prefLabel>": f'"Bedrijf {number}"@nl',
        f"<{base}def#region>": f"<{base}id/region/drenthe>",
    }
    return "".join(f"{name} {fact} {value} {graph} .\n" for fact, value in facts.items())
