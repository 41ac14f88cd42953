"""The command that answers stored questions: `s4s ask`."""

import glob
from collections.abc import Collection, Mapping
from difflib import get_close_matches

import click

from s4s_graph import answers, questions, release, steering
from s4s_graph.answers import Sheet
from s4s_graph.engines import opening
from s4s_graph.forms import Forms, FormsError, Text
from s4s_graph.options import asking, current, lang_option
from s4s_graph.questions import Question, QuestionError, ValueRefusedError
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, Store, Term

_INVENTED = "SELECT ?thing WHERE { ?thing s4s:dataStatus data-status:illustrative }"


def _names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the questions that a shell can complete a word to."""
    folder = Settings.from_environment().ontology / "questions"
    return sorted(path.stem for path in folder.glob(f"{glob.escape(incomplete)}*.rq"))


@click.command("ask")
@click.argument("name", required=False, shell_complete=_names)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    help="How to print the answer.",
)
@lang_option
@click.pass_obj
def ask_command(
    settings: Settings, name: str | None, params: tuple[str, ...], form: str, lang: str
) -> None:
    """Answer a stored question; without NAME, list them.

    Example: s4s ask gaps --lang nl --format csv
    """
    folder = current(settings, lang)
    try:
        forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
        known = questions.load(settings.ontology / "questions", forms)
    except (FormsError, QuestionError) as error:
        raise click.ClickException(str(error)) from error
    if name is None:
        click.echo(_listed(known.values(), lang), nl=False)
        return
    if name not in known:
        raise click.UsageError(_unknown_question(name, known).of(lang))
    try:
        bound = known[name].bind(_pairs(params, lang), lang, settings.base)
    except ValueRefusedError as error:
        raise click.UsageError(error.sentence.of(lang)) from error
    with asking(lang):
        store = opening.store(folder, settings, opening.elsewhere(folder, settings))
        sheet = _sheet(store, known[name], bound, lang)
    click.echo(steering.for_stdout(_written(sheet, known[name], form, lang)), nl=False)


def _pairs(params: tuple[str, ...], lang: str) -> dict[str, str]:
    pairs = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals:
            message = Text(
                nl=f"'{param}' is geen naam=waarde, zoals sector=nace-25",
                en=f"'{param}' is not name=value, such as sector=nace-25",
            )
            raise click.UsageError(message.of(lang))
        pairs[name] = value
    return pairs


def _listed(known: Collection[Question], lang: str) -> str:
    width = max((len(question.name) for question in known), default=0)
    lines = (f"{question.name:{width}}  {question.title.of(lang)}\n" for question in known)
    return "".join(lines)


def _unknown_question(name: str, known: Mapping[str, Question]) -> Text:
    near = ", ".join(get_close_matches(name, known, n=3)) or ", ".join(known)
    return Text(
        nl=f"er is geen vraag '{name}'; bedoelt u {near}?",
        en=f"there is no question '{name}'; did you mean {near}?",
    )


def _written(sheet: Sheet, question: Question, form: str, lang: str) -> str:
    if form == "json":
        return answers.as_json(sheet, question=question.name, title=question.title.of(lang))
    return answers.as_csv(sheet) if form == "csv" else answers.as_table(sheet)


def _sheet(store: Store, question: Question, bound: Mapping[str, Term], lang: str) -> Sheet:
    answer = store.answer(question.text, **bound)
    columns = {name: heading.of(lang) for name, heading in question.columns.items()}
    places = [answer.columns.index(name) for name in columns]
    rows = [tuple(row[place] for place in places) for row in answer.rows]
    iris = {term.value for row in rows for term in row if isinstance(term, Iri)}
    invented = {row[0].value for row in store.answer(_INVENTED).rows if row[0]}
    return Sheet(columns, rows, store.labels(iris, lang), invented)
