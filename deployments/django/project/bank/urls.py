"""The routes."""

from django.urls import path

from .views import accounts, administration, caller, errors

urlpatterns = [
    path("accounts", accounts.accounts),
    path("accounts/<str:owner>", accounts.account),
    path("accounts/<str:owner>/notes", accounts.notes),
    path("admin/report", administration.report),
    path("admin/users", administration.users),
    path("boom", errors.boom),
    path("csrf", caller.csrf),
    path("healthz", errors.healthz),
    path("login", caller.login),
    path("static/app.css", errors.style),
    path("transfer", caller.transfer),
    path("vault", caller.vault),
    path("whoami", caller.whoami),
]
handler400 = "bank.views.errors.bad_request"
handler404 = "bank.views.errors.not_found"
handler500 = "bank.views.errors.server_error"
