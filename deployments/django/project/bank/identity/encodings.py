"""How senders write certificates into a value: each function gives the certificates in DER, leaf first."""

import base64
import binascii
import re
from urllib.parse import unquote

from . import Doubt

# More than the app servers let through as one header.
LONGEST = 128 * 1024
PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*")
ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2}|[!-$&-~])*")


def base64_der(text: str) -> list[bytes]:
    """HAProxy, Caddy, Azure App Service: one certificate."""
    try:
        return [base64.b64decode(text, validate=True)]
    except (binascii.Error, ValueError) as error:
        raise Doubt("the certificate is not in base64") from error


def pem(text: str) -> list[bytes]:
    """Text with line feeds, or with spaces where those were (Apache), or folded (nginx)."""
    found, place = [], 0
    while place < len(text):
        block = PEM.match(text, place)
        if block is None:
            raise Doubt("the certificate is not in PEM")
        found += base64_der("".join(block.group(1).split()))
        place = block.end()
    return found


def escaped_pem(text: str) -> list[bytes]:
    """nginx, Apache's `escape:`, AWS: percent-encoded PEM. A plus sign is a plus sign: this is no form."""
    if not ESCAPED.fullmatch(text):
        raise Doubt("the certificate is not percent-encoded")
    return pem(unquote(text, encoding="ascii", errors="replace"))


def base64_pem(text: str) -> list[bytes]:
    """Apache's `base64:` of the PEM text."""
    return pem(base64_der(text)[0].decode("latin-1"))


def comma_list(text: str) -> list[bytes]:
    """Traefik: the whole chain."""
    return [der for element in text.split(",") for der in base64_der(element)]


def structured(text: str) -> list[bytes]:
    """RFC 9440 Client-Cert: one byte sequence (RFC 8941 3.3.5)."""
    if len(text) < 3 or text[0] != ":" or text[-1] != ":":
        raise Doubt("the certificate is not a byte sequence")
    return base64_der(text[1:-1])


def structured_list(text: str) -> list[bytes]:
    """RFC 9440 Client-Cert-Chain."""
    return [der for element in text.split(",") for der in structured(element.strip(" \t"))]


def raw_der(text: str) -> list[bytes]:
    """uWSGI's https router: the bytes themselves, as WSGI spells bytes."""
    return [text.encode("latin-1")]


def concatenated_der(text: str) -> list[bytes]:
    """HAProxy's ssl_c_chain_der: certificates one after the other."""
    data, found = base64_der(text)[0], []
    while data:
        # SEQUENCE, two octets of length: a certificate has at least 256.
        length = int.from_bytes(data[2:4], "big") + 4
        if data[:2] != b"\x30\x82" or length > len(data):
            raise Doubt("the chain is not a row of certificates")
        found.append(data[:length])
        data = data[length:]
    return found
