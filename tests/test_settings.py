"""Settings: the defaults work, and what cannot work is refused with a sentence."""

from pathlib import Path

import pytest

from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings, SettingsError


def test_without_variables_the_settings_are_the_defaults() -> None:
    assert Settings.from_environment({"HOME": "/root", "PORT": "1"}) == Settings()


def test_the_default_folders_exist() -> None:
    settings = Settings()

    assert settings.base == BASE
    for folder in (settings.data, settings.ontology, settings.shapes):
        assert folder.is_dir(), folder


def test_each_variable_sets_its_setting() -> None:
    settings = Settings.from_environment(
        {
            "S4S_BASE": "https://data.example/s4s/",
            "S4S_DATA": "~/tables",
            "S4S_KEEP_RELEASES": "1",
            "S4S_QUERY_SECONDS": "2.5",
            "S4S_PORT": "0",
        }
    )

    assert settings.base == "https://data.example/s4s/"
    assert settings.data == Path.home() / "tables"
    assert (settings.keep_releases, settings.query_seconds, settings.port) == (1, 2.5, 0)


def test_a_switch_of_the_installation_is_not_a_setting_but_may_stay() -> None:
    assert Settings.from_environment({"S4S_SKIP_FRONTEND": "1"}) == Settings()


def test_the_look_and_the_statement_of_who_runs_the_site_are_settings(tmp_path: Path) -> None:
    (tmp_path / "house.css").touch()
    settings = Settings.from_environment(
        {
            "S4S_THEME_CSS": str(tmp_path / "house.css"),
            "S4S_THEME_CLASS": "house house--bright",
            "S4S_ORGANISATION": "Voorbeeld",
            "S4S_CONTACT": "https://example.org/contact",
        }
    )
    assert settings.theme_css == tmp_path / "house.css"
    assert settings.theme_class == "house house--bright"
    assert (settings.organisation, settings.contact) == ("Voorbeeld", "https://example.org/contact")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("S4S_BASE", "data.example", "S4S_BASE is 'data.example'; it must be a web address"),
        ("S4S_BASE", "https://data.example", "ends with a slash"),
        ("S4S_BASE", "https://data.example/#/", "it must be a web address"),
        ("S4S_DATA", " ", "S4S_DATA is empty; give it a value or leave the variable out"),
        ("S4S_WORKERS", "two", "S4S_WORKERS is 'two'; it must be a whole number of 1 or more"),
        ("S4S_WORKERS", "0", "it must be a whole number of 1 or more"),
        ("S4S_WORKERS", "1.5", "it must be a whole number of 1 or more"),
        ("S4S_LOG", "xml", "S4S_LOG is 'xml'; it must be text or json"),
        ("S4S_MONITORS", "here", "S4S_MONITORS is 'here'; it must be addresses or networks"),
        ("S4S_RATE_PAGES", "-1", "it must be a whole number of 0 or more"),
        ("S4S_QUERY_SECONDS", "nan", "it must be a number of 0.1 or more"),
        ("S4S_QUERY_SECONDS", "inf", "it must be a number of 0.1 or more"),
        ("S4S_PORT", "65536", "it must be a whole number from 0 to 65535"),
        ("S4S_WORKER", "2", "S4S_WORKER is not a setting; use one of S4S_BASE, "),
        ("S4S_THEME_CSS", "nowhere.css", "which is not a file; name a stylesheet"),
        ("S4S_THEME_CLASS", 'house"', "it must be one class name or several, with spaces"),
        ("S4S_CONTACT", "javascript:alert(1)", "it must be an e-mail address or a web address"),
        ("S4S_TRUSTED_PROXIES", "proxy.example", "it must be addresses or networks"),
        ("S4S_TRUSTED_PROXIES", "10.0.0.1/8", "it must be addresses or networks"),
        ("S4S_PROXY_USER_HEADER", "X User", "it must be the name of a header"),
        ("S4S_WITHOUT_TLS", "true", "it must be yes, or be left out"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({name: value})

    assert sentence in str(raised.value)
