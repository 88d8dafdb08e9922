"""Each way of being told who the client is: alice is alice, nobody is nobody, doubt is refused."""

import base64
from urllib.parse import quote_plus

import pytest

import lab
from bank.configuration import ConfigurationError
from bank.identity.sources import SOURCES

CERT = {"cert": "X-SSL-Client-Cert"}
VERIFY = {"verify": "X-SSL-Client-Verify"}


def der64(certificate) -> str:
    return base64.b64encode(certificate.public_bytes(lab.DER)).decode()


def pem(certificate) -> str:
    return certificate.public_bytes(lab.PEM).decode()


def apache_escaped(certificate) -> str:
    return pem(certificate).replace("\n", "%0a").replace(" ", "%20")


def xfcc(certificate, *, extra: str = "") -> str:
    fingerprint = lab.digest(certificate)
    subject = certificate.subject.rfc4514_string()
    return f'Hash={fingerprint};Cert="{lab.escaped(certificate)}";Subject="{subject}"{extra}'


class Peer:
    """The socket of an app server with TLS of its own."""

    def __init__(self, certificate=None) -> None:
        self.certificate = certificate

    def getpeercert(self, binary_form: bool = False) -> bytes | None:
        assert binary_form
        return self.certificate.public_bytes(lab.DER) if self.certificate else None


# Source, headers of the configuration, META for a certificate, META without one.
ALICE_TO_META = {
    "nginx": (lab.NGINX, lambda c: {"VERIFY": "SUCCESS", "CERT": lab.escaped(c)}, {"VERIFY": "NONE"}),
    "nginx-folded": (
        CERT | VERIFY,
        lambda c: {"VERIFY": "SUCCESS", "CERT": pem(c).replace("\n", "\n\t").strip()},
        {"VERIFY": "NONE"},
    ),
    "apache": (
        CERT | VERIFY,
        lambda c: {"VERIFY": "SUCCESS", "CERT": pem(c).replace("\n", " ")},
        {"VERIFY": "NONE", "CERT": "(null)"},
    ),
    "apache-escape": (
        CERT | VERIFY,
        lambda c: {"VERIFY": "SUCCESS", "CERT": apache_escaped(c)},
        {"VERIFY": "NONE", "CERT": ""},
    ),
    "apache-base64": (
        CERT | VERIFY,
        lambda c: {"VERIFY": "SUCCESS", "CERT": base64.b64encode(pem(c).encode()).decode()},
        {"VERIFY": "NONE", "CERT": ""},
    ),
    "haproxy": (
        CERT | VERIFY | {"present": "X-SSL-Client-Used"},
        lambda c: {"VERIFY": "0", "USED": "1", "CERT": der64(c)},
        {"VERIFY": "0", "USED": "0", "CERT": ""},
    ),
    "caddy": (CERT, lambda c: {"CERT": der64(c)}, {"CERT": "{http.request.tls.client.certificate_der_base64}"}),
}


def told(values: dict[str, str]) -> dict[str, str]:
    return {f"HTTP_X_SSL_CLIENT_{key}": text for key, text in values.items()}


FIXED_TO_META = {
    "envoy": lambda c: {"HTTP_X_FORWARDED_CLIENT_CERT": xfcc(c)},
    "traefik": lambda c: {"HTTP_X_FORWARDED_TLS_CLIENT_CERT": f"{der64(c)},{der64(lab.root())}"},
    "rfc9440": lambda c: {"HTTP_CLIENT_CERT": f":{der64(c)}:", "HTTP_CLIENT_CERT_CHAIN": f":{der64(lab.root())}:"},
    "aws-alb-verify": lambda c: {"HTTP_X_AMZN_MTLS_CLIENTCERT_LEAF": lab.escaped(c)},
    "aws-alb-passthrough": lambda c: {"HTTP_X_AMZN_MTLS_CLIENTCERT": lab.escaped(c)},
    "azure-app-service": lambda c: {"HTTP_X_ARR_CLIENTCERT": der64(c)},
    "mod-wsgi": lambda c: {"SSL_CLIENT_CERT": pem(c), "SSL_CLIENT_VERIFY": "SUCCESS"},
    "uwsgi": lambda c: {"HTTPS": "on", "HTTPS_CLIENT_CERTIFICATE": c.public_bytes(lab.DER).decode("latin-1")},
    "uwsgi-export-cert": lambda c: {"HTTPS_CC": pem(c), "HTTPS_DN": "/C=NL"},
    "gunicorn": lambda c: {"gunicorn.socket": Peer(c)},
}
OPERATORS = [(source, *rest) for source, rest in ALICE_TO_META.items()]
PASSTHROUGH = ["aws-alb-passthrough", "azure-app-service"]


