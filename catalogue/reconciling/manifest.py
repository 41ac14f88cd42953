"""What a client reads first: what this service can do, and where."""

from catalogue.reconciling.asked import BATCH
from catalogue.reconciling.service import ROOT, Json, Service
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

WIDTH, HEIGHT = 420, 320  # of a preview, in pixels of CSS
NAME = Text("Skills4Skills (Nederlands)", "Skills4Skills (English)")
LIMIT = Text("Hoogste aantal waarden", "Most values")
LIMIT_HELP = Text("Per rij; 0 is alle.", "Of each row; 0 is all.")
CONTENT = Text("Wat te geven", "What to give")
CONTENT_HELP = Text("Van dingen: hun naam, of hun adres.", "Of things: their name, or address.")
CHOICES = {
    "name": Text("de naam, gekoppeld aan het ding", "the name, matched with the thing"),
    "id": Text("het adres (IRI)", "the address (IRI)"),
}


def manifest(service: Service) -> Json:
    """Return the manifest of an address, by the version that it speaks."""
    common = {
        "name": service.say(NAME),
        "defaultTypes": _types(service),
        "documentation": f"{service.site}{service.lang}/data#reconcile",
        "logo": f"{service.site}static/icon.svg",
        "serviceVersion": service.release.manifest.software.get("skills4skills", ""),
        "batchSize": BATCH,
    }
    return {**common, **(_draft(service) if service.draft else _final(service))}


def _final(service: Service) -> Json:
    root = f"{service.site}{service.lang}{ROOT}"
    return {
        "versions": ["0.2"],
        "identifierSpace": service.release.base,
        "schemaSpace": f"{STANDARD['skos']}Concept",
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {"url": f"{root}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            what: {
                "service_url": root,
                "service_path": f"/suggest/{what}",
                "flyout_service_path": f"/flyout/{what}?id=${{id}}",
            }
            for what in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/properties"},
            "property_settings": _settings(service, "name", "label", "help_text"),
        },
    }


def _draft(service: Service) -> Json:
    root = f"{service.site}{service.lang}{ROOT}"
    return {
        "versions": ["1.0-draft"],
        "lang": service.lang,
        "dir": "ltr",
        "standardizedScore": True,
        "view": {"url": f"{root}/view?id={{id}}"},
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": _settings(service, "id", "name", "helpText"),
        },
    }


def _types(service: Service) -> list[Json]:
    """Return the kinds to choose from: those with things that are no list of ours, skills first."""
    kinds = [
        kind
        for kind in service.directory.kinds.values()
        if (kind.form.class_iri if kind.form else kind.broader)
    ]
    kinds.sort(key=lambda kind: kind.form is None or kind.form.segment != "skill")
    return [{"id": kind.id, "name": service.say(kind.name)} for kind in kinds]


def _settings(service: Service, id_: str, name: str, help_: str) -> list[Json]:
    """Return what a client may set for a property, with the keys that its version has."""
    choices = [{"value": value, "name": service.say(text)} for value, text in CHOICES.items()]
    return [
        {
            id_: "limit",
            name: service.say(LIMIT),
            help_: service.say(LIMIT_HELP),
            "type": "number",
            "default": 0,
        },
        {
            id_: "content",
            name: service.say(CONTENT),
            help_: service.say(CONTENT_HELP),
            "type": "select",
            "default": "name",
            "choices": choices,
        },
    ]
