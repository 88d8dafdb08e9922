"""Which methods a view takes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..middleware.answers import refuse

View = Callable[..., HttpResponse]


def only(*methods: str) -> Callable[[View], View]:
    """Refuses other methods; HEAD counts as GET."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else request.method
            if method not in methods:
                return refuse(request, 405, "not with this method")
            return view(request, *args, **kwargs)

        return checked

    return decorate
