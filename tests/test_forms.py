"""Forms, which the shapes make and nothing else."""

import shutil
from pathlib import Path

import pytest

from s4s_graph import forms
from s4s_graph.forms import Field, Form, Forms, FormsError, Text
from s4s_graph.namespaces import BASE

SHAPES = Path(__file__).parent.parent / "shapes"


@pytest.fixture(scope="module")
def shipped() -> Forms:
    return forms.read(SHAPES, BASE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shapes that a test may change."""
    return Path(shutil.copytree(SHAPES, tmp_path / "shapes"))


def edit(folder: Path, module: str, old: str, new: str) -> None:
    file = folder / f"{module}.ttl"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def form(found: Forms, segment: str) -> Form:
    form = found.by_segment(segment)
    assert form is not None
    return form


def field(found: Forms, segment: str, name: str) -> Field:
    return next(field for field in form(found, segment).fields if field.id == name)


def test_a_field_is_what_its_property_shape_says(shipped: Forms) -> None:
    assert field(shipped, "company", "sizeClass") == Field(
        id="sizeClass",
        shape=f"{BASE}shape#Company-sizeClass",
        path=f"{BASE}def#sizeClass",
        inverse=False,
        name=Text("grootteklasse", "size class"),
        help=Text(
            "Het aantal werkzame personen: 1-9, 10-49, 50-249 of 250-plus.",
            "The number of persons employed: 1-9, 10-49, 50-249 or 250-plus.",
        ),
        message=Text(
            "Kies precies één klasse uit de lijst size-classes.",
            "Choose exactly one class from the list size-classes.",
        ),
        kind="thing",
        languages=(),
        values=("size-class",),
        minimum=1,
        maximum=1,
        unique_language=False,
        datatype=None,
        constant=None,
        group="Content",
        order=1.0,
        severity="violation",
        disclosure="public",
        quasi_identifier=True,
        pattern=None,
    )


def test_columns_follow_groups_and_order(shipped: Forms) -> None:
    assert form(shipped, "version").columns() == (
        "id",
        "prefLabel_nl",
        "prefLabel_en",
        "versionNotes_nl",
        "versionNotes_en",
        "year",
        "costPerParticipant",
        "hoursPerParticipant",
        "wasInfluencedBy",
        "versionOf",
        "wasRevisionOf",
        "source",
        "dataStatus",
        "disclosure",
    )


@pytest.mark.parametrize(
    ("segment", "name", "kind"),
    [
        ("intervention", "prefLabel", "text"),
        ("organisation", "prefLabel", "string"),
        ("finding", "rigour", "integer"),
        ("version", "costPerParticipant", "decimal"),
        ("version", "year", "year"),
        ("source", "page", "iri"),
        ("skill", "exactMatch", "iri"),
        ("skill", "inScheme", "iri"),
        ("finding", "fromCase", "thing"),
        ("configuration", "hasActor", "thing"),
    ],
)
def test_kind_of_value_follows_from_the_shape(
    shipped: Forms, segment: str, name: str, kind: str
) -> None:
    assert field(shipped, segment, name).kind == kind


def test_forms_of_what_the_build_computes_say_so(shipped: Forms) -> None:
    computed = {form.segment for form in shipped if form.computed}

    assert computed == {"coherence-report", "derived-link", "indicator-value"}


def test_text_in_one_of_each_language_has_a_column_for_each(shipped: Forms) -> None:
    label = field(shipped, "intervention", "prefLabel")

    assert (label.minimum, label.unique_language) == (2, True)
    assert label.columns() == ("prefLabel_nl", "prefLabel_en")


def test_other_names_are_text_that_may_occur_often(shipped: Forms) -> None:
    label = field(shipped, "intervention", "altLabel")

    assert (label.minimum, label.maximum, label.unique_language) == (0, None, False)


def test_a_value_that_every_row_has_takes_no_column(shipped: Forms) -> None:
    scheme = field(shipped, "condition", "inScheme")

    assert scheme.constant == f"{BASE}id/scheme/conditions"
    assert scheme.columns() == ()
    assert form(shipped, "condition").scheme == scheme.constant


def test_an_inverse_path_is_the_property_turned_round(shipped: Forms) -> None:
    thing = field(shipped, "role", "thing")

    assert (thing.path, thing.inverse) == (
        "http://www.w3.org/ns/prov#qualifiedAttribution",
        True,
    )
    assert thing.values == ("intervention", "organisation", "programme")


def test_restricted_fields_are_those_of_the_company_and_of_coding(shipped: Forms) -> None:
    restricted = {
        (form.segment, field.id)
        for form in shipped
        for field in form.fields
        if field.disclosure == "restricted"
    }

    names = ("legalName", "kvkNumber", "address", "contact", "quotation")
    noted = ("condition", "resource", "response", "configuration", "finding")
    assert restricted == {
        *(("company", name) for name in names),
        *((segment, "memo") for segment in noted),
        ("finding", "quotation"),
    }


def test_a_concept_of_a_list_has_the_fields_of_every_concept(shipped: Forms) -> None:
    theme = form(shipped, "theme")

    assert (theme.class_iri, theme.scheme) == (None, f"{BASE}id/scheme/themes")
    assert {"prefLabel", "definition", "broader", "inScheme"} <= {f.id for f in theme.fields}


def test_forms_are_found_by_segment_table_and_class(shipped: Forms) -> None:
    case = form(shipped, "case")

    assert shipped.by_table("cases") == case
    assert shipped.by_class(f"{BASE}def#CaseStudy") == case
    assert shipped.by_segment("nonsense") is None
    assert shipped.by_table("nonsense") is None
    assert shipped.by_class("nonsense") is None


def test_fields_that_point_at_a_kind_of_thing_are_found(shipped: Forms) -> None:
    pointing = {(form.segment, field.id) for form, field in shipped.pointing_at("company")}

    assert pointing == {("case", "atCompany"), ("deployment", "atCompany")}


def test_every_field_stands_in_a_group_that_is_described(shipped: Forms) -> None:
    assert {field.group for form in shipped for field in form.fields} <= shipped.groups.keys()
    assert shipped.groups["Classification"].name == Text("Onze indeling", "Our classification")


def test_json_brings_back_the_same_forms(shipped: Forms) -> None:
    written = shipped.to_json()

    assert Forms.from_json(written) == shipped
    assert Forms.from_json(written).to_json() == written


def test_words_fall_back_on_english() -> None:
    assert [Text("ja", "yes").of(language) for language in ("nl", "en", "fr")] == [
        "ja",
        "yes",
        "yes",
    ]


def test_a_new_property_needs_no_python(folder: Path) -> None:
    edit(
        folder,
        "skill",
        "sh:property shape:Thing-prefLabel ,",
        "sh:property shape:Skill-taught , shape:Thing-prefLabel ,",
    )
    with (folder / "skill.ttl").open("a", encoding="utf-8") as file:
        file.write("""
            shape:Skill-taught a sh:PropertyShape ; sh:path s4s:taught ;
                sh:datatype <http://www.w3.org/2001/XMLSchema#boolean> ; sh:maxCount 1 ;
                sh:name "gedoceerd"@nl , "taught"@en ; sh:description "Ja."@nl , "Yes."@en ;
                sh:message "Ja of nee."@nl , "Yes or no."@en ; sh:group shape:Content ;
                sh:order 7.5 ; sh:severity sh:Warning ; s4s:disclosure "restricted" .
            """)

    taught = field(forms.read(folder, BASE), "skill", "taught")

    assert (taught.kind, taught.maximum, taught.order) == ("boolean", 1, 7.5)
    assert (taught.severity, taught.disclosure) == ("warning", "restricted")
    assert "taught" in form(forms.read(folder, BASE), "skill").columns()


def test_the_base_address_is_replaced(folder: Path) -> None:
    found = forms.read(folder, "https://x.example/")

    assert field(found, "company", "contact").path == "https://x.example/def#contact"
    assert BASE not in found.to_json()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('sh:name "valt onder"@nl , "broader"@en', 'sh:name "valt onder"@nl', "no sh:name in 'en'"),
        ("sh:description", "sh:comment", "no sh:description in 'nl'"),
        ("sh:message", "sh:comment", "no sh:message in 'nl'"),
        ("sh:group shape:Links ; ", "", "0 times sh:group"),
        ("sh:group shape:Links", "sh:group shape:Skill", "is in shape:Skill, which is no group"),
        ("sh:order 3", "sh:order 3 , 4", "2 times sh:order"),
        ("sh:severity sh:Violation ; ", "", "0 times sh:severity"),
        ('s4s:disclosure "public"', 's4s:disclosure "secret"', "use one of public, restricted"),
        (
            "sh:class s4s:Skill",
            "sh:class s4s:Craft",
            "def#Craft, which no shape with a s4s:segment",
        ),
        ("sh:class s4s:Skill", "sh:class s4s:Skill ; sh:path s4s:level", "2 times sh:path"),
        ("sh:class s4s:Skill ;", "", "does not say what its values are"),
        ("sh:path skos:broader", "sh:path ( skos:broader )", "no property or its inverse"),
        (
            "shape:Skill-broader , shape:Skill-inScheme",
            "[ sh:path s4s:x ]",
            "no address of its own",
        ),
        ("shape:Skill-broader , ", "shape:Skill-broader , shape:X-broader , ", "two fields called"),
        ('s4s:segment "skill"', 's4s:segment "theme"', "two shapes have 'theme'"),
        ('s4s:table "skills" ;', "", "0 times s4s:table"),
    ],
)
def test_an_incomplete_shape_is_an_error_that_says_what_it_lacks(
    folder: Path, old: str, new: str, complaint: str
) -> None:
    edit(folder, "skill", old, new)
    if "shape:X-broader" in new:
        copied = (folder / "skill.ttl").read_text("utf-8").partition("shape:Skill-broader a ")[2]
        with (folder / "skill.ttl").open("a", encoding="utf-8") as file:
            file.write("shape:X-broader a " + copied.partition("\n\n")[0])

    with pytest.raises(FormsError, match=complaint):
        forms.read(folder, BASE)
