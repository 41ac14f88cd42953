"""How to use an answer from elsewhere: short programs that run as they stand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

Kind = Literal["rows", "boolean", "triples"]
JSON, CSV, TURTLE = "application/sparql-results+json", "text/csv", "text/turtle"
TYPES: Mapping[Kind, str] = {"rows": CSV, "boolean": JSON, "triples": TURTLE}


@dataclass(frozen=True)
class Snippet:
    """A program: what runs it, a name for its file, and its text."""

    name: str
    file: str
    text: str


def of_query(site: str, query: str, kind: Kind) -> Iterator[Snippet]:
    """Yield programs that ask the endpoint of a site (its address ends with a slash) a query."""
    endpoint = f"{site}sparql"
    yield Snippet("curl", "ask.sh", _curl(endpoint, query, TYPES[kind]))
    yield Snippet("Python, SPARQLWrapper", "ask.py", _wrapper(endpoint, query, kind))
    if kind == "rows":
        yield Snippet("Python, pandas", "ask_pandas.py", _pandas_query(endpoint, query))
        yield Snippet("R", "ask.R", _r_query(endpoint, query))
        yield Snippet("Excel, Power Query", "ask.pq", _excel(site, "sparql", _named(query)))


def of_answer(site: str, path: str, params: Mapping[str, str]) -> Iterator[Snippet]:
    """Yield programs that read the CSV at a path of a site, without a slash before it."""
    address = f"{site}{path}" + (f"?{urlencode(params)}" if params else "")
    yield Snippet("curl", "ask.sh", f"curl --fail --silent --show-error {_shell(address)}\n")
    python = f"import pandas as pd\n\nanswer = pd.read_csv({address!r})\nprint(answer)\n"
    yield Snippet("Python, pandas", "ask_pandas.py", python)
    r = f'answer <- read.csv({_r(address)}, encoding = "UTF-8")\nprint(answer)\n'
    yield Snippet("R", "ask.R", r)
    yield Snippet("Excel, Power Query", "ask.pq", _excel(site, path, params))


def _named(query: str) -> dict[str, str]:
    return {"query": query, "format": "csv"}


def _curl(endpoint: str, query: str, media_type: str) -> str:
    # The end must be a line that the query does not have.
    end = "SPARQL"
    while re.search(rf"^{end}$", query, re.MULTILINE):
        end += "_"
    return (
        f"curl --fail-with-body --silent --show-error {_shell(endpoint)} \\\n"
        f"  --header 'Accept: {media_type}' \\\n"
        f"  --data-urlencode query@- <<'{end}'\n{query}\n{end}\n"
    )


def _wrapper(endpoint: str, query: str, kind: Kind) -> str:
    wanted = "TURTLE" if kind == "triples" else "JSON"
    use = {
        "rows": 'for row in answer["results"]["bindings"]:\n'
        '    print({name: cell["value"] for name, cell in row.items()})\n',
        "boolean": 'print(answer["boolean"])\n',
        "triples": "print(answer.decode())\n",
    }
    return (
        f"from SPARQLWrapper import {', '.join(sorted(('POST', wanted, 'SPARQLWrapper')))}\n\n"
        f"endpoint = SPARQLWrapper({endpoint!r})\n"
        f"endpoint.setQuery({_python(query)})\n"
        "endpoint.setMethod(POST)\n"
        f"endpoint.setReturnFormat({wanted})\n"
        f"answer = endpoint.query().convert()\n{use[kind]}"
    )


def _pandas_query(endpoint: str, query: str) -> str:
    return (
        "from io import BytesIO\n"
        "from urllib.parse import urlencode\n"
        "from urllib.request import urlopen\n\n"
        "import pandas as pd\n\n"
        f'asked = urlencode({{"format": "csv", "query": {_python(query)}}})\n'
        f"with urlopen({endpoint!r}, asked.encode()) as said:\n"
        "    answer = pd.read_csv(BytesIO(said.read()))\n"
        "print(answer)\n"
    )


def _r_query(endpoint: str, query: str) -> str:
    return (
        f"query <- {_r(query)}\n"
        f"address <- paste0({_r(endpoint + '?format=csv&query=')}, "
        "URLencode(query, reserved = TRUE))\n"
        'answer <- read.csv(address, encoding = "UTF-8")\n'
        "print(answer)\n"
    )


def _excel(site: str, path: str, params: Mapping[str, str]) -> str:
    """Return a formula of Power Query, with the site apart: Excel asks whether to trust it once."""
    given = ", ".join(f"{_m_name(name)} = {_m(value)}" for name, value in params.items())
    return (
        "let\n"
        "    Source = Csv.Document(\n"
        f"        Web.Contents({_m(site)}, [RelativePath = {_m(path)}, Query = [{given}]]),\n"
        '        [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]\n'
        "    ),\n"
        "    Answer = Table.PromoteHeaders(Source, [PromoteAllScalars = true])\n"
        "in\n"
        "    Answer\n"
    )


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _python(text: str) -> str:
    """Return a text as Python writes it, over several lines where no character is special there."""
    if '"""' in text or text.endswith(('"', "\\")) or "\r" in text:
        return repr(text)
    return f'r"""{text}"""'


def _r(text: str) -> str:
    """Return a text as R writes it; from version 4 it knows raw texts."""
    if not re.search(r'["\\\n]', text):
        return f'"{text}"'
    dashes = "-"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def _m(text: str) -> str:
    return '"' + text.replace("#(", "#(#)(").replace('"', '""') + '"'


def _m_name(name: str) -> str:
    return name if name.isidentifier() else f"#{_m(name)}"
