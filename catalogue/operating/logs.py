"""What stands in the log, as lines that a person reads or as JSON that a program reads.

Neither has an address, a query or a name of a browser: those are the reader's own. Whatever else
comes from outside, a line of the log stays one line, without what would steer a terminal.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from uvicorn.logging import DefaultFormatter

from catalogue.operating import measuring
from s4s_graph import steering

TOLD = ("route", "method", "status", "milliseconds", "release")  # of a request
_MARGIN = "    | "


class Json(logging.Formatter):
    """One line of JSON for each record; what went wrong is in it, with the lines that led there."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: vars(record)[name] for name in TOLD if name in vars(record)})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class Text(DefaultFormatter):
    """One line for each record; an error's lines are set in, so that none looks like a record."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - its name in logging
        """Return the line without what went wrong."""
        record.message = steering.line(record.message.rstrip("\n"))
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - its name in logging
        """Return what went wrong, set in."""
        lines = super().formatException(ei).splitlines()
        return "\n".join(_MARGIN + steering.line(line) for line in lines)


def config(kind: str) -> dict[str, Any]:
    """Return how a site logs, for `logging.config.dictConfig`; `kind` is "text" or "json"."""
    formatters = {
        "json": {"()": Json},
        "text": {"()": Text, "fmt": "%(levelprefix)s %(message)s", "use_colors": None},
    }
    # A person at a terminal is not told of each request.
    requests = "INFO" if kind == "json" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatters[kind]},
        "handlers": {"chosen": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"level": "WARNING", "handlers": ["chosen"]},
        "loggers": {"uvicorn": {"level": "INFO"}, measuring.__name__: {"level": requests}},
    }
