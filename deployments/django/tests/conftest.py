"""A test PKI, a prepared database, and clients that speak as a proxy does."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(FOLDER / "project"), str(FOLDER / "tests")]
sys.dont_write_bytecode = True

import lab  # noqa: E402

RUN = Path(tempfile.mkdtemp(prefix="django-app-test-"))
os.environ["APP_CONFIG"] = str(lab.write_configuration(RUN))
os.environ["DJANGO_SETTINGS_MODULE"] = "bank.settings"

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

django.setup()
call_command("prepare")
from django.conf import settings  # noqa: E402

settings.SECRET_KEY = "a key of the tests"


@pytest.fixture(autouse=True)
def undo():
    """Each test finds the database as `prepare` left it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def app():
    """Makes clients of an app with the given source and faults."""
    with lab.Apps(RUN) as apps:
        yield apps
