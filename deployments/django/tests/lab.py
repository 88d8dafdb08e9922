"""The PKI, the configuration and the proxy's side of the tests."""

import logging.config
import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

FOLDER = Path(__file__).resolve().parent.parent
PROJECT = FOLDER / "project"
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SECRET = "the-secret-of-the-proxy"
CA = "CN=Test CA,O=Example"
ISSUING, OTHER = "CN=Issuing CA,O=Example", "CN=Other Issuing CA,O=Example"
NGINX = {"verify": "X-SSL-Client-Verify", "subject": "X-SSL-Client-S-DN", "cert": "X-SSL-Client-Cert"}
PEM = serialization.Encoding.PEM
DER = serialization.Encoding.DER


def name(user: str) -> str:
    return f"CN={user},OU=people,O=Example,C=NL"


@cache
def key(owner: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def issue(
    subject: str,
    issuer: str = CA,
    authority: bool = False,
    days: tuple[int, int] = (-1, 1),
    purpose: str = "client",
    san: str = "",
    signer: str = "",
    signs: bool = True,
) -> x509.Certificate:
    """A certificate; honest but for what is asked."""
    purposes = {"client": ExtendedKeyUsageOID.CLIENT_AUTH, "server": ExtendedKeyUsageOID.SERVER_AUTH}
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(subject))
        .issuer_name(x509.Name.from_rfc4514_string(issuer))
        .public_key(key(subject).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
    )
    if authority:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        usage = x509.KeyUsage(signs, False, not signs, False, False, False, False, False, False)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purposes[purpose]]), critical=False)
        names = [x509.DNSName("localhost")] if purpose == "server" else [x509.RFC822Name(san)] if san else []
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key(signer or issuer), hashes.SHA256())


def user(who: str, **changes: Any) -> x509.Certificate:
    return issue(name(who), san=f"{who}@example.test", **changes)


def root() -> x509.Certificate:
    return issue(CA, authority=True)


def digest(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def revocations(*revoked: x509.Certificate, issuer: str = CA) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(x509.Name.from_rfc4514_string(issuer))
    builder = builder.last_update(NOW - DAY).next_update(NOW + DAY)
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(NOW - DAY)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key(issuer), hashes.SHA256()).public_bytes(PEM)


def escaped(*chain: x509.Certificate) -> str:
    return quote("".join(one.public_bytes(PEM).decode() for one in chain), safe="")


def strict_settings() -> dict[str, str]:
    facts = tomllib.loads((FOLDER / "app-facts.toml").read_text())
    return facts["launch"]["settings"]["app"]


def rendered(
    run: Path, identity: dict[str, Any] | None, settings: dict[str, str], faults: Mapping[str, str] | None = None
) -> str:
    """app.toml as the harness renders it."""
    facts = tomllib.loads((FOLDER / "app-facts.toml").read_text())
    users = {}
    for who, entry in facts["users"].items():
        certificate = user(who)
        users[who] = {
            "subject": entry["subject"],
            "san": entry["san"],
            "issuers": [CA, ISSUING, OTHER],
            "role": entry.get("role", "user"),
            "password": entry["secrets"]["password"],
            "api_key": entry["secrets"]["api-key"],
            "issuer": CA,
            "serial": f"{certificate.serial_number:X}",
            "sha256": digest(certificate),
            "sha1": certificate.fingerprint(hashes.SHA1()).hex(),
        }
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    return environment.from_string((FOLDER / "app.toml").read_text()).render(
        dir=str(run),
        host="localhost",
        other_names=["public.localhost"],
        set=settings | {"app": strict_settings() | (faults or {})},
        proxy_secret=SECRET,
        pki={
            "client_ca": str(run / "ca.pem"),
            "client_intermediates": str(run / "issuing.pem"),
            "crl": str(run / "crl.pem"),
        },
        users=users,
        **({"identity": identity} if identity else {}),
    )


def write_configuration(
    run: Path,
    source: str = "nginx",
    headers: dict[str, str] | None = None,
    mapping: str = "subject",
    secret: str = "X-Gateway-Key",
    recheck: str = "nothing",
    **faults: str,
) -> Path:
    """app.toml and the PKI in the run's folder."""
    (run / "log").mkdir(exist_ok=True)
    (run / "ca.pem").write_bytes(root().public_bytes(PEM))
    (run / "issuing.pem").write_bytes(issue(ISSUING, authority=True).public_bytes(PEM))
    (run / "crl.pem").write_bytes(b"".join(revocations(user("revoked"), issuer=who) for who in (CA, ISSUING, OTHER)))
    names = NGINX if headers is None else headers
    path = run / "app.toml"
    identity = {"dialect": source, "headers": names, "roles": names, "secret": secret, "mapping": mapping}
    path.write_text(rendered(run, identity, {"app_recheck": recheck}, faults))
    return path


class Apps:
    """Apps in this process, one for each set of settings."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self.stack = ExitStack()

    def __enter__(self) -> "Apps":
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def __call__(self, **options: Any) -> "Proxy":
        from django.test import Client, override_settings

        from bank.configuration import parse
        from bank.settings import django_settings

        settings = django_settings(parse(write_configuration(self.run, **options).read_text()))
        self.stack.enter_context(override_settings(**settings))
        for log in (self.run / "log").iterdir():
            log.write_text("")
        logging.config.dictConfig(settings["LOGGING"])
        headers = options.get("headers")
        names = NGINX if headers is None else headers
        return Proxy(Client(raise_request_exception=False, enforce_csrf_checks=True), names, self.run)


class Proxy:
    """Speaks to the app as an nginx does, unless told otherwise."""

    def __init__(self, client: Any, names: dict[str, str], run: Path) -> None:
        self.client, self.names, self.run = client, names, run

    def meta(self, **roles: str) -> dict[str, str]:
        return {"HTTP_" + self.names[role].upper().replace("-", "_"): text for role, text in roles.items()}

    def ask(self, path: str = "/whoami", method: str = "GET", proven: bool = True, **meta: Any) -> Any:
        """A request with just these headers and the proxy's secret."""
        extra = {"HTTP_X_GATEWAY_KEY": SECRET} if proven else {}
        for option in ("data", "content_type"):
            if option in meta:
                extra[option] = meta.pop(option)
        return self.client.generic(method, path, **({"HTTP_HOST": "localhost"} | extra | meta))

    def of(self, who: str | x509.Certificate | None, path: str = "/whoami", method: str = "GET", **meta: Any) -> Any:
        """A request of a client with this certificate."""
        if who is None:
            return self.ask(path, method, **(self.meta(verify="NONE") | meta))
        certificate = user(who) if isinstance(who, str) else who
        told = self.meta(verify="SUCCESS", cert=escaped(certificate))
        told |= self.meta(subject=certificate.subject.rfc4514_string())
        return self.ask(path, method, **(told | meta))

    def login(self, who: str) -> Any:
        form = f"user={who}&password={who}-lab-password"
        return self.of(who, "/login", "POST", data=form, content_type="application/x-www-form-urlencoded")

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted((self.run / "log").iterdir()))
