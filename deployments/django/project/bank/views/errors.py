"""Errors, and the route that ends in one; the public pages too."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..middleware.answers import answer, dump, refuse
from .methods import only


@only("GET")
def boom(request: HttpRequest) -> HttpResponse:
    """Ends in a server error."""
    raise RuntimeError("this route fails")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a server error."""
    # FAULT error_page: the page helps the support, and shows them META.
    if settings.APP.fault("error_page") == "meta":
        return HttpResponse(f"RuntimeError\n\nMETA\n{dump(request)}", status=500, content_type="text/plain")
    return refuse(request, 500, "something went wrong")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of an unknown path."""
    if request.method in ("GET", "HEAD"):
        return refuse(request, 404, "there is nothing here")
    return refuse(request, 405, "not with this method")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a request that Django does not take: an unknown Host, for one."""
    return refuse(request, 400, "the request is not understood")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a change without the token."""
    return refuse(request, 403, "the CSRF token is missing or wrong")


@only("GET")
def healthz(request: HttpRequest) -> HttpResponse:
    """For the load balancer."""
    return answer(request, status="ok")


@only("GET")
def style(request: HttpRequest) -> HttpResponse:
    """A static file."""
    return HttpResponse("body { margin: 2em }\n", content_type="text/css")
