"""Django's settings, worked out from the configuration file."""

import os
from pathlib import Path
from typing import Any

from .configuration import Configuration, parse
from .logs import logging_settings

YEAR = 365 * 24 * 3600


def secret_key(folder: Path) -> str:
    """What `prepare` wrote; empty before that, and Django starts nothing with an empty key but management commands."""
    path = folder / "secret-key"
    return path.read_text("ascii") if path.exists() else ""


def django_settings(app: Configuration) -> dict[str, Any]:
    """All of Django's settings for `app`."""
    cookies = app.fault("cookies")
    # FAULT cookies: SameSite=None "because the single sign-on stopped working", or the attribute left out.
    same_site = {"no-same-site": False, "same-site-none": "None"}.get(cookies, "Strict")
    # FAULT forwarded_proto: SECURE_PROXY_SSL_HEADER behind a proxy that passes the client's own header.
    believes_header = app.fault("forwarded_proto") == "trust"
    scheme = ("HTTP_X_FORWARDED_PROTO", "https") if believes_header else None
    # uWSGI makes wsgi.url_scheme of anybody's X-Forwarded-Proto. HTTPS is a variable of its https router.
    if app.source in ("uwsgi", "uwsgi-export-cert") and not believes_header:
        scheme = ("HTTPS", "on")
    return {
        "APP": app,
        # FAULT debug: the development settings went to production.
        "DEBUG": app.fault("debug") == "on",
        # FAULT allowed_hosts: ["*"].
        "ALLOWED_HOSTS": ["*"] if app.fault("allowed_hosts") == "any" else list(app.hosts),
        "ROOT_URLCONF": "bank.urls_unanchored" if app.fault("exempt_paths") == "prefix" else "bank.urls",
        "SECURE_PROXY_SSL_HEADER": scheme,
        "SECURE_SSL_REDIRECT": believes_header,
        # Sent on https only. Behind a proxy that ends TLS this header is the proxy's business.
        # FAULT hsts.
        "SECURE_HSTS_SECONDS": {"on": 2 * YEAR, "short": 60, "off": 0}[app.fault("hsts")],
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        # FAULT cookies: the browser sends them over plain HTTP, or scripts read them.
        "SESSION_COOKIE_SECURE": cookies != "no-secure",
        "CSRF_COOKIE_SECURE": cookies != "no-secure",
        "SESSION_COOKIE_HTTPONLY": cookies != "no-http-only",
        "SESSION_COOKIE_SAMESITE": same_site,
        "CSRF_COOKIE_SAMESITE": same_site,
        "LOGGING": logging_settings(app),
    }


# Outermost first.
MIDDLEWARE = [
    "bank.middleware.access.AccessLog",
    "bank.middleware.proxy.ProxyProof",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "bank.middleware.csrf.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bank.middleware.identity.CertificateMiddleware",
    "bank.middleware.guard.Guard",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "bank",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "bank.backends.CertificateBackend",
]
PASSWORD_HASHERS = ["bank.hashers.QuickHasher"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
CSRF_FAILURE_VIEW = "bank.views.errors.csrf_failure"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
USE_TZ = True
WSGI_APPLICATION = "bank.wsgi.application"

_app = parse(Path(os.environ["APP_CONFIG"]).read_text("utf-8"))
globals().update(django_settings(_app))
SECRET_KEY = secret_key(_app.folder)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _app.folder / "db.sqlite3",
        # Workers write at the same time: they wait for each other.
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }
}
