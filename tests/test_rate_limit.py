"""Who asks too often is told to wait, and nobody else is."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from catalogue import app
from catalogue.operating import rate
from catalogue.operating.caller import subscriber
from catalogue.operating.rate import Buckets
from s4s_graph.settings import Settings
from tests.researchers import FAR, NEAR, PROXY

Visit = Callable[..., TestClient]


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def visit(tiny_release: Path) -> Iterator[Visit]:
    with ExitStack() as stack:

        def opened(address: str = FAR, **changed: Any) -> TestClient:
            settings = replace(Settings(), releases=tiny_release.parent, workers=1, rate_pages=6)
            site = TestClient(
                app.create(replace(settings, **changed)),
                client=(address, 1),
                follow_redirects=False,
            )
            return stack.enter_context(site)

        yield opened


def statuses(client: TestClient, path: str, times: int, **headers: str) -> list[int]:
    """Return the statuses of as many requests."""
    return [client.get(path, headers=headers).status_code for _ in range(times)]


def test_a_client_has_half_a_minutes_requests_at_once_and_the_rest_over_time() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    assert [buckets.take("a") for _ in range(30)] == [0.0] * 30
    assert buckets.take("a") == pytest.approx(1.0)
    clock.now += 1
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    clock.now += 3600
    assert [buckets.take("a") for _ in range(31)].count(0.0) == 30


def test_one_client_takes_nothing_from_another() -> None:
    buckets = Buckets(2, Clock())
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    assert buckets.take("b") == 0.0


def test_only_so_many_clients_are_remembered() -> None:
    buckets = Buckets(2, Clock())
    for number in range(rate.REMEMBERED + 50):
        buckets.take(str(number))
    assert len(buckets._buckets) == rate.REMEMBERED
    assert buckets.take("0") == 0.0


def test_addresses_of_one_subscriber_are_one_client() -> None:
    assert subscriber("2001:db8:0:1::1") == subscriber("2001:db8:0:1:ffff::2")
    assert subscriber("2001:db8:0:1::1") != subscriber("2001:db8:0:2::1")
    assert subscriber("192.0.2.1") != subscriber("192.0.2.2")


@pytest.mark.parametrize(
    ("lang", "sentence"), [("nl", "vaker gevraagd"), ("en", "asks more often")]
)
def test_a_page_says_when_to_come_back(visit: Visit, lang: str, sentence: str) -> None:
    client = visit()
    assert statuses(client, f"/{lang}/", 3) == [200] * 3
    answer = client.get(f"/{lang}/")
    assert answer.status_code == 429
    assert sentence in answer.text
    assert answer.headers["Content-Language"] == lang
    assert 1 <= int(answer.headers["Retry-After"]) <= 11
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"]


def test_what_a_page_needs_and_what_tells_of_the_site_is_free(visit: Visit) -> None:
    client = visit()
    statuses(client, "/nl/", 4)
    for path in ("/static/site.css", "/theme.css", "/-/health"):
        assert statuses(client, path, 20) == [200] * 20


def test_programs_may_ask_more_often_and_are_told_in_their_own_way(visit: Visit) -> None:
    client = visit(rate_programs=20)
    statuses(client, "/nl/", 4)
    assert statuses(client, "/api/v1/questions", 5) == [200] * 5
    assert statuses(client, "/sparql?query=ASK%7B%7D", 5) == [200] * 5
    problem = client.get("/api/v1/questions")
    assert problem.status_code == 429
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["detail"].startswith("Your address asks more often")
    assert problem.headers["Access-Control-Allow-Origin"] == "*"
    text = client.get("/sparql?query=ASK%7B%7D")
    assert text.status_code == 429
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.headers["Access-Control-Allow-Origin"] == "*"
    assert int(text.headers["Retry-After"]) >= 1


def test_nothing_is_limited_where_that_is_switched_off(visit: Visit) -> None:
    client = visit(rate_programs=0)
    assert set(statuses(client, "/api/v1/questions", 50)) == {200}


def test_a_reader_on_this_computer_is_not_limited(visit: Visit) -> None:
    assert set(statuses(visit(NEAR), "/nl/", 10)) == {200}


def test_behind_a_trusted_proxy_each_client_is_one(visit: Visit) -> None:
    client = visit(PROXY, trusted_proxies=PROXY)
    assert statuses(client, "/nl/", 4, **{"X-Forwarded-For": FAR})[-1] == 429
    assert statuses(client, "/nl/", 1, **{"X-Forwarded-For": "192.0.2.8"}) == [200]


def test_who_writes_another_address_gains_nothing(visit: Visit) -> None:
    client = visit(FAR, trusted_proxies=PROXY)
    found = [
        client.get("/nl/", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(4)
    ]
    assert found == [200, 200, 200, 429]


def test_through_a_proxy_the_address_before_it_counts_and_not_what_stands_before_that(
    visit: Visit,
) -> None:
    client = visit(PROXY, trusted_proxies=PROXY)
    found = [
        client.get("/nl/", headers={"X-Forwarded-For": f"10.0.0.{number}, {FAR}"}).status_code
        for number in range(4)
    ]
    assert found[-1] == 429
