"""Django's CSRF check, for callers that are programs too."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")


class CsrfMiddleware(CsrfViewMiddleware):
    """A browser sends the certificate by itself, as it does cookies: mutual TLS does not replace the token."""

    def process_view(
        self, request: HttpRequest, callback: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # FAULT csrf: "the certificate proves that it is our client".
        if settings.APP.fault("csrf") == "exempt":
            return None
        # Views for programs need no token, since another site's page cannot send these content types without asking.
        is_form = request.method == "POST" and request.content_type in FORM_TYPES
        if is_form and getattr(callback, "for_programs", False):
            return self._reject(request, "a form cannot be sent here")
        return super().process_view(request, callback, args, kwargs)

    def _check_referer(self, request: HttpRequest) -> None:
        # On https Django asks for a Referer, which only browsers send. The token is asked for in any case.
        if "HTTP_REFERER" in request.META:
            super()._check_referer(request)
