"""Writes the configured users into the database."""

import hashlib

from django.contrib.auth.models import Group, Permission, User

from .configuration import Configuration, UserEntry
from .identity.certificate import canonical
from .models import Account, ApiKey, Enrolment, Note

ADMINISTRATORS = "admin"


def key_digest(key: str) -> str:
    """What is kept of an API key."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def open_account(user: User) -> Account:
    """An account with its first note."""
    account = Account.objects.create(owner=user)
    Note.objects.create(account=account, text=f"note of {user.get_username()}")
    return account


def enrol(entry: UserEntry, administrators: Group) -> User:
    """One user with certificate names, password, key and account."""
    user = User.objects.create_user(entry.name, password=entry.password or None)
    if entry.role == "admin":
        user.groups.add(administrators)
    for issuer in entry.issuers or ("",):
        own = not issuer or issuer == entry.issuer
        Enrolment.objects.create(
            user=user,
            subject=canonical(entry.subject),
            issuer=canonical(issuer) if issuer else "",
            san="\n".join(entry.san),
            # Serial number and fingerprints are those of one certificate, so they stand with its issuer.
            serial=entry.serial.lower().lstrip("0") if own else "",
            sha1=entry.sha1.replace(":", "").lower() if own else "",
            sha256=entry.sha256.replace(":", "").lower() if own else "",
        )
    if entry.api_key:
        ApiKey.objects.create(user=user, sha256=key_digest(entry.api_key))
    open_account(user)
    return user


def enrol_all(configuration: Configuration) -> None:
    """All users of the configuration, into an empty database."""
    administrators = Group.objects.create(name=ADMINISTRATORS)
    administrators.permissions.add(Permission.objects.get(codename="view_report"))
    for entry in configuration.users:
        enrol(entry, administrators)
