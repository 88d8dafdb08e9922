"""Who sends a request, and how that is known."""

from dataclasses import dataclass

from django.contrib.auth.models import User


@dataclass
class Caller:
    """The caller of one request; without a user it is nobody."""

    user: User | None = None
    # `certificate`, or what a fault takes instead; `tls` where the handshake is all the guard there is.
    via: str | None = None
    subject: str | None = None
    # The API key of the same user came along.
    has_key: bool = False
    # A certificate that is nobody's, but was let in.
    guest: str | None = None

    @property
    def name(self) -> str | None:
        """What the app calls the user."""
        return self.user.get_username() if self.user else self.guest

    @property
    def role(self) -> str | None:
        """`admin` or `user`."""
        if self.user is None:
            return "user" if self.guest else None
        return "admin" if self.user.has_perm("bank.view_report") else "user"
