"""The stored questions as a gallery: by how much of the whole they look at, and searched."""

from collections.abc import Iterable, Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue.page import OnPage
from s4s_graph.questions import Question
from s4s_graph.search.words import fold

LEVELS = ("micro", "meso", "macro")
OTHER = "other"

router = APIRouter()


@router.get("/{lang}/questions")
def questions(page: OnPage, q: str = "") -> Response:
    """Every question, or those with some words, from one intervention to the whole."""
    q = q.strip()
    shown = found(page.release.questions.values(), q, [page.lang])
    return page.html("questions.html", q=q, count=len(shown), levels=grouped(shown))


def grouped(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """Return the questions by level, those about one intervention first, those of none last."""
    levels = [(level, [item for item in questions if level in item.tags]) for level in LEVELS]
    others = [item for item in questions if not set(LEVELS) & set(item.tags)]
    return [*levels, (OTHER, others)]


def found(questions: Iterable[Question], text: str, langs: Sequence[str]) -> list[Question]:
    """Return the questions in whose words, in these languages, each word of a text occurs."""
    words = fold(text).split()
    return [item for item in questions if all(word in _said(item, langs) for word in words)]


def _said(question: Question, langs: Sequence[str]) -> str:
    texts = [question.title, question.why, *question.columns.values()]
    said = [text.of(lang) for text in texts for lang in langs]
    return fold(" ".join((question.name, *question.tags, *said)))
