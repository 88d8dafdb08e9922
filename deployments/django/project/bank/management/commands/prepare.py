"""`manage.py prepare`: key, tables and users of one run. Running it again starts afresh."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.management.utils import get_random_secret_key
from django.db import transaction

from bank.enrolment import enrol_all


class Command(BaseCommand):
    """Makes the folder of the app ready to be served."""

    help = "Makes the secret key, the tables and the enrolled users"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.APP.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("db.sqlite3", "db.sqlite3-shm", "db.sqlite3-wal", "secret-key"):
            (folder / name).unlink(missing_ok=True)
        key = os.open(folder / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(key, "w", encoding="ascii") as file:
            file.write(get_random_secret_key())
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            enrol_all(settings.APP)
