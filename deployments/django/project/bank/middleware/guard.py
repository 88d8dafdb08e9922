"""Nobody gets further than here, but for the public paths."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from ..identity.caller import Caller
from .answers import refuse

PUBLIC = ("/healthz", "/static/app.css")
PROTECTED = ("/accounts", "/admin", "/boom", "/csrf", "/login", "/transfer", "/vault", "/whoami")


def is_public(request: HttpRequest) -> bool:
    """Whether everybody may see this: the very path, read only."""
    return request.path_info in PUBLIC and request.method in ("GET", "HEAD")


class Guard:
    """Refuses nobody's requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        app = settings.APP
        # FAULT method_override: a header makes a deletion of a reading.
        override = request.META.get("HTTP_X_HTTP_METHOD_OVERRIDE")
        if override and app.fault("method_override") == "honour":
            request.method = override.upper()
        if request.caller.via is None and self.needs_caller(request):
            match app.fault("no_certificate"):
                # FAULT no_certificate: `request.client_cert = None`, and the view is served all the same.
                case "note":
                    pass
                # FAULT no_certificate: no headers, so it must be a call from within.
                case "internal":
                    request.user = User.objects.get(groups__name="admin")
                    request.caller = Caller(request.user, "internal")
                case _:
                    return refuse(request, 401, "a client certificate is required")
        # FAULT original_url: the path is changed after it was checked.
        original = request.META.get("HTTP_X_ORIGINAL_URL") or request.META.get("HTTP_X_REWRITE_URL")
        if original and app.fault("original_url") == "honour":
            request.path_info = original
        return self.get_response(request)

    def needs_caller(self, request: HttpRequest) -> bool:
        """Whether this is for known callers only."""
        app = settings.APP
        path = request.path_info
        if is_public(request):
            return False
        # FAULT methods: `if request.method in SAFE_METHODS: return`.
        if app.fault("methods") == "head-and-options-open" and request.method in ("HEAD", "OPTIONS"):
            return False
        # FAULT exempt_paths: the health check, and whatever else begins like it.
        if app.fault("exempt_paths") == "prefix" and path.startswith("/health"):
            return False
        known = path.startswith(PROTECTED)
        # FAULT original_url comes with a guard that lists what it guards.
        if app.fault("original_url") == "honour" and not known:
            return False
        # FAULT routes: the guard lists the routes, and somebody added one.
        match app.fault("routes"):
            case "one-forgotten":
                return path != "/admin/users"
            case "errors-open":
                return known and path != "/boom"
        return True
