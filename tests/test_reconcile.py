"""Reconciliation: what is found, in which order, and that nothing sent can break it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reconciling
from browsing import browser
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st
from reconciling import ESCO, JOINING, OCCUPATION, SKILL, VOCABULARY

from catalogue.reconciling.asked import BATCH, LETTERS
from catalogue.reconciling.entities import Directory
from s4s_graph.vocabularies.concepts import Concept

BASE = "https://w3id.org/skills4skills/"
OURS = f"{BASE}def#Skill"
WELDING = f"{BASE}id/skill/lassen"
SENDS_JSON = {"Content-Type": "application/json"}
ROOTS = ("/reconcile", "/nl/reconcile", "/en/reconcile")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with browser(reconciling.released(tmp_path_factory.mktemp("reconcile"))) as client:
        yield client


def found(client: TestClient, lang: str = "en", **query: Any) -> list[dict[str, Any]]:
    """Return the candidates of one query."""
    answer = client.post(f"/{lang}/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 200, answer.text
    candidates = answer.json()["q"]["result"]
    scores = [one["score"] for one in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 100 for score in scores)
    assert all(not one["match"] for one in candidates[1:])
    return list(candidates)


def matched(client: TestClient, *conditions: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """Return the candidates of one query by the draft of 1.0."""
    queries = [{"conditions": list(conditions), **query}]
    answer = client.post("/en/reconcile/1.0/match", json={"queries": queries})
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    return list(result["candidates"])


def ids(candidates: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in candidates]


def extended(client: TestClient, iri: str, *properties: dict[str, Any], lang: str = "en") -> Any:
    asked = json.dumps({"ids": [iri], "properties": properties})
    answer = client.post(f"/{lang}/reconcile", data={"extend": asked})
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"][iri]


# What is found


@pytest.mark.parametrize(("lang", "name"), [("nl", "robotlassen"), ("en", "robot welding")])
@pytest.mark.parametrize("text", ["robotlassen", "Robot Welding", "robot-welding"])
def test_a_skill_is_found_by_its_name_in_either_language(
    client: TestClient, lang: str, name: str, text: str
) -> None:
    first = found(client, lang, query=text)[0]
    assert (first["id"], first["name"]) == (f"{BASE}id/skill/robotlassen", name)
    assert first["match"]
    assert first["type"] == [{"id": OURS, "name": "Skills"}]
    assert first["description"].startswith(("Illustratief", "Illustrative"))


def test_shipped_skills_are_found_in_both_languages(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        for lang, text, name in (
            ("nl", "Rekenen", "Rekenen"),
            ("nl", "3D printing", "3D-printen"),
            ("en", "rekenen", "Numeracy"),
            ("en", "adapt to changes", "Adapt to change"),
        ):
            first = found(client, lang, query=text, type=OURS)[0]
            assert (first["name"], first["match"]) == (name, True)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("metaal lassen", ["nl"]),
        ("metal wellding", ["en"]),
        ("Metallschweißen", ["en", "nl"]),
        ("laser", ["en", "nl"]),
    ],
)
def test_a_name_is_read_in_the_language_that_knows_most_of_its_words(
    text: str, languages: list[str]
) -> None:
    welding = Concept("urn:a", {"nl": ["lassen van metaal"], "en": ["welding of metal"]})
    laser = Concept("urn:b", {"nl": ["laser"], "en": ["laser"]})
    assert Directory([], [welding, laser]).languages(text, ("en", "nl")) == languages


def test_two_that_are_called_the_same_are_no_match_until_a_type_is_named(
    client: TestClient,
) -> None:
    both = found(client, query="welding")
    assert {WELDING, f"{ESCO}skill/example-3"} <= set(ids(both)[:2])
    assert not both[0]["match"]
    (ours,) = found(client, query="welding", type=OURS, limit=1)
    assert (ours["id"], ours["match"]) == (WELDING, True)
    (theirs,) = found(client, query="welding", type=[SKILL], limit=1)
    assert (theirs["id"], theirs["match"]) == (f"{ESCO}skill/example-3", True)


def test_asking_for_one_does_not_hide_that_there_are_two(client: TestClient) -> None:
    (one,) = found(client, query="welding", limit=1)
    assert not one["match"]


def test_a_concept_of_others_is_found_by_its_other_name_with_its_kinds(client: TestClient) -> None:
    first = found(client, query="pipe bending")[0]
    assert (first["id"], first["name"]) == (f"{ESCO}skill/example-2", "bending pipes")
    assert first["type"] == [
        {"id": VOCABULARY, "name": "Example"},
        {"id": SKILL, "name": "Skill (Example)"},
    ]
    assert found(client, "nl", query="pijpenbuiger")[0]["name"] == "pijpenbuiger"


def test_types_can_be_any_of_some_or_all_of_them(client: TestClient) -> None:
    types = [VOCABULARY, OCCUPATION]
    assert len(found(client, query="pipe", type=types, type_strict="any")) == 2
    strict = found(client, query="pipe", type=types, type_strict="all")
    assert ids(strict) == [f"{ESCO}occupation/example-4"]
    assert found(client, query="pipe", type="http://example.org/no-such-type") == []


def test_an_identifier_is_found_by_itself(client: TestClient) -> None:
    (one,) = found(client, query=JOINING)
    assert (one["id"], one["score"], one["match"]) == (JOINING, 100, True)


# Conditions


def test_a_condition_decides_between_two_of_one_name(client: TestClient) -> None:
    v = {"pid": "skos:broader", "v": "joining plates"}
    first, second = found(client, query="welding", properties=[v])[:2]
    assert (first["id"], first["match"]) == (f"{ESCO}skill/example-3", True)
    assert second["score"] <= first["score"] / 2


@pytest.mark.parametrize(
    "v",
    [
        "metal working",
        "METAAL BEWERKEN",
        {"id": f"{BASE}id/skill/metaalbewerken"},
        ["x", "metaalbewerken"],
    ],
)
def test_values_are_names_or_things(client: TestClient, v: object) -> None:
    first = found(client, query="lassen", properties=[{"pid": "skos:broader", "v": v}])[0]
    assert first["id"] == WELDING
    assert {one["id"]: one["value"] for one in first["features"]}["conditions"] == 1


@pytest.mark.parametrize(
    ("pid", "v", "wanted"),
    [
        ("skos:exactMatch", JOINING, WELDING),
        ("skos:exactMatch", WELDING, JOINING),
        ("skos:broader", "lassen", f"{BASE}id/skill/robotlassen"),
        ("skos:narrower", "robot welding", WELDING),
        ("skos:prefLabel@nl", "meten", f"{BASE}id/skill/meten"),
        ("iri", WELDING, WELDING),
    ],
)
def test_a_condition_alone_finds_what_it_holds_of(
    client: TestClient, pid: str, v: str, wanted: str
) -> None:
    (one,) = found(client, properties=[{"pid": pid, "v": v}], type=[OURS, VOCABULARY])
    assert (one["id"], one["match"]) == (wanted, True)


def test_an_unknown_property_holds_of_nothing(client: TestClient) -> None:
    unknown = {"pid": "no-such-property", "v": "x"}
    assert found(client, properties=[unknown]) == []
    assert found(client, query="robot welding", properties=[unknown])[0]["score"] <= 50


def test_the_draft_knows_required_and_excluded_values(client: TestClient) -> None:
    name = {"matchType": "name", "propertyValue": "welding"}
    broader = {
        "matchType": "property",
        "propertyId": "skos:broader",
        "propertyValue": "joining plates",
        "required": True,
    }
    assert ids(matched(client, name, broader)) == [f"{ESCO}skill/example-3"]
    without = matched(client, name, {**broader, "matchQuantifier": "none"})
    assert WELDING in ids(without)
    assert f"{ESCO}skill/example-3" not in ids(without)
    (one,) = matched(client, {"matchType": "id", "propertyValue": WELDING})
    assert one["id"] == WELDING


def test_the_draft_reads_a_name_in_the_language_it_is_in(client: TestClient) -> None:
    name = {"matchType": "name", "propertyValue": "lassen"}
    first = matched(client, name, lang="nl", type=OURS)[0]
    assert (first["id"], first["name"], first["lang"]) == (WELDING, "welding", "en")


# Suggesting, previewing, extending


def test_suggestions_begin_with_what_is_typed(client: TestClient) -> None:
    def names(what: str, prefix: str, **more: str) -> list[str]:
        answer = client.get(f"/en/reconcile/suggest/{what}", params={"prefix": prefix, **more})
        return [one["name"] for one in answer.json()["result"]]

    assert names("entity", "rob")[0] == "robot welding"
    assert names("entity", "rob", cursor="1") == names("entity", "rob")[1:]
    assert names("entity", JOINING) == ["joining plates"]
    assert names("entity", "welding", type=SKILL)[0] == "welding"
    assert names("type", "skill")[:1] == ["Skills"]
    assert "Occupation (Example)" in names("type", "occup")
    assert names("property", "broader") == ["broader", "broader, elsewhere"]
    assert len(names("property", "")) > 20
    assert names("entity", "") == []


def test_what_was_matched_is_extended(client: TestClient) -> None:
    asked = ("skos:prefLabel@nl", "skos:broader", "skos:exactMatch", "esco", "developedBy", "iri")
    row = extended(client, WELDING, *({"id": one} for one in asked))
    assert row == {
        "skos:prefLabel@nl": [{"str": "lassen"}],
        "skos:broader": [{"id": f"{BASE}id/skill/metaalbewerken", "name": "metal working"}],
        "skos:exactMatch": [{"id": JOINING, "name": "joining plates"}],
        "esco": [{"str": JOINING}],
        "developedBy": [
            {"id": f"{BASE}id/intervention/werkplekleren", "name": "Workplace learning"}
        ],
        "iri": [{"str": WELDING}],
    }


def test_a_concept_of_others_leads_to_our_interventions(client: TestClient) -> None:
    row = extended(client, JOINING, {"id": "developedBy"}, {"id": "skos:exactMatch"}, lang="nl")
    assert [one["name"] for one in row["developedBy"]] == ["Werkplekleren"]
    assert [one["name"] for one in row["skos:exactMatch"]] == ["lassen"]


def test_settings_say_how_many_values_and_whether_addresses(client: TestClient) -> None:
    broader = {"id": "skos:broader", "settings": {"content": "id"}}
    assert extended(client, WELDING, broader) == {
        "skos:broader": [{"str": f"{BASE}id/skill/metaalbewerken"}]
    }
    budget, actors = f"{BASE}id/intervention/leerbudget", "s4s:targetsActor"
    for given, count in (({}, 2), ({"limit": "0"}, 2), ({"limit": "1"}, 1), ({"limit": 1}, 1)):
        row = extended(client, budget, {"id": actors, "settings": given})
        assert len(row[actors]) == count


def test_numbers_are_numbers(client: TestClient) -> None:
    row = extended(
        client,
        f"{BASE}id/intervention/leerbudget",
        {"id": "s4s:costPerParticipant"},
        {"id": "s4s:firstYear"},
    )
    assert row["s4s:costPerParticipant"] == [{"float": 500.0}]


def test_what_a_kind_can_be_extended_with_is_proposed(client: TestClient) -> None:
    def proposed(kind: str, **more: str) -> Any:
        return client.get("/en/reconcile/properties", params={"type": kind, **more}).json()

    ours, theirs = proposed(OURS), proposed(SKILL)
    assert {"developedBy", "esco", "skos:broader"} <= set(ids(ours["properties"]))
    assert "skos:notation" in ids(theirs["properties"])
    assert len(proposed(OURS, limit="2")["properties"]) == 2


def test_a_preview_may_be_framed_by_anyone_and_nothing_else_may(client: TestClient) -> None:
    preview = client.get("/en/reconcile/preview", params={"id": WELDING})
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "welding" in preview.text
    assert 'href="/en/skills/lassen"' in preview.text
    manifest = client.get("/en/reconcile")
    assert "frame-ancestors 'none'" in manifest.headers["content-security-policy"]
    assert client.get("/en/reconcile/preview?id=x").status_code == 404


def test_a_view_leads_to_a_page_and_nowhere_else(client: TestClient) -> None:
    ours = client.get("/nl/reconcile/view", params={"id": WELDING})
    assert (ours.status_code, ours.headers["location"]) == (303, "/nl/skills/lassen")
    theirs = client.get("/en/reconcile/view", params={"id": JOINING})
    assert theirs.status_code == 303
    assert client.get(theirs.headers["location"]).status_code == 200
    assert client.get("/en/reconcile/view?id=https://example.org/").status_code == 404


@pytest.mark.parametrize("root", ROOTS)
def test_any_page_of_others_may_ask(client: TestClient, root: str) -> None:
    for path in ("", "?query=welding", "/suggest/entity?prefix=w", "/nothing", "/1.0", "?lang=fr"):
        answer = client.get(f"{root}{path}")
        assert answer.headers["access-control-allow-origin"] == "*", path
    asked = client.options(f"{root}/1.0/match")
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]


def test_the_address_without_a_language_speaks_that_of_its_reader(client: TestClient) -> None:
    dutch = client.get("/reconcile", headers={"Accept-Language": "nl"})
    english = client.get("/reconcile", headers={"Accept-Language": "en"})
    assert (dutch.json()["name"][-12:], english.json()["name"][-9:]) == (
        "(Nederlands)",
        "(English)",
    )
    assert "Accept-Language" in dutch.headers["vary"]
    named = client.get("/reconcile?lang=en", headers={"Accept-Language": "nl"})
    assert named.json() == english.json()


# Bad input


def refused(answer: Response, status: int) -> str:
    """Return the sentence that says what is wrong."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def test_a_batch_of_ten_thousand_is_refused_with_the_limit(client: TestClient) -> None:
    queries = {f"q{number}": {"query": "welding"} for number in range(10_000)}
    answer = client.post("/en/reconcile", data={"queries": json.dumps(queries)})
    assert refused(answer, 413) == f"queries: 10000 are too many; at most {BATCH}."
    assert client.get("/en/reconcile").json()["batchSize"] == BATCH
    draft = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "x"}]}] * 10_000}
    assert "10000" in refused(client.post("/en/reconcile/1.0/match", json=draft), 413)
    assert client.get("/en/reconcile/1.0").json()["batchSize"] == BATCH