@pytest.mark.parametrize(("source", "headers", "with_one", "without"), OPERATORS)
def test_headers_that_the_operator_names(app, source, headers, with_one, without):
    proxy = app(source=source, headers=headers)
    assert proxy.ask(**told(with_one(lab.user("alice")))).json()["identity"] == "alice"
    assert proxy.ask(**told(with_one(lab.user("nobody")))).status_code == 403
    assert proxy.ask(**told(without)).status_code == 401
    assert proxy.ask().status_code == 401
    assert proxy.ask(proven=False, **told(with_one(lab.user("alice")))).status_code == 403
    broken = with_one(lab.user("alice"))
    assert proxy.ask(**told(broken | {"CERT": broken["CERT"][40:]})).status_code == 400
    twice = f"{broken['CERT']},{with_one(lab.user('bob'))['CERT']}"
    assert proxy.ask(**told(broken | {"CERT": twice})).status_code == 400


@pytest.mark.parametrize("source", FIXED_TO_META)
def test_conventions_with_names_of_their_own(app, source):
    has_proxy = SOURCES[source].carrier == "header"
    proxy = app(source=source, headers={}, secret="X-Gateway-Key" if has_proxy else "")
    assert proxy.ask(**FIXED_TO_META[source](lab.user("alice"))).json()["identity"] == "alice"
    assert proxy.ask(**FIXED_TO_META[source](lab.user("nobody"))).status_code == 403
    assert proxy.ask().status_code == 401


def test_haproxys_zero_alone_says_nothing(app):
    names = CERT | VERIFY | {"present": "X-SSL-Client-Used"}
    proxy, cert = app(source="haproxy", headers=names), der64(lab.user("alice"))
    assert proxy.ask(**told({"VERIFY": "0", "USED": "0", "CERT": cert})).status_code == 400
    # A certificate that does not fit the buffer becomes an empty header.
    assert proxy.ask(**told({"VERIFY": "0", "USED": "1", "CERT": ""})).status_code == 400
    for code in ("10", "20", "21", "26"):
        assert proxy.ask(**told({"VERIFY": code, "USED": "1", "CERT": cert})).status_code == 403


@pytest.mark.parametrize("source", PASSTHROUGH)
def test_what_nobody_verified_the_app_verifies(app, source):
    proxy, meta = app(source=source, headers={}), FIXED_TO_META[source]
    assert proxy.ask(**meta(lab.user("alice"))).status_code == 200
    for certificate in (
        lab.issue(lab.name("alice"), signer=lab.name("alice")),
        lab.issue(lab.name("alice"), issuer=lab.name("alice")),
        lab.user("revoked"),
        lab.user("alice", days=(-3, -1)),
        lab.user("alice", purpose="server"),
    ):
        assert proxy.ask(**meta(certificate)).status_code == 403


def test_a_passed_through_chain_may_have_an_intermediate(app):
    other = lab.OTHER
    between = lab.issue(other, authority=True)
    leaf = lab.issue(lab.name("alice"), issuer=other)
    proxy = app(source="aws-alb-passthrough", headers={})
    header = "HTTP_X_AMZN_MTLS_CLIENTCERT"
    assert proxy.ask(**{header: lab.escaped(leaf, between)}).json()["identity"] == "alice"
    assert proxy.ask(**{header: lab.escaped(leaf)}).status_code == 403
    not_a_ca = lab.issue(other, authority=False)
    assert proxy.ask(**{header: lab.escaped(leaf, not_a_ca)}).status_code == 403
    # The configured issuing CA need not come along, and is no root by itself.
    assert proxy.ask(**{header: lab.escaped(lab.user("alice", issuer=lab.ISSUING))}).status_code == 200
    forged = lab.user("alice", issuer=lab.ISSUING, signer="CN=x")
    assert proxy.ask(**{header: lab.escaped(forged)}).status_code == 403
    # The client proved the key of the first alone.
    assert proxy.ask(**{header: lab.escaped(lab.user("bob"), leaf, between)}).json()["identity"] == "bob"


