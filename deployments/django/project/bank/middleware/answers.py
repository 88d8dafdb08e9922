"""Answers of the middleware and views: compact JSON with the request's nonce, and nothing of its headers."""

from typing import Any

from django.http import HttpRequest, JsonResponse


def answer(request: HttpRequest, code: int = 200, **values: Any) -> JsonResponse:
    """A JSON answer that no cache keeps."""
    values["nonce"] = request.GET.get("nonce")
    response = JsonResponse(values, status=code, json_dumps_params={"separators": (",", ":")})
    response["Cache-Control"] = "no-store"
    return response


def refuse(request: HttpRequest, code: int, reason: str) -> JsonResponse:
    """A refusal, whose reason holds nothing that the client sent."""
    return answer(request, code, error=reason)


def dump(request: HttpRequest) -> str:
    """All headers and variables, for the faults that show them."""
    return "\n".join(f"{key}: {value}" for key, value in sorted(request.META.items()) if isinstance(value, str))
