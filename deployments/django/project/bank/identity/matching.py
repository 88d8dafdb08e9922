"""Whose certificate is this? Enrolled users only, by the configured mapping."""

import re

from django.contrib.auth.models import User
from django.db.models import QuerySet

from ..configuration import Configuration
from ..models import Enrolment
from .claim import Claim


def find(claim: Claim, app: Configuration) -> User | None:
    """The enrolled user whom the claim names."""
    # FAULT fingerprint: whoever knows the hash of a certificate, which is no secret, is its owner.
    if claim.fingerprint:
        said = claim.fingerprint.replace(":", "").lower()
        user = _only(Enrolment.objects.filter(sha256=said)) or _only(Enrolment.objects.filter(sha1=said))
        if user or claim.certificate is None:
            return user
    rows = Enrolment.objects.all()
    # FAULT issuer: the subject alone, so any CA of the bundle can name anybody.
    if app.fault("issuer") == "check":
        issuer = claim.certificate.issuer if claim.certificate else claim.issuer_text
        rows = rows.filter(issuer__in=[issuer or ""])
    certificate = claim.certificate
    if app.mapping == "subject":
        return _by_subject(claim, rows, app.fault("matching"))
    if certificate is None:
        return None
    if app.mapping == "fingerprint":
        return _only(rows.filter(sha256=certificate.sha256))
    if app.mapping == "issuer-serial":
        return _only(rows.filter(serial=certificate.serial))
    found = {row.user for row in rows.select_related("user") if set(row.san.split()) & set(certificate.san)}
    return found.pop() if len(found) == 1 else None


def _only(rows: QuerySet[Enrolment]) -> User | None:
    """The user of the rows, if they are one user's."""
    found = {row.user for row in rows.select_related("user")}
    return found.pop() if len(found) == 1 else None


def _by_subject(claim: Claim, rows: QuerySet[Enrolment], matching: str) -> User | None:
    certificate = claim.certificate
    subject = certificate.subject if certificate else claim.subject_text
    # The sender's text, as the naive matchers read it.
    text = claim.subject_text or subject
    if not subject or not text:
        return None
    # FAULT matching: ways of comparing that take one name for another.
    match matching:
        case "case-insensitive":
            return _only(rows.filter(subject__iexact=subject))
        case "trimmed":
            users = {row.user for row in rows.select_related("user") if _trimmed(row.subject) == _trimmed(subject)}
            return users.pop() if len(users) == 1 else None
        case "common-name-regex":
            # Greedy, so it finds the last CN= wherever that stands: in O=Example\,CN=admin for one.
            found = re.search(r".*CN=([\w-]+)", text)
            return _named(rows, found.group(1) if found else None)
        case "first-common-name":
            return _named(rows, certificate.common_names[0] if certificate and certificate.common_names else None)
        case "last-common-name":
            return _named(rows, certificate.common_names[-1] if certificate and certificate.common_names else None)
        case "slash-split":
            # /O=Example/CN=alice: HAProxy escapes no slash inside a value, and the last of two keys wins.
            return _named(rows, _pairs(text.strip("/").split("/")).get("CN"))
        case "comma-split":
            # O=Example,CN=alice: Traefik escapes no comma inside a value.
            return _named(rows, _pairs(text.split(",")).get("CN"))
        case _:
            if certificate and not certificate.is_plain:
                return None
            return _only(rows.filter(subject=subject))


def _named(rows: QuerySet[Enrolment], name: str | None) -> User | None:
    return _only(rows.filter(user__username=name)) if name else None


def _pairs(pieces: list[str]) -> dict[str, str]:
    return dict(piece.split("=", 1) for piece in pieces if "=" in piece)


def _trimmed(text: str) -> list[str]:
    """The parts of a name without blanks around values, escaped ones included."""
    parts = (part.partition("=") for part in text.replace("\\ ", " ").replace("\\20", " ").split(","))
    return [f"{key.strip()}={value.strip()}" for key, _, value in parts]
