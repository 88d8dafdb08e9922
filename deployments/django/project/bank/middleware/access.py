"""One line in the access log for each request."""

import logging
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..logs import redacted_target
from .answers import dump
from .proxy import GetResponse

ACCESS = logging.getLogger("bank.access")


class AccessLog:
    """Writes who asked for what, and how it ended."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Read before a view does, since a view may leave it unread.
        body = request.body if settings.APP.fault("log_extra") == "body" else b""
        method = request.method
        response = self.get_response(request)
        caller = getattr(request, "caller", None)
        event = {
            "method": method,
            "target": redacted_target(request.get_full_path()),
            "status": response.status_code,
            "user": caller.name if caller else None,
            "via": caller.via if caller else None,
        }
        # FAULT log_escape: the decoded path in a line of plain text, as logger.info("%s %s", method, path) gives it.
        if settings.APP.fault("log_escape") == "raw":
            event["target"] = unquote(event["target"])
        extra = self.extra(request, body)
        if extra is not None:
            event["extra"] = extra
        ACCESS.info("request", extra={"event": event})
        if method == "HEAD":
            # Not every app server drops the body.
            response.content = b""
        return response

    def extra(self, request: HttpRequest, body: bytes) -> str | None:
        """FAULT log_extra: what was useful while debugging, and stayed."""
        meta = request.META
        caller = getattr(request, "caller", None)
        match settings.APP.fault("log_extra"):
            case "meta":
                return dump(request)
            case "certificate":
                return "; ".join(str(meta[key]) for key in meta if "CERT" in key)
            case "subject":
                return caller.subject if caller else None
            case "cookies":
                return meta.get("HTTP_COOKIE")
            case "authorization":
                return f"{meta.get('HTTP_AUTHORIZATION')} {meta.get('HTTP_X_API_KEY')}"
            case "body":
                return body.decode("utf-8", "replace")
        return None
