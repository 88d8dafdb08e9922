"""Who is enrolled, and what belongs to whom. Users, groups and sessions are Django's own."""

from django.conf import settings
from django.db import models


class Enrolment(models.Model):
    """One certificate name under which a user is known. Only `prepare` writes these rows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    # Distinguished names in RFC 4514 text, as identity/certificate.py writes them.
    subject = models.TextField(db_index=True)
    issuer = models.TextField()
    # Alternative names, one a line: `email:...`, `dns:...`, `uri:...`.
    san = models.TextField(blank=True)
    # Lower-case hexadecimal.
    serial = models.TextField(blank=True)
    sha1 = models.TextField(blank=True)
    sha256 = models.TextField(blank=True)


class ApiKey(models.Model):
    """A key of a user, kept as a digest: who reads the database cannot use it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    sha256 = models.TextField(unique=True)


class Account(models.Model):
    """One account a user."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account")

    class Meta:
        permissions = (("view_report", "Can see the administrator's routes"),)


class Note(models.Model):
    """What an account says, newest last."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="notes")
    text = models.TextField(blank=True)
