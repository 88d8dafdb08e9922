"""The ways of being told who the client is, one row each: who says it, where, in which form."""

from collections.abc import Callable
from dataclasses import dataclass

from . import encodings

Decoder = Callable[[str], list[bytes]]


@dataclass(frozen=True)
class Source:
    """One convention."""

    # Where values are: `header`, `environ` (which no client's header can reach), `socket` or `nowhere`.
    carrier: str = "header"
    certificate: Decoder = encodings.base64_der
    chain: Decoder | None = None
    # Names of headers or variables that this sender does not let one choose, by role.
    names: tuple[tuple[str, str], ...] = ()
    # What the verify value says when all is well.
    success: str = "SUCCESS"
    # Values that stand for no certificate.
    nothing: tuple[str, ...] = ("",)
    # Whether the sender has verified the certificate. Where it has not, the app does.
    vouched: bool = True
    # Whether its texts of names are unambiguous (RFC 2253 escapes), so that they can be compared.
    clear_names: bool = True


ESCAPED = Source(certificate=encodings.escaped_pem)
PEM_LIKE = Source(certificate=encodings.pem, nothing=("", "(null)"))
# HAProxy says 0, X509_V_OK, without a certificate too: `present` (ssl_c_used) tells these apart.
HAPROXY = Source(chain=encodings.concatenated_der, success="0")

SOURCES: dict[str, Source] = {
    "apache": PEM_LIKE,
    "apache-base64": Source(certificate=encodings.base64_pem, nothing=("", "(null)")),
    "apache-escape": Source(certificate=encodings.escaped_pem, nothing=("", "(null)")),
    "apache-legacy-dn": Source(certificate=encodings.pem, nothing=("", "(null)"), clear_names=False),
    "aws-alb-passthrough": Source(
        certificate=encodings.escaped_pem,
        names=(("cert", "X-Amzn-Mtls-Clientcert"),),
        vouched=False,
    ),
    "aws-alb-verify": Source(
        certificate=encodings.escaped_pem,
        names=(("cert", "X-Amzn-Mtls-Clientcert-Leaf"),),
    ),
    "azure-app-service": Source(names=(("cert", "X-ARR-ClientCert"),), vouched=False),
    # Caddy 2.6 leaves the placeholder's own text where there is no certificate.
    "caddy": Source(
        nothing=("", "{http.request.tls.client.certificate_der_base64}", "{tls_client_certificate_der_base64}"),
        clear_names=False,
    ),
    "envoy": Source(certificate=encodings.escaped_pem, names=(("info", "X-Forwarded-Client-Cert"),)),
    "f5": Source(),
    "gunicorn": Source(carrier="socket"),
    "haproxy": Source(chain=encodings.concatenated_der, success="0", clear_names=False),
    "haproxy-rfc2253": HAPROXY,
    "ingress-nginx": Source(
        certificate=encodings.escaped_pem,
        names=(("cert", "ssl-client-cert"), ("verify", "ssl-client-verify")),
    ),
    "mod-wsgi": Source(
        carrier="environ",
        certificate=encodings.pem,
        names=(("cert", "SSL_CLIENT_CERT"), ("verify", "SSL_CLIENT_VERIFY"), ("subject", "SSL_CLIENT_S_DN")),
    ),
    "nginx": ESCAPED,
    "nginx-folded": Source(certificate=encodings.pem),
    "nginx-legacy-dn": Source(certificate=encodings.escaped_pem, clear_names=False),
    "nginx-uwsgi-param": Source(carrier="environ", certificate=encodings.pem),
    "none": Source(carrier="nowhere"),
    "rfc9440": Source(
        certificate=encodings.structured,
        chain=encodings.structured_list,
        names=(("cert", "Client-Cert"), ("chain", "Client-Cert-Chain")),
    ),
    "traefik": Source(
        certificate=encodings.comma_list,
        names=(("cert", "X-Forwarded-Tls-Client-Cert"),),
        clear_names=False,
    ),
    "uwsgi": Source(
        carrier="environ",
        certificate=encodings.raw_der,
        names=(("cert", "HTTPS_CLIENT_CERTIFICATE"), ("subject", "HTTPS_DN")),
        clear_names=False,
    ),
    "uwsgi-export-cert": Source(
        carrier="environ",
        certificate=encodings.pem,
        names=(("cert", "HTTPS_CC"), ("subject", "HTTPS_DN")),
        clear_names=False,
    ),
}