def test_a_body_larger_than_requests_may_be_is_refused(client: TestClient) -> None:
    answer = client.post("/en/reconcile", data={"queries": "x" * 3_000_000})
    assert "2,000,000 bytes" in refused(answer, 413)


@pytest.mark.parametrize(
    "text",
    ["(a+)+$", "([a-zA-Z]+)*!", "[", "*", "\\", "%", '"; DROP', "' OR 1=1", "\x00", "‮", "<b>&"],
)
def test_what_looks_like_a_pattern_is_plain_text(client: TestClient, text: str) -> None:
    for query in (text, f"{text * 50} welding"):
        found(client, query=query)
        client.get("/en/reconcile/suggest/entity", params={"prefix": query}).json()
    found(client, properties=[{"pid": text, "v": text}])
    assert refused(client.get("/en/reconcile", params={"extend": json.dumps(
        {"ids": [text], "properties": [{"id": text}]})}), 400)  # fmt: skip


def test_a_text_longer_than_any_name_finds_nothing_and_spares_its_batch(client: TestClient) -> None:
    queries = {"long": {"query": "welding " * LETTERS}, "short": {"query": "robot welding"}}
    answer = client.post("/en/reconcile", data={"queries": json.dumps(queries)}).json()
    assert answer["long"]["result"] == []
    assert answer["short"]["result"][0]["match"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("{", "queries: this is not JSON (Expecting property name"),
        ("[1]", "queries: give an object"),
        ("[" * 100_000, "queries: this is not JSON"),
        ('{"q": 1}', "queries.q: give an object"),
        ('{"q": {}}', "queries.q: give query or properties"),
        ('{"q": {"query": 5}}', "queries.q.query: give a text"),
        ('{"q": {"query": "x", "limit": "5"}}', "queries.q.limit: give a whole number"),
        ('{"q": {"query": "x", "limit": NaN}}', "queries.q.limit: give a whole number"),
        ('{"q": {"query": "x", "limit": -1}}', "queries.q.limit: give a whole number"),
        ('{"q": {"query": "x", "type": 5}}', "queries.q.type: give a list"),
        ('{"q": {"query": "x", "properties": {}}}', "queries.q.properties: give a list"),
        ('{"q": {"properties": [{"v": "x"}]}}', "queries.q.properties[0].pid: give a text"),
        ('{"q": {"properties": [{"pid": "x"}]}}', "queries.q.properties[0].v: give a text"),
    ],
)
def test_what_cannot_be_read_is_told_where(client: TestClient, sent: str, said: str) -> None:
    answer = client.post("/en/reconcile", data={"queries": sent})
    assert refused(answer, 400).startswith(said)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\xff", "this is not JSON"),
        (b'"x"', "give an object"),
        (b'{"q0": {"query": "x"}}', "queries: give a list"),
        (b'{"queries": [{"conditions": []}]}', "queries[0].conditions: give at least one"),
        (
            b'{"queries": [{"conditions": [{"propertyValue": "x"}]}]}',
            "queries[0].conditions[0].matchType: 'None'; give one of name, id, property",
        ),
        (
            b'{"queries": [{"type": [], "conditions": [{"matchType": "id", "propertyValue": 1}]}]}',
            "queries[0].type: give a text",
        ),
    ],
)
def test_the_draft_tells_as_well(client: TestClient, sent: bytes, said: str) -> None:
    answer = client.post("/en/reconcile/1.0/match", content=sent, headers=SENDS_JSON)
    assert said in refused(answer, 400)


