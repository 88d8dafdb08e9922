"""Accounts and notes, each with an owner."""

import json
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ..middleware.answers import answer, refuse
from ..models import Account, Note
from .methods import only

LONGEST_NOTE = 4096


def may(request: HttpRequest, owner: str, access: str) -> bool:
    """Whether the caller may have `owner`'s object. A refusal looks as it does for an object that is not there."""
    # FAULT objects: get_object_or_404(Account, owner__username=owner) without the caller in the query.
    opened = settings.APP.fault("objects")
    return opened in ("open", f"open-{access}") or (request.caller.name is not None and request.caller.name == owner)


def note_of(account: Account) -> str:
    """The newest note."""
    note = account.notes.order_by("-pk").first()
    return note.text if note else ""


@only("GET")
def accounts(request: HttpRequest) -> HttpResponse:
    """The caller's own, filtered by `?owner=`."""
    own = request.caller.name or ""
    wanted = request.GET.get("owner", own)
    rows = Account.objects.filter(owner__username=wanted).select_related("owner")
    # FAULT objects: the filter comes from the query alone.
    if settings.APP.fault("objects") not in ("open", "open-filter"):
        rows = rows.filter(owner__username=own)
    listed = [{"owner": account.owner.get_username(), "note": note_of(account)} for account in rows]
    return answer(request, identity=own, accounts=listed)


@only("GET", "POST", "PUT", "DELETE")
def account(request: HttpRequest, owner: str) -> HttpResponse:
    """One account: read, changed or emptied."""
    if request.method in ("GET", "HEAD"):
        return read(request, owner, "read")
    return change(request, owner)


# Programs change accounts: see middleware/csrf.py.
account.for_programs = True
account.csrf_exempt = True


@only("GET")
def notes(request: HttpRequest, owner: str) -> HttpResponse:
    """An account's notes, the nested object."""
    return read(request, owner, "nested")


def read(request: HttpRequest, owner: str, access: str) -> HttpResponse:
    """An account's note."""
    if not may(request, owner, access):
        return refuse(request, 403, "this is not yours")
    found = Account.objects.filter(owner__username=owner).first()
    if found is None:
        return refuse(request, 404, "there is nothing here")
    return answer(request, identity=request.caller.name, owner=owner, note=note_of(found))


def change(request: HttpRequest, owner: str) -> HttpResponse:
    """Replaces an account's notes by one, or by none."""
    if not may(request, owner, "change"):
        return refuse(request, 403, "this is not yours")
    text = None
    if request.method != "DELETE":
        with suppress(KeyError, TypeError, ValueError, RecursionError):
            text = json.loads(request.body)["note"]
        if not isinstance(text, str) or len(text) > LONGEST_NOTE:
            return refuse(request, 400, "a note in JSON is expected")
    found = Account.objects.filter(owner__username=owner).first()
    if found is None:
        return refuse(request, 404, "there is nothing here")
    with transaction.atomic():
        found.notes.all().delete()
        if text is not None:
            Note.objects.create(account=found, text=text)
    return answer(request, identity=request.caller.name, owner=owner, changed=True)
