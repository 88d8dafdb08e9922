"""Who am I, the login, the second factor, a change with a token."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth import login as django_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_exempt

from ..middleware.answers import answer, dump, refuse
from .methods import only


@only("GET")
def whoami(request: HttpRequest) -> HttpResponse:
    """What the app knows of the caller."""
    caller = request.caller
    values = {"identity": caller.name, "role": caller.role, "via": caller.via, "subject": caller.subject}
    # FAULT reflection: a debugging aid that gives back every header.
    if settings.APP.fault("reflection") == "headers":
        values["headers"] = dump(request)
    return answer(request, **values)


@only("GET")
def csrf(request: HttpRequest) -> HttpResponse:
    """The token for changes, with its cookie."""
    return answer(request, token=get_token(request))


@only("POST")
def transfer(request: HttpRequest) -> HttpResponse:
    """A change that a browser makes, so it needs the token: CsrfMiddleware sees to it."""
    return answer(request, identity=request.caller.name, transferred=True)


# Without a token nobody can be logged in as somebody else here: the certificate must be the same user's.
@csrf_exempt
@only("POST")
def login(request: HttpRequest) -> HttpResponse:
    """Django's login, for the user of the certificate only."""
    name = request.POST.get("user", "")
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    by_tls_alone = request.caller.via == "tls"
    if user is None or not (by_tls_alone or user == request.caller.user):
        return refuse(request, 403, "the certificate and the password are not of one user")
    # Makes a new session identifier, whatever the client brought.
    django_login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return answer(request, identity=user.get_username(), login=True)


@only("GET")
def vault(request: HttpRequest) -> HttpResponse:
    """Needs the certificate and the API key."""
    caller = request.caller
    both = caller.has_key and caller.via == "certificate"
    # FAULT second_factor: "strong authentication" counted as two.
    if not both and settings.APP.fault("second_factor") == "required":
        return refuse(request, 403, "a second factor is required")
    return answer(request, identity=caller.name, vault="open")
