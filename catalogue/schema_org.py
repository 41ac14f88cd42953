"""What search engines read of a page: the thing it is about in the words of schema.org."""

import json
from typing import Any

from markupsafe import Markup

from catalogue.items import Item
from catalogue.page import Page
from s4s_graph.dataset import LICENCE

# Inside a script only "<" can end it, or begin a comment in it; JSON can write it otherwise.
SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def described(page: Page, item: Item) -> Markup:
    """Return a page of a thing as JSON-LD, ready to stand in a script element.

    Every kind of thing is a schema:Thing; which kind says its class in our own ontology.
    """
    thing: dict[str, Any] = {
        "@type": "Thing",
        "@id": item.record.iri,
        "name": item.name.text,
    }
    if item.record.form.class_iri:
        thing["additionalType"] = item.record.form.class_iri
    if item.lead and item.lead.values:
        thing["description"] = " ".join(value.text for value in item.lead.values)
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "name": item.name.text,
            "inLanguage": page.lang,
            "version": page.release.id,
            "license": LICENCE,
            "isPartOf": {
                "@type": "Dataset",
                "@id": f"{page.release.base}dataset",
                "name": "Skills4Skills",
                "license": LICENCE,
            },
            "about": thing,
        }
    )


def _script(content: object) -> Markup:
    text = json.dumps(content, ensure_ascii=False)
    for letter, written in SAFE.items():
        text = text.replace(letter, written)
    return Markup(text)  # noqa: S704 - nothing in it can end the script
