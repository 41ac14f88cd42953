"""Who comes in to the restricted site, over which road, and where it does not start."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalogue.restricted import site
from catalogue.restricted.attempts import MOST, SECONDS, Attempts
from catalogue.restricted.door import StartError
from s4s_graph import access
from s4s_graph.cli import main
from s4s_graph.settings import Settings
from tests.confidential import Confidential
from tests.researchers import (
    EVERYWHERE,
    FAR,
    NEAR,
    PAGE,
    PROXY,
    Visit,
    basic,
    bearer,
    own,
    token,
    visits,
)


@pytest.fixture
def settings(sealed: Confidential, tmp_path: Path) -> Settings:
    return own(sealed.settings, tmp_path)


@pytest.fixture
def visit(settings: Settings) -> Iterator[Visit]:
    with visits(settings) as opened:
        yield opened


def test_nobody_comes_in_without_a_token(visit: Visit, settings: Settings) -> None:
    token(settings)
    client = visit()
    for path in (
        PAGE,
        "/",
        "/sparql?query=ASK%7B%7D",
        "/dump/skills4skills.nq",
        "/nothing",
        "/api",
    ):
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith('Basic realm="Skills4Skills"')
        assert answer.headers["cache-control"] == "no-store"
        assert "bedrijf" not in answer.text
    assert settings.audit_log.read_text(encoding="utf-8") == ""


def test_a_token_is_a_password_or_a_bearer_token(visit: Visit, settings: Settings) -> None:
    value = token(settings)
    client = visit()
    assert client.get(PAGE, headers=basic("ada", value)).status_code == 200
    assert client.get(PAGE, headers=bearer(value)).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer s4s_x"},
        {"Authorization": "Basic !!"},
        {"Authorization": "Basic YWRh"},
        {"Authorization": "Digest x"},
        {"Authorization": ""},
        basic("ada", "x"),
        {"Authorization": "Basic /////w=="},
    ],
)
def test_anything_else_is_none(visit: Visit, settings: Settings, given: dict[str, str]) -> None:
    token(settings)
    assert visit().get(PAGE, headers=given).status_code == 401


def test_the_name_has_to_be_that_of_the_token(visit: Visit, settings: Settings) -> None:
    value = token(settings)
    assert visit().get(PAGE, headers=basic("bob", value)).status_code == 401


def test_who_is_revoked_is_out_with_the_next_request(visit: Visit, settings: Settings) -> None:
    value = token(settings)
    client = visit()
    assert client.get(PAGE, headers=bearer(value)).status_code == 200
    access.revoke(settings.tokens, "ada")
    assert client.get(PAGE, headers=bearer(value)).status_code == 401


def test_nobody_is_let_in_while_others_may_read_the_tokens(
    visit: Visit, settings: Settings
) -> None:
    value = token(settings)
    client = visit()
    settings.tokens.chmod(0o644)
    answer = client.get(PAGE, headers=bearer(value))
    assert answer.status_code == 503
    assert "bedrijf" not in answer.text


def test_a_page_elsewhere_cannot_ask_in_the_name_of_a_reader(
    visit: Visit, settings: Settings
) -> None:
    client, headers = visit(), bearer(token(settings))
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert client.get(PAGE, headers={**headers, **embedded}).status_code == 403
    assert client.get(PAGE, headers={**headers, **followed}).status_code == 200
    assert client.post("/sparql", headers={**headers, **followed}).status_code == 403


def test_who_fails_often_has_to_wait(visit: Visit, settings: Settings) -> None:
    value = token(settings)
    client = visit()
    statuses = [client.get(PAGE, headers=bearer("x")).status_code for _ in range(MOST + 1)]
    assert statuses == [*([401] * MOST), 429]
    refused = client.get(PAGE, headers=bearer(value))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= SECONDS + 1


def test_a_minute_later_an_address_may_try_again_and_others_could_all_along() -> None:
    now = 0.0
    attempts = Attempts(lambda: now)
    for _ in range(MOST):
        attempts.failed("2001:db8::1")
    assert attempts.wait("2001:db8::ffff") == SECONDS  # one subscriber has them all
    assert attempts.wait("2001:db8:1::1") == attempts.wait("192.0.2.1") == 0
    now = SECONDS
    assert attempts.wait("2001:db8::1") == 0


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "example.org"])
def test_it_does_not_start_where_tokens_would_cross_a_network_in_plain_text(
    settings: Settings, host: str
) -> None:
    with pytest.raises(StartError, match="S4S_TRUSTED_PROXIES"):
        site.create(settings, host)
    assert site.create(replace(settings, without_tls="yes"), host)
    assert site.create(replace(settings, trusted_proxies=PROXY), host)


def test_it_does_not_start_when_anyone_could_say_who_they_are(settings: Settings) -> None:
    with pytest.raises(StartError, match="S4S_PROXY_USER_HEADER"):
        site.create(replace(settings, proxy_user_header="X-User"), NEAR)


def test_it_does_not_start_without_a_log(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="S4S_AUDIT_LOG"):
        site.create(replace(settings, audit_log=tmp_path / "file/audit"), NEAR)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (PROXY, {"X-Forwarded-For": FAR, "X-Forwarded-Proto": "https"}, 200),
        (PROXY, {"X-Forwarded-For": FAR, "X-Forwarded-Proto": "http"}, 403),
        (PROXY, {"X-Forwarded-For": FAR}, 403),
        (PROXY, {}, 403),
        (FAR, {}, 403),
        (FAR, {"X-Forwarded-For": NEAR, "X-Forwarded-Proto": "https"}, 403),
        (NEAR, {}, 200),
        (NEAR, {"X-Forwarded-For": FAR}, 403),
    ],
)
def test_a_token_is_taken_over_tls_or_on_this_computer_only(
    visit: Visit, settings: Settings, address: str, headers: dict[str, str], status: int
) -> None:
    client = visit(address, EVERYWHERE, trusted_proxies="10.0.0.0/8")
    given = {**bearer(token(settings)), **headers}
    assert client.get(PAGE, headers=given).status_code == status


def proxied(user: str | None = None, **more: str) -> list[tuple[str, str]]:
    headers = [("X-Forwarded-For", FAR), ("X-Forwarded-Proto", "https"), *more.items()]
    return [*headers, ("X-User", user)] if user else headers


def test_a_trusted_proxy_says_who_its_user_is(visit: Visit, settings: Settings) -> None:
    access.add(settings.tokens, "ada", "all", 1, by_proxy=True)
    client = visit(PROXY, trusted_proxies=PROXY, proxy_user_header="X-User")
    assert client.get(PAGE, headers=proxied("ada")).status_code == 200
    assert client.get(PAGE, headers=proxied("bob")).status_code == 403
    assert client.get(PAGE, headers=proxied()).status_code == 401
    assert client.get(PAGE, headers=[*proxied("bob"), ("X-User", "ada")]).status_code == 403
    assert client.get(PAGE, headers=[*proxied("ada"), ("X-User", "bob")]).status_code == 403
    access.revoke(settings.tokens, "ada")
    assert client.get(PAGE, headers=proxied("ada")).status_code == 403


@pytest.mark.parametrize("address", [FAR, NEAR])
def test_nobody_else_says_who_they_are(visit: Visit, settings: Settings, address: str) -> None:
    access.add(settings.tokens, "ada", "all", 1, by_proxy=True)
    client = visit(address, trusted_proxies=PROXY, proxy_user_header="X-User")
    assert client.get(PAGE, headers={"X-User": "ada"}).status_code in {401, 403}


def test_failures_are_those_of_the_client_and_not_of_the_proxy(
    visit: Visit, settings: Settings
) -> None:
    value = token(settings)
    client = visit(PROXY, trusted_proxies=PROXY)
    for number in range(MOST):
        # What stands before the client's own address anyone can write.
        forged = [("X-Forwarded-For", f"203.0.113.{number}, {FAR}"), ("X-Forwarded-Proto", "https")]
        client.get(PAGE, headers=[*forged, *bearer("x").items()])
    assert client.get(PAGE, headers=[*proxied(), *bearer(value).items()]).status_code == 429
    other = {"X-Forwarded-For": "192.0.2.8", "X-Forwarded-Proto": "https", **bearer(value)}
    assert client.get(PAGE, headers=other).status_code == 200


def serve(settings: Settings, *options: str, **variables: str) -> Result:
    environment = {
        "S4S_RESTRICTED_RELEASES": str(settings.restricted_releases),
        "S4S_TOKENS": str(settings.tokens),
        "S4S_AUDIT_LOG": str(settings.audit_log),
        "LANG": "C",
        "LC_ALL": "",
    }
    arguments = ["serve", "--restricted", *options]
    return CliRunner().invoke(main, arguments, env=environment | variables)


def test_the_command_says_why_it_does_not_start(settings: Settings, tmp_path: Path) -> None:
    exposed = serve(settings, "--host", EVERYWHERE)
    assert (exposed.exit_code, "S4S_WITHOUT_TLS=yes" in exposed.output) == (1, True)
    settings.tokens.touch(0o644)
    assert "give the file mode 600" in serve(settings).output
    unmade = serve(settings, S4S_RESTRICTED_RELEASES=str(tmp_path / "none"))
    assert "run `s4s build --restricted`" in unmade.output
    (tmp_path / "x.ttl").touch()
    assert serve(settings, "--file", str(tmp_path / "x.ttl")).exit_code == 2
