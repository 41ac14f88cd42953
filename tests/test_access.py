"""Tokens: made once, kept as a hash, shut out at once."""

import json
import os
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from s4s_graph import access
from s4s_graph.access import AccessError, Register
from s4s_graph.cli import main


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "private/tokens.json"


def add(path: Path, name: str = "ada", scope: str = "all", days: int = 1) -> str:
    token = access.add(path, name, scope, days)
    assert token
    return token


def expire(path: Path) -> None:
    """Let everyone's time be over."""
    people = json.loads(path.read_text())
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    path.write_text(json.dumps([{**person, "expires": past} for person in people]))


def test_a_token_lets_its_person_in_and_nobody_else(path: Path) -> None:
    token = add(path, "ada", "holder:bond")
    register = Register(path)
    person = register.by_token(token)
    assert person
    assert (person.name, person.scope) == ("ada", "holder:bond")
    assert register.by_token(token, "ada") == person
    assert register.by_token(token, "bob") is None
    assert register.by_token(f"{token}x") is None
    assert register.by_token("") is None


def test_a_token_has_256_random_bits(path: Path) -> None:
    tokens = {add(path, name) for name in ("ada", "bob", "cleo")}
    assert len(tokens) == 3
    assert all(re.fullmatch(r"s4s_[\w-]{43}", token) for token in tokens)


def test_the_file_has_no_token_and_nobody_else_can_read_it(path: Path) -> None:
    token = add(path)
    text = path.read_text()
    assert token not in text
    assert token.removeprefix(access.START) not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {p.stat().st_mode & 0o077 for p in path.parent.iterdir()} == {0}


def test_a_file_that_others_may_read_is_refused(path: Path) -> None:
    add(path)
    register = Register(path)
    path.chmod(0o640)
    with pytest.raises(AccessError, match="mode 600"):
        register.by_name("ada")


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"name": "ada"}]', "null", "{}x"])
def test_a_broken_file_lets_nobody_in(path: Path, text: str) -> None:
    token = add(path)
    register = Register(path)
    path.write_text(text)
    with pytest.raises(AccessError, match="no file of `s4s token`"):
        register.by_token(token)


def test_who_was_revoked_is_out_at_once_and_may_come_back(path: Path) -> None:
    token = add(path)
    register = Register(path)
    assert register.by_token(token)
    access.revoke(path, "ada")
    assert register.by_token(token) is None
    assert register.by_name("ada") is None
    again = add(path)
    assert register.by_token(token) is None
    assert register.by_token(again)


def test_who_has_expired_is_out(path: Path) -> None:
    token = add(path)
    register = Register(path)
    expire(path)
    assert register.by_token(token) is None
    assert register.by_name("ada") is None
    assert add(path) != token


def test_when_the_file_is_gone_everyone_is_out(path: Path) -> None:
    token = add(path)
    register = Register(path)
    path.unlink()
    assert register.by_token(token) is None


def test_one_name_has_one_token(path: Path) -> None:
    add(path)
    with pytest.raises(AccessError, match="admitted already"):
        access.add(path, "ada", "all", 1)


def test_who_comes_by_proxy_has_no_token(path: Path) -> None:
    assert access.add(path, "ada", "all", 1, by_proxy=True) is None
    register = Register(path)
    assert register.by_name("ada")
    assert register.by_token("") is None
    assert register.by_token("None") is None


@pytest.mark.parametrize("name", ["", "a:b", "a\nb", "-x", "é", "x" * 65, "a b", '"'])
def test_a_name_is_fit_for_a_header_and_a_log(path: Path, name: str) -> None:
    with pytest.raises(AccessError, match="a name has at most"):
        access.add(path, name, "all", 1)


@pytest.mark.parametrize(
    "scope", ["", "holder", "holder:", "holder:../x", "holder:a/b", "ALL", "."]
)
def test_a_scope_is_all_or_one_holder(path: Path, scope: str) -> None:
    with pytest.raises(AccessError, match="give as scope"):
        access.add(path, "ada", scope, 1)


def test_a_scope_that_someone_wrote_in_the_file_is_no_way_out_of_the_folder(path: Path) -> None:
    add(path)
    path.write_text(path.read_text().replace('"all"', '"holder:../../x"'))
    with pytest.raises(AccessError, match="cannot be"):
        Register(path)


def test_when_many_are_added_at_the_same_time_nobody_is_lost(path: Path) -> None:
    names = [f"person{number}" for number in range(20)]
    threads = [Thread(target=add, args=(path, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [person.name for person in Register(path).people] == sorted(names)


def test_what_breaks_while_it_is_written_leaves_the_file_of_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = add(path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        access.add(path, "bob", "all", 1)
    assert Register(path).by_token(token)


def run(path: Path, *arguments: str) -> Result:
    environment = {"S4S_TOKENS": str(path), "LANG": "C", "LC_ALL": ""}
    return CliRunner().invoke(main, ["token", *arguments], env=environment)


def test_the_commands_add_list_and_revoke(path: Path) -> None:
    added = run(path, "add", "ada", "--scope", "holder:bond", "--days", "30")
    assert added.exit_code == 0, added.output
    token = added.stdout.strip()
    assert Register(path).by_token(token, "ada")
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    listed = run(path, "list")
    assert listed.stdout == f"ada  holder:bond  until {day}\n"
    assert token not in run(path, "list", "--json").stdout + listed.stdout
    assert "sha256" not in run(path, "list", "--json").stdout
    assert run(path, "revoke", "ada").exit_code == 0
    assert "revoked on" in run(path, "list", "--lang", "en").stdout
    assert "ingetrokken op" in run(path, "list", "--lang", "nl").stdout


def test_the_commands_say_what_is_wrong(path: Path) -> None:
    assert "not admitted" in run(path, "revoke", "ada").output
    assert "give as scope" in run(path, "add", "ada", "--scope", "x").output
    assert run(path, "add", "ada", "--scope", "all", "--days", "0").exit_code == 2
    assert run(path, "add", "ada", "--scope", "x").exit_code == 1
