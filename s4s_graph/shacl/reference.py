"""The reference: pySHACL on an rdflib graph, whose literals are as they were written."""

import re

import pyshacl
from pyshacl.errors import ValidationFailure
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from s4s_graph.forms import Text
from s4s_graph.shacl import rules
from s4s_graph.shacl.results import Result, named_only
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.terms import to_ox


def results(data: Graph, prepared: Rules) -> set[Result]:
    """Check a graph, which is changed by what rules add.

    Raises ValidationFailure or ReportableRuntimeError, both of pySHACL, when a shape cannot be
    evaluated.
    """
    _, report, _ = pyshacl.validate(
        data,
        shacl_graph=prepared.graph,
        advanced=True,  # for the targets that are queries, and the rule for `precedes`
        inplace=True,  # what the rule adds stays in this copy
    )
    if isinstance(report, ValidationFailure):
        raise report
    return {_result(report, node, prepared) for node in report.objects(None, SH.result)}


def _result(report: Graph, node: Node, prepared: Rules) -> Result:
    def name(predicate: URIRef) -> str:
        found = report.value(node, predicate)
        if isinstance(found, Literal):
            return str(to_ox(found))
        return f"_:{found}" if isinstance(found, BNode) else str(found)

    path, value = report.value(node, SH.resultPath), report.value(node, SH.value)
    shape = name(SH.sourceShape)
    return Result(
        focus=name(SH.focusNode),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else to_ox(value),
        severity=name(SH.resultSeverity).rpartition("#")[2].lower(),
        shape=shape,
        message=prepared.messages.get(shape.removeprefix("_:")) or _said(report, node, shape),
        component=name(SH.sourceConstraintComponent),
    )


def _said(report: Graph, node: Node, shape: str) -> Text:
    """Return the message of a query, filled in; the name of the shape where there is none.

    pySHACL fills in a message in each language and then forgets the language.
    """
    told = [str(word) for word in report.objects(node, SH.resultMessage)]
    words = [
        Literal(text, lang=message.language)
        for constraint in report.objects(node, SH.sourceConstraint)
        for message in report.objects(constraint, SH.message)
        if isinstance(message, Literal)
        for text in told
        if re.fullmatch(".*".join(map(re.escape, _VARIABLE.split(message))), text, re.DOTALL)
    ]
    return rules.text(words) or named_only(shape)


_VARIABLE = re.compile(r"\{[?$]\w+\}")
