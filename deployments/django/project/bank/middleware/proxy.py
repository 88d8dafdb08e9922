"""Does this request come from the proxy? Everything that headers say of the client hangs on this."""

from collections.abc import Callable
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..identity.sources import SOURCES
from .answers import refuse
from .guard import is_public

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProxyProof:
    """Refuses what does not carry the proxy's secret, once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_public(request) and not self.is_from_proxy(request):
            return refuse(request, 403, "the request did not come through the proxy")
        return self.get_response(request)

    def is_from_proxy(self, request: HttpRequest) -> bool:
        """Whether the secret is there."""
        app = settings.APP
        # No proxy, no secret: the app server itself ends TLS.
        if not app.secret_header:
            return True
        # FAULT proxy_secret: the backend "is only reachable from the proxy", so anybody's headers are believed.
        if app.fault("proxy_secret") == "ignore":
            return True
        name = app.secret_header
        source = SOURCES[app.source]
        key = name if source.carrier == "environ" else "HTTP_" + name.upper().replace("-", "_")
        said = request.META.get(key, "")
        return compare_digest(said.encode("latin-1", "replace"), app.secret.encode())
