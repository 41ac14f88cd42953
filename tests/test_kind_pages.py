"""The pages of companies, cases, configurations, organisations, skills and what findings rest on.

What they must say was worked out on paper from the tiny graph (tests/tiny/README.md).
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from catalogue import markup
from catalogue.i18n import LANGUAGES, translations
from catalogue.things import fitting
from catalogue.things.parts import READERS
from s4s_graph import build
from s4s_graph.settings import Settings

THINGS = {
    "cases": "casus-a-2025",
    "companies": "bedrijf-a",
    "configurations": "c04-plek-2025",
    "deployments": "leercoach-bij-a",
    "findings": "bevinding-1",
    "holder-responses": "antwoord-werkplekleren-2024",
    "mirror-sessions": "spiegel-werkplekleren-2024",
    "organisations": "bond",
    "relations": "coach-voor-werkplek",
    "roles": "bond-aanvrager",
    "rounds": "ronde-2025",
    "skills": "lassen",
    "sources": "bron-werkplek",
    "studies": "onderzoek-werkplek",
    "theories": "proeftheorie-2025",
    "versions": "werkplekleren-2025",
}


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as opened:
        yield opened


def said(tag: Tag) -> str:
    """The text of a part of a page, on one line."""
    return " ".join(tag.get_text(" ").split())


def names(tags: list[Tag]) -> list[str]:
    return [said(tag) for tag in tags]


def part(page: BeautifulSoup, name: str) -> Tag:
    (found,) = page.select(f"section#{name}")
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("table", "slug"), THINGS.items())
def test_every_kind_has_a_sound_page_that_begins_with_a_sentence(
    client: TestClient, table: str, slug: str, lang: str
) -> None:
    page = soup(client, f"/{lang}/{table}/{slug}")
    assert list(unsound(page)) == []
    assert said(page.select_one("p.lead"))
    assert "%(" not in page.text


def test_the_kinds_with_a_part_of_their_own_are_all_looked_at() -> None:
    assert READERS.keys() <= THINGS.keys()


def test_a_company_shows_what_holds_what_does_not_and_what_would_be_good_to_know(
    client: TestClient,
) -> None:
    conditions = part(soup(client, "/en/companies/bedrijf-a"), "conditions")
    holds, lacks, unknown = (names(ul.select("li > a")) for ul in conditions.select("ul"))
    assert len(holds) == 3
    assert len(lacks) == 1
    # The coach that it used builds on proven skill; the certificate, not used, on skill.
    assert len(unknown) == 2
    assert "Learning coach" in said(conditions.select("ul")[2].select("li")[0])
    assert "1 intervention depends on it" in said(conditions.select("ul")[2].select("li")[1])


def test_a_company_shows_what_it_used_in_which_order(client: TestClient) -> None:
    page = soup(client, "/en/companies/bedrijf-a")
    assert names(part(page, "used").select("ol li strong")) == ["2024", "2025"]
    (late,) = part(page, "used").select("ul li")
    assert said(late).startswith("Learning coach")


def test_a_company_shows_what_its_cases_found_by_what_they_say(client: TestClient) -> None:
    cases = part(soup(client, "/en/companies/bedrijf-a"), "cases")
    assert names(cases.select("h4")) == ["For: they support the configuration 3"]
    assert "If people want to learn and managers give support" in said(cases)


def test_a_company_shows_what_fits_as_the_page_of_advice_does(client: TestClient) -> None:
    fit = part(soup(client, "/en/companies/bedrijf-a"), "fit")
    found = {
        said(h): names(h.find_next_sibling().select("li > a:first-child")) for h in fit.select("h3")
    }
    assert found == {
        "Fits 2": ["Learning coach", "Learning budget"],
        "Fits if one thing is seen to first 1": ["Workplace learning"],
        "Fits if what is unknown holds 1": ["Trade certificate"],
        "Does not fit 1": ["Schedule scan"],
    }
    address = urlsplit(fit.select("p a")[0]["href"])
    given = parse_qs(address.query)
    assert given == {
        "size": ["10-49"],
        "holds": ["concrete-leerwens", "geen-hr", "tijd"],
        "lacks": ["leiding-steunt"],
    }
    assert client.get(str(fit.select("p a")[0]["href"])).status_code == 200
    route = str(fit.select("p a")[1]["href"])
    assert parse_qs(urlsplit(route).query)["company"] == ["bedrijf-a"]
    assert client.get(route).status_code == 200


def test_with_too_many_interventions_to_weigh_a_company_leads_to_the_page_of_advice(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "MOST", 0)
    fit = part(soup(client, "/en/companies/bedrijf-a"), "fit")
    assert not fit.select("h3")
    assert "too many interventions" in said(fit)
    assert fit.select('a[href^="/en/advice?"]')


def test_what_is_known_of_a_kind_is_told_in_the_language_of_the_page(client: TestClient) -> None:
    # The cards are kept; which page or language came first must not matter.
    for lang, start in (("en", "If there is time"), ("nl", "Als er"), ("en", "If there is time")):
        card = soup(client, f"/{lang}/interventions/werkplekleren").select_one("#of-kind .cmo p")
        assert said(card).startswith(start)


def test_without_what_was_invented_the_pages_stand_and_say_what_is_missing(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    releases = tmp_path_factory.mktemp("real")
    settings = replace(Settings(), data=root / "tests/tiny/data", releases=releases)
    built = build.build(settings, without_illustrative=True).release
    assert built
    with browser(built) as client:
        page = soup(client, "/en/organisations/fonds")
        assert names(part(page, "roles").select("h3")) == ["Holder 1"]
        assert "Nothing that it holds is known" in said(part(page, "agreements"))
        assert not page.select(".badge.invented")
        found = part(soup(client, "/en/studies/onderzoek-werkplek"), "findings")
        assert found.select("li")


def test_a_company_says_that_its_name_is_a_pseudonym_and_nothing_confidential(
    client: TestClient,
) -> None:
    text = client.get("/en/companies/bedrijf-a").text
    assert "pseudonym" in text
    for secret in ("Verzonnen Metaal", "00000001", "Nergens 1", "niemand@", "Dit mag niemand"):
        assert secret not in text


def test_skills_in_demand_say_who_develops_them_and_which_are_unmet(client: TestClient) -> None:
    skills = part(soup(client, "/en/companies/bedrijf-b"), "skills")
    found = {said(row.dt): said(row.dd) for row in skills.select("dl > div")}
    assert "Workplace learning" in found["robot welding"]
    assert "by way of welding" in found["robot welding"]
    assert found["measuring"].startswith("Unmet")


def test_a_case_shows_what_it_examined_and_found(client: TestClient) -> None:
    page = soup(client, "/en/cases/casus-a-2025")
    assert "Company A" in said(page.select_one("p.lead"))
    assert names(part(page, "examined").select("li > a:first-child")) == [
        "Learning coach",
        "Workplace learning",
    ]
    found = part(page, "findings")
    assert names(found.select("h3")) == ["For: they support the configuration 3"]
    assert "relevance ●●● 3 of 3" in said(found)


def test_a_case_shows_where_others_found_the_opposite_and_how_they_differ(
    client: TestClient,
) -> None:
    opposite = part(soup(client, "/en/cases/casus-a-2025"), "opposite")
    assert names(opposite.select("h3")) == ["Learning on the spot 2025"]
    assert "Company C" in said(opposite.select_one("p"))
    columns = names(opposite.select("thead th"))
    assert [name.split(" ", 2)[:2] for name in columns[1:]] == [["Company", "A"], ["Company", "C"]]


def test_a_case_without_opposite_says_so(client: TestClient) -> None:
    opposite = part(soup(client, "/en/cases/casus-b-2024"), "opposite")
    assert "On none of these" in said(opposite)


def test_a_case_shows_what_it_led_to(client: TestClient) -> None:
    led = part(soup(client, "/en/cases/casus-b-2024"), "led-to")
    assert "Workplace learning 2025" in said(led)
    assert "First a talk with the manager." in said(led)
    assert "Mirror session workplace learning" in said(led)
    assert "The manager takes part from now on." in said(led)
    other = part(soup(client, "/en/cases/casus-a-2025"), "led-to")
    assert "No version is known" in said(other)
    assert "No response of the holder is known." in said(other)


def test_a_configuration_shows_findings_history_and_contradicting_cases(
    client: TestClient,
) -> None:
    page = soup(client, "/en/configurations/c04-plek-2025")
    assert names(part(page, "findings").select("h3")) == [
        "For: they support the configuration 1",
        "Against: they contradict the configuration 1",
    ]
    steps = part(page, "history").select("ol > li")
    assert [said(step.a) for step in steps] == [
        "Learning on the spot 2024",
        "Learning on the spot 2025",
    ]
    assert "At B the manager matters" in said(steps[1])
    assert page.select("#contradicting table")


def test_a_configuration_that_was_revised_says_what_holds_now(client: TestClient) -> None:
    page = soup(client, "/en/configurations/c03-plek-2024")
    assert "Learning on the spot 2025" in said(part(page, "history"))


def test_a_configuration_stands_beside_its_rival_whichever_names_the_other(
    client: TestClient,
) -> None:
    for slug in ("c02-coach-wekt-leerwens", "c11-coach-bouwt-voort"):
        rivals = part(soup(client, f"/en/configurations/{slug}"), "rivals")
        assert len(rivals.select("thead th")) == 2


def test_a_configuration_that_nobody_looked_at_says_that_this_is_no_verdict(
    client: TestClient,
) -> None:
    found = part(soup(client, "/en/configurations/c05-toets-bewijst"), "findings")
    assert "No case and no study has looked at this yet" in said(found)


def test_a_finding_shows_the_configuration_that_it_is_on(client: TestClient) -> None:
    on = part(soup(client, "/en/findings/bevinding-2"), "on")
    assert said(on.h2) == "It contradicts this configuration"
    assert said(on.select_one("h3 a")) == "Learning on the spot 2025"


def test_an_organisation_shows_its_roles_with_the_row_that_says_so(client: TestClient) -> None:
    roles = part(soup(client, "/en/organisations/bond"), "roles")
    assert [name.split()[0] for name in names(roles.select("h3"))] == ["Holder", "Applicant"]
    assert "Applied for the trial." in said(roles)
    (row,) = roles.select('a.rule[href="/en/roles/bond-aanvrager"]')
    assert client.get(str(row["href"])).status_code == 200


def test_an_organisation_shows_what_it_covers_and_with_whom(client: TestClient) -> None:
    page = soup(client, "/en/organisations/bond")
    assert [len(ul.select("li")) for ul in part(page, "covers").select("ul")] == [2, 2]
    partners = {
        said(row.dt): names(row.dd.select("a")) for row in page.select("#partners dl > div")
    }
    assert partners == {
        "Bureau Meetlat": ["Learning trial", "Workplace learning"],
        "Ministerie van Leren": ["Learning trial"],
    }


def test_an_organisation_shows_with_whom_an_agreement_would_help(client: TestClient) -> None:
    found = part(soup(client, "/en/organisations/bond"), "agreements")
    assert [said(li).split(" link")[0] for li in found.select("li")] == [
        "Leerfonds : 1",
        "Leerfonds : 2",
    ]
    for link in found.select("li a[href*=agreements]"):
        assert client.get(str(link["href"])).status_code == 200


def test_an_organisation_shows_the_sources_that_it_published(client: TestClient) -> None:
    found = part(soup(client, "/en/organisations/bureau"), "published")
    assert names(found.select("li > a")) == ["Evaluatie van een subsidie"]


def test_a_skill_shows_its_place_its_addresses_and_what_develops_it(client: TestClient) -> None:
    page = soup(client, "/en/skills/lassen")
    links = [str(a["href"]) for a in part(page, "hierarchy").select("a")]
    assert "/en/skills/metaalbewerken" in links
    assert "/en/skills/robotlassen" in links
    assert names(part(page, "developed").select("li > a")) == ["Workplace learning"]
    assert "by way of welding" in said(part(soup(client, "/en/skills/robotlassen"), "developed"))
    # What was superseded does not count: managers' support was an outcome of 2024 only.
    (outcomes,) = [row for row in page.select("#near dl > div") if "outcomes" in said(row.dt)]
    assert len(outcomes.select("li")) == 1


def test_few_companies_are_neither_counted_nor_named(client: TestClient) -> None:
    page = soup(client, "/en/skills/meten")
    demand = part(page, "demand")
    assert "One or two companies" in said(demand)
    assert not page.select('a[href^="/en/companies/"]')
    assert said(demand.select_one(".badge.warn")) == "Unmet"
    assert not part(soup(client, "/en/skills/lassen"), "demand").select(".badge.warn")


def test_many_companies_are_counted(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        demand = part(soup(client, "/en/skills/basic-skills"), "demand")
        assert len(demand.select("li")) >= 3
        assert said(demand.p).startswith(str(len(demand.select("li"))))


@pytest.mark.parametrize(
    ("path", "heading", "findings"),
    [
        ("studies/onderzoek-werkplek", "What was found 1", ["bevinding-5"]),
        ("sources/bron-subsidie", "What was found 1", ["bevinding-6"]),
        (
            "mirror-sessions/spiegel-werkplekleren-2024",
            "The findings that were discussed 2",
            ["bevinding-8", "bevinding-3"],
        ),
        ("versions/werkplekleren-2025", "The findings that prompted it 1", ["bevinding-3"]),
        ("relations/coach-voor-werkplek", "The findings that support it 1", ["bevinding-1"]),
    ],
)
def test_findings_stand_wherever_a_form_says_that_they_belong(
    client: TestClient, path: str, heading: str, findings: list[str]
) -> None:
    found = part(soup(client, f"/en/{path}"), "findings")
    assert said(found.h2) == heading
    links = [str(a["href"]).rpartition("/")[2] for a in found.select('a[href^="/en/findings/"]')]
    assert links == findings


@pytest.mark.parametrize(
    ("path", "kind", "more"),
    [
        ("organisations/bond", "Organization", {"url": "https://example.org/bond"}),
        ("skills/robotlassen", "DefinedTerm", {}),
        ("sources/bron-werkplek", "CreativeWork", {"url": "https://example.org/werkplek"}),
        ("companies/bedrijf-a", "Thing", {}),
    ],
)
def test_a_page_says_in_the_words_of_schema_org_what_kind_of_thing_it_is(
    client: TestClient, path: str, kind: str, more: dict[str, str]
) -> None:
    script = soup(client, f"/en/{path}").select_one('script[type="application/ld+json"]')
    about = json.loads(script.string)["about"]
    assert about["@type"] == kind
    assert more.items() <= about.items()


def test_what_is_filled_in_a_text_is_escaped_and_the_text_is_not() -> None:
    speak = markup.speaker(translations()["en"])
    assert speak("A & %(name)s", name="<b>") == "A & &lt;b&gt;"
    assert speak("100%% of it") == "100% of it"
