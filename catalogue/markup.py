"""Values and words as HTML, for what stands on a page hundreds of times.

The same as macros would say, but a macro costs ten times what a function does.
"""

from collections.abc import Callable, Mapping
from functools import cache
from gettext import NullTranslations

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from catalogue.rows import Shown

Filter = Callable[[Context, Shown], Markup]


def filters(words: NullTranslations) -> Mapping[str, Filter]:
    """Return how templates write a value.

    `said`: its text, with sources that it cites as links; `named`: a link to it, or else its text;
    `linked`: the same, external links and invented examples marked.
    """
    invented = Markup(' <span class="badge invented">{}</span>').format(
        words.gettext("Illustrative")
    )

    @pass_context
    def said(context: Context, value: Shown) -> Markup:
        text: Markup = context["page"].cited(value.text)
        return Markup('<span lang="{}">{}</span>').format(value.lang, text) if value.lang else text

    @pass_context
    def named(context: Context, value: Shown) -> Markup:
        return _link(value, "") if value.href else said(context, value)

    @pass_context
    def linked(context: Context, value: Shown) -> Markup:
        external = ' rel="external" class="external"' if value.external else ""
        found = _link(value, external) if value.href else said(context, value)
        return found + invented if value.illustrative else found

    return {"said": said, "named": named, "linked": linked}


def speaker(words: NullTranslations) -> Callable[..., Markup]:
    """Return what `_` is in templates: a text in the language of the page, with places filled in.

    A text is safe, since it is ours; what is filled in is escaped.
    """

    @cache
    def translated(text: str) -> Markup:
        return Markup(words.gettext(text))  # noqa: S704 - see above

    @cache
    def whole(text: str) -> Markup:
        return translated(text) % {}

    def speak(text: str, **places: object) -> Markup:
        return translated(text) % places if places else whole(text)

    return speak


def _link(value: Shown, more: str) -> Markup:
    lang = f' lang="{escape(value.lang)}"' if value.lang else ""
    return Markup(f'<a href="{escape(value.href)}"{more}{lang}>{escape(value.text)}</a>')  # noqa: S704 - escaped
