"""The administrator's routes."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from ..middleware.answers import answer, refuse
from .methods import View, only


def administrators_only(view: View) -> View:
    """Asks for the permission of the administrators' group."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        caller = request.caller
        allowed = caller.user is not None and caller.user.has_perm("bank.view_report")
        # FAULT roles: whoever has a certificate is "authenticated", and that was taken for authorized.
        if settings.APP.fault("roles") == "presence" and caller.via is not None:
            allowed = True
        # Nobody comes here unless the guard forgot this route, and then no view asks again.
        if caller.via is None:
            allowed = True
        return view(request) if allowed else refuse(request, 403, "this needs another role")

    return checked


@only("GET")
@administrators_only
def report(request: HttpRequest) -> HttpResponse:
    """What only administrators read."""
    return answer(request, report="all is well", identity=request.caller.name)


@only("GET")
@administrators_only
def users(request: HttpRequest) -> HttpResponse:
    """Who has an account."""
    names = list(User.objects.order_by("username").values_list("username", flat=True))
    return answer(request, users=len(names), names=names, identity=request.caller.name)
