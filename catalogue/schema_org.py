"""What search engines read of a page: the thing it is about in the words of schema.org."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from catalogue.citing import Citation
from catalogue.page import Page
from catalogue.things.items import Item
from s4s_graph.dataset import LICENCE

if TYPE_CHECKING:
    from catalogue.downloading import Download

# What schema.org has a narrower type for than Thing, by table.
TYPES = {
    "organisations": "Organization",
    "skills": "DefinedTerm",
    "sources": "CreativeWork",
    "studies": "CreativeWork",
}
# What a field of ours is called there.
SAME = {"homepage": "url", "page": "url", "exactMatch": "sameAs"}
# Inside a script only "<" can end it, or begin a comment in it; JSON can write it otherwise.
SAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def described(page: Page, item: Item) -> Markup:
    """Return a page of a thing as JSON-LD, ready to stand in a script element.

    Every kind of thing is at least a schema:Thing; which kind says its class in our own ontology.
    """
    thing: dict[str, Any] = {
        "@type": TYPES.get(item.record.form.table, "Thing"),
        "@id": item.record.iri,
        "name": item.name.text,
    }
    if item.record.form.class_iri:
        thing["additionalType"] = item.record.form.class_iri
    if item.lead and item.lead.values:
        thing["description"] = " ".join(value.text for value in item.lead.values)
    for field, name in SAME.items():
        if said := [term.value for term in item.record.values.get(field, ())]:
            thing[name] = said[0] if len(said) == 1 else said
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


def dataset(page: Page, cite: Citation, about: str, downloads: "Iterable[Download]") -> Markup:
    """Return the whole of the data as JSON-LD, ready to stand in a script element."""
    site = str(page.request.base_url)
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": f"{page.release.base}dataset",
            "name": cite.title,
            "description": about,
            "url": f"{site}{page.lang}/data",
            "license": LICENCE,
            "version": cite.release,
            "dateModified": cite.issued.isoformat(),
            "inLanguage": ["nl", "en"],
            "isAccessibleForFree": True,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": download.format,
                    "contentUrl": f"{site}dump/{download.name}",
                    "encodingFormat": download.media_type,
                    "contentSize": f"{download.file.bytes} B",
                    "sha256": download.file.sha256,
                }
                for download in downloads
            ],
        }
    )


def _script(content: object) -> Markup:
    text = json.dumps(content, ensure_ascii=False)
    for letter, written in SAFE.items():
        text = text.replace(letter, written)
    return Markup(text)  # noqa: S704 - nothing in it can end the script
