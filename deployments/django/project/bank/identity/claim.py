"""What one request's headers, variables or socket say of the client, and whether it may be believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ..configuration import Configuration, ConfigurationError
from . import Doubt, Refusal, chain, xfcc
from .certificate import Certificate, check_profile, check_purpose, check_signature
from .encodings import LONGEST
from .sources import SOURCES, Source

# Roles in whose values no comma stands.
SINGLE = ("cert", "fingerprint", "present", "verify")


@dataclass(frozen=True)
class Claim:
    """A client whom the sender vouches for."""

    certificate: Certificate | None = None
    # The sender's own texts, where it sends them.
    subject_text: str | None = None
    issuer_text: str | None = None
    # What a header says that the fingerprint is; None unless a fault believes it.
    fingerprint: str | None = None


@dataclass(frozen=True)
class Reader:
    """A source with the configured names."""

    app: Configuration
    source: Source
    names: Mapping[str, str]

    @classmethod
    def new(cls, app: Configuration) -> "Reader":
        """Checks that the configuration can tell clients apart."""
        source = SOURCES.get(app.source)
        if source is None:
            raise ConfigurationError(f"source = {app.source!r}: valid are {', '.join(SOURCES)}")
        names = dict(app.headers) or dict(source.names)
        by_text = source.carrier in ("header", "environ") and not {"cert", "info"} & names.keys()
        is_strict = app.fault("matching") == "exact" and app.fault("issuer") == "check"
        is_clear = source.clear_names and {"subject", "issuer"} <= names.keys()
        if by_text and is_strict and not is_clear:
            raise ConfigurationError(f"{app.source} needs the cert header, or subject and issuer in RFC 2253")
        if (not source.vouched or app.recheck == "chain") and app.client_ca is None:
            raise ConfigurationError("to verify chains, the app needs [pki] client_ca")
        return cls(app, source, names)

    def key(self, name: str) -> str:
        """Under which key of the environ a header or variable is found."""
        if self.source.carrier == "environ":
            return name
        return "HTTP_" + name.upper().replace("-", "_")

    def value(self, environ: Mapping[str, Any], role: str) -> str | None:
        """The value of a role; None if it is not used, absent, or stands for nothing."""
        name = self.names.get(role)
        text = environ.get(self.key(name)) if name else None
        if text is None:
            return None
        if len(text) > LONGEST:
            raise Doubt("an identity header is too long")
        # Variables come once, and Traefik puts a comma between the certificates of a chain.
        is_list = self.source.carrier == "environ" or self.app.source == "traefik"
        if role in SINGLE and "," in text and not is_list:
            text = self.single(text, role)
        return None if text in self.source.nothing else text

    def single(self, text: str, role: str) -> str:
        """What a header counts for that came twice: every server here joins the lines with a comma."""
        # FAULT duplicates: `value.split(",")[0]`, since a proxy that adds its line to the client's was seen.
        match self.app.fault("duplicates"):
            case "first":
                return text.split(",")[0].strip()
            case "last":
                return text.split(",")[-1].strip()
        # The verify value is compared whole.
        if role == "verify":
            return text
        raise Doubt("an identity header came twice")

    def read(self, environ: Mapping[str, Any]) -> Claim | None:
        """The client whom the sender vouches for; None for a client without a certificate."""
        match self.source.carrier:
            case "nowhere":
                return None
            case "socket":
                return self.from_socket(environ)
            case _:
                return self.from_values(environ)

    def from_socket(self, environ: Mapping[str, Any]) -> Claim | None:
        """gunicorn with TLS of its own: the peer's certificate, which the handshake has verified."""
        socket = environ.get("gunicorn.socket")
        der = socket.getpeercert(binary_form=True) if hasattr(socket, "getpeercert") else None
        return self.checked([Certificate.parse(der)], None, None, None) if der else None

    def from_values(self, environ: Mapping[str, Any]) -> Claim | None:
        """Headers or variables."""
        info = self.value(environ, "info")
        if self.app.source == "envoy":
            return self.from_xfcc(info) if info else None
        cert, subject = self.value(environ, "cert"), self.value(environ, "subject")
        subject = _utf8(subject)
        if subject is None and info and self.app.source == "traefik":
            subject = _traefik_subject(info)
        is_there = cert is not None or ("cert" not in self.names and subject is not None)
        verified = self.is_valid(environ, is_there)
        fingerprint = self.value(environ, "fingerprint")
        if not is_there:
            if self.app.fault("fingerprint") == "believe" and fingerprint:
                return Claim(fingerprint=fingerprint)
            # HAProxy's 0 alone says nothing.
            tells = self.source.success != "0" or "present" in self.names
            if tells and verified and self.app.fault("is_valid") == "check":
                raise Doubt("a certificate was verified, but not forwarded")
            return None
        if not verified:
            raise Refusal("the certificate was not verified")
        ders = self.source.certificate(cert) if cert is not None else []
        rest = self.value(environ, "chain") if self.source.chain else None
        if rest:
            ders += self.source.chain(rest)
        certificates = [Certificate.parse(der) for der in ders]
        return self.checked(certificates, subject, _utf8(self.value(environ, "issuer")), fingerprint)

    def is_valid(self, environ: Mapping[str, Any], is_there: bool) -> bool:
        """Whether the sender says that it has verified the certificate."""
        # FAULT is_valid: the stub of the first sprint. The header says SUCCESS, NONE or FAILED; nobody looks.
        if self.app.fault("is_valid") == "always":
            return True
        if "verify" not in self.names:
            return is_there
        text = self.value(environ, "verify")
        success = self.source.success
        used = self.value(environ, "present") if "present" in self.names else "1"
        if used != "1":
            if is_there:
                raise Doubt("a certificate, and the word that there is none")
            return False
        if text in (None, "NONE"):
            if is_there:
                raise Doubt("a certificate, and the word that there is none")
            return False
        # FAULT verify: loosely compared. FAILED:... and GENEROUS are not NONE; 10 (expired) and 20 (issuer unknown)
        # contain HAProxy's 0; a second, forged line makes `FAILED:...,SUCCESS`.
        match self.app.fault("verify"):
            case "contains":
                return success in text
            case "startswith":
                return text.startswith(success)
            case "not-none":
                return True
            case _:
                return text == success

    def from_xfcc(self, text: str) -> Claim | None:
        """Envoy, which sends the header only with a certificate that it has verified."""
        pairs = xfcc.element(text, self.app.fault("xfcc_element"))
        encoded = pairs.get("Cert") or pairs.get("Chain")
        certificates = [Certificate.parse(der) for der in self.source.certificate(encoded or "")]
        subject = _utf8(pairs.get("Subject"))
        if not certificates and not subject and not pairs.get("Hash"):
            raise Doubt("the element names nobody")
        return self.checked(certificates, subject, None, pairs.get("Hash"))

    def checked(
        self,
        certificates: list[Certificate],
        subject: str | None,
        issuer: str | None,
        fingerprint: str | None,
    ) -> Claim:
        """The claim, if the certificate is sound and agrees with what is said beside it."""
        leaf = certificates[0] if certificates else None
        if leaf:
            self.check(certificates)
        # FAULT chain_element: the list is searched for a user's certificate, and the last one found is taken, where the
        # first is the one whose key was proven (CVE-2023-2422).
        if self.app.fault("chain_element") == "last" and certificates:
            leaf = next((one for one in reversed(certificates) if not one.is_authority), leaf)
        # FAULT fingerprint: the header is looked up as it comes, "it is only a hash".
        if self.app.fault("fingerprint") == "believe":
            return Claim(leaf, subject, issuer, fingerprint)
        if fingerprint is not None:
            said = fingerprint.replace(":", "").lower()
            if leaf is None or said not in (leaf.sha1, leaf.sha256):
                raise Doubt("the fingerprint is not the certificate's")
        return Claim(leaf, subject, issuer)

    def check(self, certificates: list[Certificate]) -> None:
        """Looks at the certificate itself: wholly where nobody has verified it, else as far as is configured."""
        app = self.app
        # FAULT forwarded_chain: "the load balancer does mutual TLS". In passthrough mode it checks nothing.
        alone = not self.source.vouched and app.fault("forwarded_chain") == "verify"
        if alone or app.recheck == "chain":
            chain.verify(certificates, app.client_ca, app.intermediates, app.crl)
            return
        # FAULT profile: what the proxy's TLS library takes is good enough.
        if app.fault("profile") == "check":
            check_profile(certificates[0])
        if app.recheck == "signature":
            check_signature(certificates[0])
        if app.recheck == "purpose":
            check_purpose(certificates[0])


def _utf8(text: str | None) -> str | None:
    """WSGI hands over octets as latin-1; Apache writes UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8") if text else text
    except UnicodeError:
        return text


def _traefik_subject(info: str) -> str | None:
    """The subject's text in Traefik's -Info: unescaped commas and all, so only the naive matchers use it."""
    _, _, rest = unquote_plus(info).partition('Subject="')
    return rest.partition('"')[0] or None
