"""The commands about coherence: `s4s coherence`, `s4s route`, `s4s improve`.

The first and the last read what the build computed; a route is searched for when it is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from typing import get_args

import click

from s4s_graph import release
from s4s_graph.coherence.improvements import Gain, Improvement
from s4s_graph.coherence.model import Company, Level, World, valid
from s4s_graph.coherence.read import slug
from s4s_graph.coherence.routes import By, routes
from s4s_graph.coherence.summary import LEVELS, Report, Summary
from s4s_graph.coherence.view import View
from s4s_graph.coherence_text import Speaker, say_improvements, say_report, say_routes
from s4s_graph.forms import Text
from s4s_graph.options import current, json_option, lang_option
from s4s_graph.settings import Settings
from s4s_graph.store import Store

_level = click.option(
    "--level",
    type=click.Choice(LEVELS),
    default=LEVELS[0],
    help="Between interventions, or between their kinds.",
)


@click.command("coherence")
@click.option("--year", type=int, help="As it was in one year; else all years together.")
@_level
@json_option
@lang_option
@click.pass_obj
def coherence_command(
    settings: Settings, year: int | None, level: Level, as_json: bool, lang: str
) -> None:
    """Say how coherent things are: six indicators, and what was counted.

    Example: s4s coherence --year 2025 --level kinds
    """
    speaker, summary = _opened(settings, lang)
    report = summary.report(year, level)
    if report is None:
        raise click.UsageError(_unknown_year(year, summary).of(lang))
    if as_json:
        speaker.document(_report_document(report), ())
    else:
        say_report(report, speaker)


@click.command("improve")
@_level
@click.option("--most", type=click.IntRange(1), default=20, help="How many to list.")
@json_option
@lang_option
@click.pass_obj
def improve_command(settings: Settings, level: Level, most: int, as_json: bool, lang: str) -> None:
    """List what would improve coherence most, the most valuable first.

    Example: s4s improve --most 5 --lang nl
    """
    speaker, summary = _opened(settings, lang)
    found = summary.improvements[level][:most]
    if as_json:
        documents = [_improvement_document(item) for item in found]
        speaker.document({"level": level, "improvements": documents}, _things(found))
    elif found:
        say_improvements(found, speaker)
    else:
        speaker.say(_NOTHING)


@click.command("route")
@click.option("--company", required=True, metavar="ID", help="The id of a company.")
@click.option("--goal", required=True, metavar="ID", help="The id of a policy goal or condition.")
@click.option(
    "--by", type=click.Choice(get_args(By)), default="number", help="What a route is to spare."
)
@json_option
@lang_option
@click.pass_obj
def route_command(
    settings: Settings, company: str, goal: str, by: By, as_json: bool, lang: str
) -> None:
    """Search which interventions, in which order, bring a company to a goal.

    Example: s4s route --company bedrijf-01 --goal skills-are-visible --by number
    """
    speaker = _speaker(settings, lang)
    world = valid(speaker.reader.world(), None)
    start = _company(world, company, lang)
    wanted = _goal(world, goal, lang)
    found = routes(View(world, "interventions"), start, wanted, by)
    if as_json:
        content = {"company": start.id, "by": by, **asdict(found)}
        invented = bool(speaker.invented & {start.id, *_named(content)})
        things = (name for name in _named(content) if name.startswith(speaker.base))
        speaker.document({**content, "illustrative": invented}, things)
    else:
        say_routes(start.id, found, speaker)


def _speaker(settings: Settings, lang: str) -> Speaker:
    folder = current(settings, lang)
    base = release.read_manifest(folder / release.MANIFEST).base
    # From disk: to load a release takes longer than the few questions of one command.
    return Speaker(Store.open(folder, memory_quads=0), base, lang)


def _opened(settings: Settings, lang: str) -> tuple[Speaker, Summary]:
    path = current(settings, lang) / release.COHERENCE
    try:
        summary = Summary.from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = Text(
            nl=f"{path} is er niet of is van een andere versie; draai `s4s build` opnieuw",
            en=f"{path} is not there or of another version; run `s4s build` again",
        )
        raise click.ClickException(message.of(lang)) from error
    return _speaker(settings, lang), summary


def _company(world: World, name: str, lang: str) -> Company:
    known = {slug(iri): company for iri, company in world.companies.items()}
    if name not in known:
        raise click.UsageError(_unknown(Text("bedrijf", "company"), name, known).of(lang))
    return known[name]


def _goal(world: World, name: str, lang: str) -> str:
    # A policy goal before a condition that has the same id.
    known = {slug(iri): iri for iri in (*world.conditions, *world.goals)}
    if name not in known:
        raise click.UsageError(_unknown(Text("doel", "goal"), name, known).of(lang))
    return known[name]


def _unknown(what: Text, name: str, known: Mapping[str, object]) -> Text:
    near = ", ".join(get_close_matches(name, known, n=3))
    return Text(
        nl=f"er is geen {what.nl} '{name}'" + (f"; bedoelt u {near}?" if near else ""),
        en=f"there is no {what.en} '{name}'" + (f"; did you mean {near}?" if near else ""),
    )


def _unknown_year(year: int | None, summary: Summary) -> Text:
    years = ", ".join(sorted({str(item.year) for item in summary.reports if item.year}))
    if not years:
        return Text(
            nl=f"van {year} is niets bekend; laat --year weg",
            en=f"nothing is known of {year}; leave --year out",
        )
    return Text(
        nl=f"van {year} is niets bekend; kies een van {years}",
        en=f"nothing is known of {year}; choose one of {years}",
    )


def _report_document(report: Report) -> dict[str, object]:
    shares = {
        name: {
            "numerator": share.n,
            "denominator": share.d,
            "value": share.value,
            "illustrative": name in report.invented,
        }
        for name, share in report.indicators.items()
    }
    return {
        "year": report.year,
        "level": report.level,
        "illustrative": report.illustrative,
        "indicators": shares,
        "counts": report.counts,
    }


def _improvement_document(item: Improvement) -> dict[str, object]:
    gains = {"opens": _gain_document(item.opens), "protects": _gain_document(item.protects)}
    return {name: gains.get(name, value) for name, value in vars(item).items()}


def _gain_document(gain: Gain) -> dict[str, object]:
    return {
        "pairs": len(gain),
        "companies": len(gain.companies),
        "by_condition": {condition: gain.count(condition) for condition in gain.conditions},
    }


def _things(found: tuple[Improvement, ...]) -> Iterator[str]:
    for item in found:
        yield from (*item.givers, *item.takers, *item.companies, *item.configurations)
        yield from (*item.opens.conditions, *item.protects.conditions)
        if item.condition:
            yield item.condition


def _named(content: object) -> Iterator[str]:
    """Yield the text of every value, however deep, among which are the things it names."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _named(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _named(value)


_NOTHING = Text("er is niets gevonden om te verbeteren", "nothing was found to improve")
