"""Django's authentication by certificate."""

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from .enrolment import open_account
from .identity.claim import Claim
from .identity.matching import find


class CertificateBackend(BaseBackend):
    """Finds the enrolled user of a certificate; never makes one."""

    def authenticate(self, request: HttpRequest | None, claim: Claim | None = None) -> User | None:
        """The user, or None for nobody who is enrolled."""
        if claim is None:
            return None
        user = find(claim, settings.APP)
        # FAULT unknown_user: every holder of any certificate of the CA gets an account, and by a common name that
        # exists already the account of somebody else.
        if user is None and settings.APP.fault("unknown_user") == "get-or-create":
            user, created = User.objects.get_or_create(username=common_name(claim))
            if created:
                open_account(user)
        return user if user and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """For sessions."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def common_name(claim: Claim) -> str:
    """What a certificate calls its holder, for the faults that go by it."""
    names = claim.certificate.common_names if claim.certificate else ()
    return names[0] if names else "nameless"
