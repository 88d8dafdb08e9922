"""The routes as the fault exempt_paths has them: a pattern without `^` and `$` matches anywhere in a path."""

from django.urls import re_path

from . import urls
from .views import caller

urlpatterns = [*urls.urlpatterns, re_path(r"whoami", caller.whoami)]
handler400 = urls.handler400
handler404 = urls.handler404
handler500 = urls.handler500
