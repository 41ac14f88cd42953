"""The examples of how to run the site: they name what there is, and forbid what they should."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

from s4s_graph.cli import main
from s4s_graph.settings import PACKAGE, Settings

DEPLOY = PACKAGE / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
NGINX = sorted(DEPLOY.glob("nginx*.conf"))
HARDENING = DEPLOY / "systemd/skills4skills-.service.d/hardening.conf"
PROGRAM = "/opt/skills4skills/bin/s4s"
EXPOSED = 20  # of 100, as systemd weighs what a unit may do
OVERWRITTEN = ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded")


def wanted(program: str) -> str:
    """Return where a program is, or skip the test."""
    # Debian keeps some for the administrator.
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def read(unit: Path) -> list[tuple[str, str]]:
    """Return the settings of a unit or a drop-in, in their order."""
    lines = [line for line in unit.read_text("utf-8").splitlines() if line and line[0] not in "#["]
    return [(key, value) for key, equals, value in (line.partition("=") for line in lines)]


def environment() -> dict[str, str]:
    lines = (DEPLOY / "skills4skills.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_all_examples_are_here_and_in_the_readme() -> None:
    assert len(UNITS) == 3
    assert len(NGINX) == 2
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in (p for p in DEPLOY.rglob("*") if p.is_file()):
        folder = path.parent if path.parent == HARDENING.parent else path
        assert folder.name in readme, path


def test_the_settings_are_settings() -> None:
    settings = Settings.from_environment(environment())
    assert settings.releases != settings.restricted_releases
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    Settings.from_environment(dict(re.findall(r"(S4S_\w+)=(\S+)", container)))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_commands_are_commands(unit: Path) -> None:
    program, *arguments = dict(read(unit))["ExecStart"].split()
    assert program == PROGRAM
    done = CliRunner().invoke(main, [*arguments, "--help"])
    assert done.exit_code == 0, done.output
    # With --help an option that is unknown is still refused, a value of another kind is not.
    assert all(word.lstrip("-").isalnum() for word in arguments)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_may_do_little(unit: Path) -> None:
    given = read(HARDENING) + read(unit)
    told = dict(given)
    for key in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectClock",
                "ProtectKernelModules", "ProtectKernelTunables", "RestrictSUIDSGID",
                "MemoryDenyWriteExecute", "LockPersonality"):  # fmt: skip
        assert told[key] == "yes", key
    assert told["ProtectSystem"] == "strict"
    assert told["CapabilityBoundingSet"] == told["AmbientCapabilities"] == ""
    assert (told["IPAddressDeny"], told["IPAddressAllow"]) == ("any", "localhost")
    assert ("SystemCallFilter", "@system-service") in given
    assert told["MemoryMax"].endswith("G")
    assert "DynamicUser" in told or told["User"] == "skills4skills"
    # A drop-in is read after the unit: what both say would be what the drop-in says.
    repeated = dict(read(HARDENING)).keys() & dict(read(unit)).keys()
    assert repeated == set()


def test_the_public_site_sees_the_public_releases_only() -> None:
    public = read(next(unit for unit in UNITS if unit.stem.endswith("-site")))
    assert ("DynamicUser", "yes") in public
    assert ("TemporaryFileSystem", "/var/lib:ro") in public
    assert [value for key, value in public if key.startswith("Bind")] == [
        environment()["S4S_RELEASES"]
    ]
    assert not [key for key, _ in public if key.startswith("ReadWrite")]


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units with a program that is there."""
    folder = shutil.copytree(DEPLOY / "systemd", tmp_path / "systemd")
    for unit in folder.glob("*.service"):
        unit.write_text(unit.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    return sorted(folder.glob("*.service"))


def test_systemd_finds_nothing_wrong_and_little_exposed(units: list[Path]) -> None:
    analyze = wanted("systemd-analyze")
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for unit in units:
        command = [analyze, "security", "--offline=true", f"--threshold={EXPOSED}", unit]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("conf", NGINX, ids=lambda conf: conf.stem)
def test_nginx_bounds_the_slow_and_overwrites_what_clients_say(conf: Path) -> None:
    text = conf.read_text("utf-8")
    for name in OVERWRITTEN:
        assert re.search(rf"proxy_set_header {name} [$\"]", text), name
    for limit in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert re.search(rf"{limit} \d+s;", text), limit
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    # A request as large as the site takes has to get through.
    assert f"client_max_body_size {Settings().request_bytes // 10**6}m;" in text
    settings = Settings()
    waiting = re.search(r"proxy_read_timeout (\d+)s", text)
    assert waiting
    assert int(waiting[1]) > settings.queue_seconds + settings.query_seconds


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    nginx, openssl = wanted("nginx"), wanted("openssl")
    pem = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*made, *pem], check=True, capture_output=True)
    for conf in NGINX:
        text = conf.read_text("utf-8").replace("/etc/ssl/skills4skills", str(tmp_path))
        # Whoever runs the tests need not be allowed to listen where the web does.
        text = text.replace("listen 80;", "listen 127.0.0.1:8080;")
        text = text.replace("listen 443 ", "listen 127.0.0.1:8443 ")
        text = re.sub(r" *listen \[::\].*\n", "", text)
        (tmp_path / conf.name).write_text(text, "utf-8")
    whole = tmp_path / "whole.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/nginx*.conf; }}\n",
        "utf-8",
    )
    done = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_caddy_takes_the_configuration(tmp_path: Path) -> None:
    command = [wanted("caddy"), "validate", "--adapter", "caddyfile", "--config"]
    done = subprocess.run(
        [*command, DEPLOY / "Caddyfile"],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr


def test_the_container_takes_what_is_locked_and_runs_as_nobody_in_particular() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "--require-hashes -r /made/requirements.lock" in text
    assert "ADD " not in text
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
    assert copied == ["requirements.lock dist/skills4skills-*.whl"]
    assert text.index("\nUSER skills4skills") < text.index("\nENTRYPOINT")
    assert f'ENTRYPOINT ["{PROGRAM}"]' in text
    for option in ("--read-only", "--cap-drop all", "no-new-privileges", "--memory", "--internal"):
        assert option in text