def test_envoys_element_is_one_and_says_everything_once(app):
    proxy, alice, bob = app(source="envoy", headers={}), lab.user("alice"), lab.user("bob")

    def ask(text: str):
        return proxy.ask(HTTP_X_FORWARDED_CLIENT_CERT=text)

    assert ask(xfcc(alice, extra=";URI=spiffe://td/sa;URI=urn:two")).json()["identity"] == "alice"
    assert ask(f"{xfcc(bob)},{xfcc(alice)}").status_code == 400
    assert ask(xfcc(alice, extra=f';URI=spiffe://x;Cert="{lab.escaped(bob)}"')).status_code == 400
    assert ask(f'Hash=00;Cert="{lab.escaped(alice)}"').status_code == 400
    assert ask(f"Hash={lab.digest(alice)}").status_code == 400
    assert ask(xfcc(alice)[:-1]).status_code == 400


def test_rfc9440_takes_one_byte_sequence(app):
    proxy, alice = app(source="rfc9440", headers={}), der64(lab.user("alice"))
    for text in (alice, f":{alice}", f":{alice}:, :{alice}:", "::", ":!:"):
        assert proxy.ask(HTTP_CLIENT_CERT=text).status_code == 400, text


def test_variables_cannot_come_from_headers(app):
    alice = lab.user("alice")
    proxy = app(source="mod-wsgi", headers={}, secret="")
    headers = {"HTTP_SSL_CLIENT_CERT": pem(alice), "HTTP_SSL_CLIENT_VERIFY": "SUCCESS"}
    assert proxy.ask(**headers).status_code == 401
    assert proxy.ask(SSL_CLIENT_CERT=pem(alice), SSL_CLIENT_VERIFY="GENEROUS").status_code == 403
    assert proxy.ask(SSL_CLIENT_CERT="", SSL_CLIENT_VERIFY="NONE").status_code == 401
    names = {"cert": "SSL_CLIENT_CERT", "verify": "SSL_CLIENT_VERIFY"}
    proxy = app(source="nginx-uwsgi-param", headers=names, secret="GATEWAY_KEY")
    meta = {"SSL_CLIENT_CERT": pem(alice), "SSL_CLIENT_VERIFY": "SUCCESS"}
    assert proxy.ask(GATEWAY_KEY=lab.SECRET, **meta).json()["identity"] == "alice"
    assert proxy.ask(HTTP_GATEWAY_KEY=lab.SECRET, **meta).status_code == 403


def test_names_without_a_certificate_are_compared_as_they_are(app):
    names = {"verify": "X-SSL-Client-Verify", "subject": "X-SSL-Client-S-DN", "issuer": "X-SSL-Client-I-DN"}
    proxy = app(headers=names)
    alice = {"verify": "SUCCESS", "subject": lab.name("alice"), "issuer": lab.CA}
    assert proxy.ask(**proxy.meta(**alice)).json()["identity"] == "alice"
    for change in (
        {"issuer": "CN=Other,O=Example"},
        {"issuer": ""},
        {"subject": lab.name("ALICE")},
        {"subject": lab.name("alice") + " "},
        {"subject": f"{lab.name('alice')},{lab.name('bob')}"},
    ):
        assert proxy.ask(**proxy.meta(**(alice | change))).status_code == 403, change
    with pytest.raises(ConfigurationError):
        app(source="haproxy", headers=names).ask()


def test_where_tls_is_the_guard_everybody_is_let_in_as_nobody(app):
    proxy = app(source="none", headers={}, secret="")
    assert proxy.ask().json() | {"nonce": None} == {
        "identity": None,
        "role": None,
        "via": "tls",
        "subject": None,
        "nonce": None,
    }
    for path in ("/accounts/alice", "/admin/report", "/vault"):
        assert proxy.ask(path).status_code == 403
    form = {"data": "user=alice&password=alice-lab-password", "content_type": "application/x-www-form-urlencoded"}
    assert proxy.ask("/login", "POST", **form).status_code == 200
    assert proxy.ask("/accounts/alice").json()["identity"] == "alice"


@pytest.mark.parametrize("mapping", ["san", "issuer-serial", "fingerprint"])
def test_other_mappings(app, mapping):
    proxy = app(mapping=mapping)
    assert proxy.of("alice").json()["identity"] == "alice"
    twin = lab.issue(lab.name("alice"), san="mallory@example.test")
    assert proxy.of(twin).status_code == 403


def test_the_table_of_sources_is_sorted():
    assert list(SOURCES) == sorted(SOURCES)


def test_traefiks_info_is_not_needed(app):
    names = {"cert": "X-Forwarded-Tls-Client-Cert", "info": "X-Forwarded-Tls-Client-Cert-Info"}
    proxy, alice = app(source="traefik", headers=names), lab.user("alice")
    info = quote_plus('Subject="C=NL,O=Example,OU=people,CN=bob"')
    meta = proxy.meta(cert=der64(alice), info=info)
    assert proxy.ask(**meta).json()["identity"] == "alice"
