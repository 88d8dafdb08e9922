"""A certificate with any bytes in it: DER written here, signed by the openssl command with an RSA key.

RSA signatures (PKCS #1 v1.5) and fixed serial numbers make the same certificate on every run. What is written here is
what `certs-gen` cannot ask for by name: string types, orders and escapes that the printers of names differ on.
"""

import base64
import subprocess

COMMON_NAME = "2.5.4.3"
SHA256_RSA = "1.2.840.113549.1.1.11"


def element(identifier, contents):
    length = len(contents)
    if length < 0x80:
        head = bytes([length])
    else:
        octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
        head = bytes([0x80 | len(octets)]) + octets
    return bytes([identifier]) + head + contents


def sequence(*parts):
    return element(0x30, b"".join(parts))


def identifier(dotted):
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        out += bytes(reversed(groups))
    return element(6, out)


def name(rdns):
    """`rdns` in the order of the encoding; each a list of (type, string tag, content octets)."""
    sets = [
        element(0x31, b"".join(sequence(identifier(kind), element(tag, octets)) for kind, tag, octets in rdn))
        for rdn in rdns
    ]
    return sequence(*sets)


def extension(dotted, critical, value):
    flag = element(1, b"\xff") if critical else b""
    return sequence(identifier(dotted), flag, element(4, value))


def leaf_extensions(alternatives):
    found = [
        extension("2.5.29.19", True, sequence()),
        extension("2.5.29.15", True, element(3, b"\x07\x80")),
        extension("2.5.29.37", False, sequence(identifier("1.3.6.1.5.5.7.3.2"))),
    ]
    if alternatives:
        names = [element(tag, octets) for tag, octets in alternatives]
        found.append(extension("2.5.29.17", False, sequence(*names)))
    return found


def authority_extensions():
    return [
        extension("2.5.29.19", True, sequence(element(1, b"\xff"))),
        extension("2.5.29.15", True, element(3, b"\x01\x06")),
    ]


def server_extensions():
    return [
        extension("2.5.29.17", False, sequence(element(0x82, b"localhost"))),
        extension("2.5.29.37", False, sequence(identifier("1.3.6.1.5.5.7.3.1"))),
    ]


def public_key(key):
    return openssl("pkey", "-in", key, "-pubout", "-outform", "DER")


def certificate(subject, issuer, serial, key, issuer_key, extensions, begin=b"201101000000Z", end=b"451101000000Z"):
    """DER; `key` and `issuer_key` are PEM files, `serial` the content octets, the names DER."""
    algorithm = sequence(identifier(SHA256_RSA), element(5, b""))
    signed = sequence(
        element(0xA0, element(2, b"\x02")),
        element(2, serial),
        algorithm,
        issuer,
        sequence(*(element(0x17 if len(moment) == 13 else 0x18, moment) for moment in (begin, end))),
        subject,
        public_key(key),
        element(0xA3, sequence(*extensions)),
    )
    signature = openssl("dgst", "-sha256", "-sign", issuer_key, stdin=signed)
    return sequence(signed, algorithm, element(3, b"\x00" + signature))


def pem(der):
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def ders(text):
    """The certificates of a PEM text."""
    parts = text.split("-----BEGIN CERTIFICATE-----")[1:]
    return [base64.b64decode("".join(part.split("-----END")[0].split())) for part in parts]


def openssl(*arguments, stdin=b""):
    done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, timeout=60, check=True)
    return done.stdout
