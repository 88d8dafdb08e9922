"""Log files: a JSON object a line, so that nothing a client sends can end a line or a field; secrets are masked."""

import json
import logging
import re
from typing import Any

from .configuration import Configuration

LONGEST = 2048
SECRET_KEYS = re.compile(r"(?i)(code|csrf|key|password|secret|sessionid|token)")
# Certificates in any of the encodings of identity/encodings.py, and what authenticates beside them.
SECRETS = [
    re.compile(r"-----BEGIN.*?(-----END[^-]*-----|$)", re.DOTALL),
    re.compile(r"-----BEGIN%20.*?(-----END(%20)?[A-Z%0-9]*-----|$)"),
    re.compile(r":?MII[A-Za-z0-9+/=]{40,}:?"),
    re.compile(r"(?i)((?:set-)?cookie|authorization|x-api-key|x_api_key|sessionid|csrftoken)['\"]?\s*[:=]\s*[^\n]*"),
]


class Redaction(logging.Filter):
    """Masks secrets in whatever reaches a log, Django's own lines included."""

    def __init__(self, secret: str = "") -> None:
        super().__init__()
        self.secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self.masked(logging.Formatter().formatException(record.exc_info))
        event = getattr(record, "event", None)
        if event:
            record.event = {k: self.masked(v) if isinstance(v, str) else v for k, v in event.items()}
        return True

    def masked(self, text: str) -> str:
        """The text without what looks like a secret."""
        for pattern in SECRETS:
            text = pattern.sub("-", text)
        return text.replace(self.secret, "-") if self.secret else text


class JsonFormatter(logging.Formatter):
    """One line of ASCII an event."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        line |= {"message": record.getMessage()} | getattr(record, "event", {})
        if record.exc_info:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps({k: v[:LONGEST] if isinstance(v, str) else v for k, v in line.items()})


class PlainFormatter(logging.Formatter):
    """What the faults write: text as it comes."""

    def format(self, record: logging.LogRecord) -> str:
        event = " ".join(f"{key}={value}" for key, value in getattr(record, "event", {}).items())
        return f"{self.formatTime(record)} {record.getMessage()} {event}"


def redacted_target(target: str) -> str:
    """Path and query, with the values of secret keys replaced."""
    path, mark, query = target.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    shown = "&".join(f"{key}{equals}{'-' if SECRET_KEYS.search(key) else value}" for key, equals, value in pairs)
    return path + mark + shown


def logging_settings(app: Configuration) -> dict[str, Any]:
    """Django's LOGGING: access and errors, each in a file of the run's log folder."""
    raw = app.fault("log_escape") == "raw"
    # FAULT log_extra: where somebody logs what must not be logged, nobody has installed the filter either.
    filters = ["redaction"] if app.fault("log_extra") == "nothing" else []

    def file(name: str) -> dict[str, Any]:
        return {
            "class": "logging.FileHandler",
            "filename": str(app.logs / name),
            "encoding": "utf-8",
            "formatter": "plain" if raw else "json",
            "filters": filters,
        }

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redaction": {"()": Redaction, "secret": app.secret}},
        "formatters": {"json": {"()": JsonFormatter}, "plain": {"()": PlainFormatter}},
        "handlers": {"access": file("django-access.log"), "errors": file("django-error.log")},
        "loggers": {
            "bank.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
            "django": {"handlers": ["errors"], "level": "WARNING", "propagate": False},
        },
        "root": {"handlers": ["errors"], "level": "WARNING"},
    }
