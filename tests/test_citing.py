"""Citing, and what machines read of a page: sound in their own formats, whatever a name holds."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browsing import browser, soup
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from catalogue import sitemap
from catalogue.citing import Citation
from catalogue.schema_org import _script
from s4s_graph import release

LANGUAGES = ("nl", "en")
TITLES = {"nl": "Leerbudget", "en": "Learning budget"}
SAID = {"nl": "Geld voor een training.", "en": "Money for a training course."}


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def cited(title: str) -> Citation:
    return Citation(
        "s4s-x-y",
        title,
        title,
        date(2026, 2, 1),
        "0123",
        "https://example.org/x?release=0123",
        "nl",
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_citation_names_the_thing_in_its_release(
    client: TestClient, tiny_release: Path, lang: str
) -> None:
    manifest = release.read_manifest(tiny_release / release.MANIFEST)
    uri = f"{manifest.base}id/intervention/leerbudget?release={manifest.id}"
    path = f"/{lang}/interventions/leerbudget"
    block = soup(client, path).select_one("#cite")
    assert uri in block.text
    assert TITLES[lang] in block.text
    assert [link["href"] for link in block.select(".formats a")] == [
        f"{path}.{suffix}" for suffix in ("bib", "ris", "csl.json")
    ]
    assert f"url = {{{uri}}}" in client.get(f"{path}.bib").text
    assert f"UR  - {uri}\r\n" in client.get(f"{path}.ris").text
    (item,) = client.get(f"{path}.csl.json").json()
    assert (item["URL"], item["title"], item["version"]) == (uri, TITLES[lang], manifest.id)


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_each_format_has_its_media_type_and_a_404(
    client: TestClient, suffix: str, kind: str
) -> None:
    response = client.get(f"/nl/companies/bedrijf-a.{suffix}")
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    for path in ("interventions/nothing", "interventions/Not%20a%20slug", "nothing/leerbudget"):
        assert client.get(f"/nl/{path}.{suffix}").status_code == 404


@given(st.text())
def test_no_name_breaks_bibtex(title: str) -> None:
    text = cited(title).bibtex()
    bare = re.sub(r"\\[{}#$%&_]", "", text)
    assert bare.count("{") == bare.count("}")
    value = next(line for line in text.split("\n") if line.startswith("  title = "))
    assert not re.search(r"(?<!\\)[#$%&_]|[~^]", value)
    assert len(text.splitlines()) == 10


@given(st.text())
def test_no_name_breaks_ris(title: str) -> None:
    lines = cited(title).ris().splitlines()
    assert [line[:6] for line in lines] == [
        f"{tag}  - " for tag in ["TY", "TI", "AU", "PB", "PY", "DA", "ET", "LA", "UR", "ER"]
    ]


def test_tex_is_written_as_letters() -> None:
    assert (
        r"title = {{50\% \& \{A\}\_b \#1 \$2 C:\textbackslash{}d}}"
        in cited("50% & {A}_b #1 $2 C:\\d").bibtex()
    )


def test_csl_is_dated() -> None:
    (item,) = cited("a\nb").csl()
    assert item["title"] == "a b"
    assert item["issued"] == {"date-parts": [[2026, 2, 1]]}


@given(st.text())
def test_nothing_ends_the_script_but_its_end(text: str) -> None:
    written = _script({"name": f"</script><!--{text}"})
    assert isinstance(written, Markup)
    assert "<" not in written
    assert json.loads(written) == {"name": f"</script><!--{text}"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_says_what_it_is_about_in_the_words_of_schema_org(
    client: TestClient, tiny_release: Path, lang: str
) -> None:
    base = release.read_manifest(tiny_release / release.MANIFEST).base
    page = soup(client, f"/{lang}/interventions/leerbudget")
    content = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert content["inLanguage"] == lang
    assert content["about"] == {
        "@type": "Thing",
        "@id": f"{base}id/intervention/leerbudget",
        "name": TITLES[lang],
        "additionalType": f"{base}def#Intervention",
        "description": "Geld voor een training."
        if lang == "nl"
        else "Money for a training course.",
    }


def test_whoever_follows_a_citation_hears_of_another_release(client: TestClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    path = client.get("/id/intervention/leerbudget?release=old", headers=headers).headers[
        "location"
    ]
    assert path == "/en/interventions/leerbudget?release=old"
    assert "Another release was cited, old" in soup(client, path).select_one("main").text
    now = client.get("/id/intervention/leerbudget", headers=headers).headers["location"]
    assert "Another release" not in soup(client, now).text


def test_the_sitemap_has_every_page_of_a_thing_in_both_languages(client: TestClient) -> None:
    found = addresses(client.get("/sitemap.xml").text)
    assert len(found) == len(set(found))
    paths = {address.removeprefix("http://testserver") for address in found}
    for lang in LANGUAGES:
        assert {
            f"/{lang}/",
            f"/{lang}/interventions/leerbudget",
            f"/{lang}/schemes/regions",
        } <= paths
    assert "http://testserver/sitemap.xml" in client.get("/robots.txt").text
    sample = sorted(paths)[:: max(1, len(paths) // 60)]
    assert {path: client.get(path).status_code for path in sample} == dict.fromkeys(sample, 200)


def test_a_long_sitemap_is_in_parts(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    every = addresses(client.get("/sitemap.xml").text)
    monkeypatch.setattr(sitemap, "LARGEST", 50)
    parts = addresses(client.get("/sitemap.xml", headers={"If-None-Match": ""}).text)
    assert parts[0] == "http://testserver/sitemap-1.xml"
    together = [a for part in parts for a in addresses(client.get(part).text)]
    assert together == every
    for wrong in ("0", str(len(parts) + 1), "x", "9" * 30):
        assert client.get(f"/sitemap-{wrong}.xml").status_code == 404


def addresses(text: str) -> list[str]:
    """Return the addresses in a sitemap."""
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    return [str(loc.text) for loc in ET.fromstring(text).findall(".//s:loc", names)]