FIELDS = ("q", "query", "type", "limit", "properties", "pid", "v", "id", "ids", "settings")
NEW_FIELDS = ("queries", "conditions", "matchType", "propertyId", "propertyValue", "lang")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from([WELDING, "welding", "name", "property", "skos:broader", "iri"]),
    lambda one: st.lists(one, max_size=3)
    | st.dictionaries(st.sampled_from(FIELDS + NEW_FIELDS), one, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@each(JSON, JSON)
def test_whatever_is_sent_is_answered_or_refused(
    client: TestClient, one: object, two: object
) -> None:
    draft = {"queries": [{"conditions": [one, two]}, two]}
    of_right_fields = {"query": "x", "type": one, "properties": [{"pid": "iri", "v": two}]}
    for answer in (
        client.post("/nl/reconcile", data={"queries": json.dumps({"q": one, "p": two})}),
        client.post("/nl/reconcile", data={"query": json.dumps(of_right_fields)}),
        client.post("/nl/reconcile", data={"extend": json.dumps({"ids": one, "properties": two})}),
        client.post("/nl/reconcile/1.0/match", content=json.dumps(draft), headers=SENDS_JSON),
        client.post("/nl/reconcile/1.0/extend", content=json.dumps(two), headers=SENDS_JSON),
    ):
        assert answer.status_code in (200, 400, 413), answer.text
        answer.json()


def test_sentences_are_in_the_language_of_the_address(client: TestClient) -> None:
    answer = client.post("/nl/reconcile", data={"queries": "{}}"})
    assert refused(answer, 400).startswith("queries: dit is geen JSON")


def test_halves_of_characters_are_no_end_of_it(client: TestClient) -> None:
    sent = (
        r'{"\ud800": {"query": "\udfff welding", "properties": [{"pid": "\ud800", "v": "\ud800"}]}}'
    )
    answer = client.post("/en/reconcile", data={"queries": sent})
    assert answer.status_code == 200
    assert list(answer.json()) == ["\ud800"]
    asked = r'{"ids": ["\ud800"], "properties": [{"id": "iri"}]}'
    assert client.get("/en/reconcile", params={"extend": asked}).status_code == 200


def test_other_methods_and_forms_are_told_what_is_right(client: TestClient) -> None:
    assert "GET, POST" in refused(client.put("/en/reconcile"), 405)
    assert "application/json" in refused(
        client.post("/en/reconcile/1.0/match", data={"a": "b"}), 415
    )
    assert "urlencoded" in refused(client.post("/en/reconcile", json={}), 415)
    assert "queries, query or extend" in refused(client.post("/en/reconcile", data={"a": "b"}), 400)
    assert refused(client.get("/en/reconcile/suggest/entity?prefix=a&cursor=-1"), 400)
    assert refused(client.get("/en/reconcile?lang=fr"), 400)
    assert refused(client.get("/en/reconcile?query=%zz"), 400)
    assert client.get("/en/reconcilers").status_code == 404
