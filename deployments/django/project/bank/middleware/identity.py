"""Who is the caller? The certificate's user first, then what else claims to be somebody."""

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from ..backends import common_name
from ..enrolment import key_digest
from ..identity import Doubt, Refusal
from ..identity.caller import Caller
from ..identity.claim import Claim, Reader
from ..models import ApiKey
from .answers import refuse
from .guard import is_public
from .proxy import GetResponse

# Headers of other conventions that a gullible app believes.
OTHER_HEADERS = ("REMOTE_USER", "X_AUTH_USER", "X_FORWARDED_USER", "X_REMOTE_USER", "X_USER")


class CertificateMiddleware:
    """Sets `request.caller`, and `request.user` to the same user."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.reader = Reader.new(settings.APP)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.caller = Caller()
        if is_public(request):
            return self.get_response(request)
        try:
            caller = self.caller(request)
        except Doubt as doubt:
            return refuse(request, 400, str(doubt))
        except Refusal as refusal:
            return refuse(request, 403, str(refusal))
        if caller.user:
            request.user = caller.user
        request.caller = caller
        return self.get_response(request)

    def caller(self, request: HttpRequest) -> Caller:
        """The caller."""
        app = settings.APP
        claim = self.reader.read(request.META)
        by_session = request.user if request.user.is_authenticated else None
        key = request.META.get("HTTP_X_API_KEY")
        by_key = self.key_owner(key)
        if claim is None:
            return self.without_certificate(request, by_session, by_key)
        caller = self.by_certificate(request, claim)
        if by_session and by_session != caller.user:
            # FAULT session: a cookie that was given to another certificate is enough (PersistentRemoteUserMiddleware).
            if app.fault("session") != "overrides":
                raise Refusal("the session is another user's")
            caller = Caller(by_session, "session")
        if key is not None:
            if by_key is None or by_key != caller.user:
                raise Refusal("the API key is not this user's")
            caller.has_key = True
        return caller

    def by_certificate(self, request: HttpRequest, claim: Claim) -> Caller:
        """The user of the certificate."""
        user = authenticate(request, claim=claim)
        subject = claim.certificate.subject if claim.certificate else claim.subject_text
        if user:
            return Caller(user, "certificate", subject)
        # FAULT unknown_user: the presence of a certificate is taken for authorization.
        if settings.APP.fault("unknown_user") == "serve":
            return Caller(None, "certificate", subject, guest=common_name(claim))
        raise Refusal("nobody is enrolled under this certificate")

    def without_certificate(self, request: HttpRequest, by_session: User | None, by_key: User | None) -> Caller:
        """Nobody, unless a fault, or a deployment that leaves the guarding to TLS, lets something else count."""
        app = settings.APP
        if app.source == "none":
            return Caller(by_session, "session" if by_session else "tls")
        # FAULT session: the login of old goes on working beside the certificate.
        if app.fault("session") == "fallback" and by_session:
            return Caller(by_session, "session")
        # FAULT api_key, second_factor: either of two factors will do.
        either = app.fault("api_key") == "fallback" or app.fault("second_factor") == "either"
        if either and by_key:
            return Caller(by_key, "api-key", has_key=True)
        # FAULT other_headers: RemoteUserMiddleware with a header, left over from the single sign-on before.
        if app.fault("other_headers") == "remote-user":
            named = next((request.META[f"HTTP_{name}"] for name in OTHER_HEADERS if f"HTTP_{name}" in request.META), "")
            user = User.objects.filter(username=named).first()
            if user:
                return Caller(user, "header")
        return Caller()

    def key_owner(self, key: str | None) -> User | None:
        """The user of an API key, looked up by its digest."""
        row = ApiKey.objects.select_related("user").filter(sha256=key_digest(key)).first() if key else None
        return row.user if row else None
