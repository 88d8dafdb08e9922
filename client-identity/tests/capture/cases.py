"""Which certificates are shown to the servers."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import mint

UTF8, NUMERIC, PRINTABLE, T61, IA5, VISIBLE, GENERAL, UNIVERSAL, BMP = 12, 18, 19, 20, 22, 26, 27, 28, 30
CN, O, OU, C, SERIAL, EMAIL = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6", "2.5.4.5", "1.2.840.113549.1.9.1"
ST, L, STREET, POSTAL, UID, DC = (
    "2.5.4.8", "2.5.4.7", "2.5.4.9", "2.5.4.17", "0.9.2342.19200300.100.1.1", "0.9.2342.19200300.100.1.25",
)
UNKNOWN = "1.3.6.1.4.1.99999.1"
EMAIL_NAME, DNS_NAME, URI_NAME, IP_NAME = 0x81, 0x82, 0x86, 0x87

# What certs-gen has; a trailing `*` stands for every fault of that beginning.
CATALOGUE = [
    "alice", "cn-*", "dns-name-admin", "email-a*", "email-nul", "email-t*", "empty-subject", "no-common-name", "no-names", "organization-admin",
    "principal-name-admin", "directory-name-admin", "reversed-subject", "san-*", "two-cns-*", "uid-admin", "uri-admin",
    "address-added", "serial-negative", "serial-21-octets", "serial-zero", "generalized-time-before-2050",
    "hundred-names", "odd-bmp-string", "ia5-string-beyond-ascii", "self-signed", "unknown-extension",
    "missing-intermediate", "expired-1-day",
]


def utf8(kind, text):
    return [(kind, UTF8, text.encode())]


def arcs(parent, last):
    return [f"{parent}.{arc}" for arc in range(1, last + 1)]


# Every attribute type of the arcs that servers have names for, known or not: which names they print.
ATTRIBUTE_TYPES = [
    *arcs("2.5.4", 106), *arcs("0.9.2342.19200300.100.1", 60), *arcs("1.2.840.113549.1.9", 27),
    *arcs("1.3.6.1.4.1.311.60.2.1", 3), *arcs("1.3.6.1.5.5.7.9", 5), *arcs("1.2.643.100", 5), "1.2.643.3.131.1.1",
]


# Name of the case: the subject, and the alternative names.
OWN = {
    "dialects-md": ([
        [(C, PRINTABLE, b"AU")], utf8(O, 'Acme, "Inc" + <b>; \\x=y'), utf8(OU, " lead"), utf8(OU, "trail "),
        utf8(OU, "#hash"), utf8(CN, "Zo\u00eb/CN=admin"), [(EMAIL, IA5, b"z@example.org")],
    ], []),
    "every-type": ([
        [(DC, IA5, b"org")], [(DC, IA5, b"example")], [(C, PRINTABLE, b"AU")], utf8(ST, "Victoria"),
        utf8(L, "Melbourne"), utf8(STREET, "1 High St"), utf8(POSTAL, "3000"), utf8(O, "Acme"), utf8(OU, "one"),
        utf8(OU, "two"), [(SERIAL, PRINTABLE, b"first")], [(SERIAL, PRINTABLE, b"second")], utf8(UID, "u1"),
        utf8("2.5.4.4", "Sur"), utf8("2.5.4.42", "Given"), utf8("2.5.4.12", "Dr"), utf8("2.5.4.97", "VAT-1"),
        utf8("2.5.4.65", "nym"), utf8("2.5.4.72", "role"), utf8("2.5.4.46", "q"), utf8("2.5.4.13", "text"),
        utf8("2.5.4.20", "1"), utf8("2.5.4.15", "b"), utf8("1.3.6.1.4.1.311.60.2.1.3", "NL"), utf8(CN, "all"),
    ], []),
    "all-types": ([utf8(kind, "x") for kind in ATTRIBUTE_TYPES], []),
    "several-in-one-part": ([[(CN, UTF8, b"multi"), (UID, UTF8, b"u1"), (OU, UTF8, b"x")], utf8(O, "Acme")], []),
    "repeated-fields": ([
        utf8(OU, "a"), utf8(O, "p"), utf8(OU, "b"), utf8(C, "NL"), utf8(O, "q"), utf8(C, "DE"), utf8(CN, "x"),
    ], []),
    "unknown-types": ([
        utf8(CN, "u"), utf8(UNKNOWN, "first"), [(UNKNOWN + ".7", PRINTABLE, b"se*cond")], [("2.5.4.99", IA5, b"third")],
        [("2.999.1", UTF8, b"\xc3\xab")],
    ], []),
    "string-types": ([
        [(O, T61, b"caf\xe9")], [(OU, BMP, b"\x00Z\x00o\x00\xeb\x4e\x2d")], [(CN, UTF8, "Zo\u00eb\u4e2d".encode())],
        [(L, PRINTABLE, b"plain")], [("2.5.4.45", 3, b"\x00\x05")],
    ], []),
    "numeric-string": ([[(CN, NUMERIC, b"12 34")]], []),
    "visible-string": ([[(CN, VISIBLE, b"seen")]], []),
    "general-string": ([[(CN, GENERAL, b"gen")]], []),
    "universal-string": ([[(CN, UNIVERSAL, b"\x00\x00\x00Z\x00\x01\xf6\x00")]], []),
    "bmp-surrogates": ([[(CN, BMP, b"\x00a\xd8\x3d\xde\x00")]], []),
    "printable-beyond": ([[(CN, PRINTABLE, b"a*b@c_d")]], []),
    "t61-controls": ([[(CN, T61, b"a\x80\x9f\xffb")]], []),
    "lone-hash": ([utf8(CN, "#")], []),
    "lone-space": ([utf8(CN, " ")], []),
    "two-spaces": ([utf8(CN, "  ")], []),
    "hash-hex": ([utf8(CN, "#0c0161")], []),
    "escape-lookalike": ([utf8(CN, "a\\x0Ab\\0Ac%0Ad\\/CN=e\\,CN=f")], []),
    "slash-unknown-word": ([utf8(CN, "a/nosuchtype=b/CN=c")], []),
    "percent-control": ([utf8(CN, "a%00b\tc\x7fd\x1be")], []),
    "next-line": ([utf8(CN, "a\u0085b\u2028c\u00a0")], []),
    "ends-in-backslash": ([utf8(O, "o\\"), utf8(CN, "x")], []),
    "info-injection": ([
        utf8(O, "Evil,CN=admin"), utf8(CN, 'mallory";SerialNumber="1";NB="0";NA="9";SAN="a"'),
    ], []),
    "info-comma": ([utf8(O, "Evil,CN=admin"), utf8(CN, "mallory")], []),
    "xfcc-injection": ([utf8(CN, 'a";URI=spiffe://x,Hash=1')], [
        (URI_NAME, b'spiffe://td/ns/a,b;c="d"/sa/x'), (URI_NAME, b"urn:second"), (DNS_NAME, b"a.example"),
        (DNS_NAME, b"b;URI=x,Hash=0"),
    ]),
    "names-of-every-kind": ([utf8(CN, "alt")], [
        (URI_NAME, b"spiffe://td/a"), (DNS_NAME, b"a.example"), (EMAIL_NAME, b"a@b.example"), (IP_NAME, b"\x7f\x00\x00\x01"),
        (DNS_NAME, b"b.example"), (URI_NAME, b"urn:b"), (IP_NAME, b"\x20\x01" + bytes(13) + b"\x01"), (EMAIL_NAME, b"c@d.example"),
    ]),
    "ipv6-spellings": ([utf8(CN, "six")], [
        (IP_NAME, bytes(16)), (IP_NAME, bytes(10) + b"\xff\xff\x01\x02\x03\x04"), (IP_NAME, bytes(12) + b"\x01\x02\x03\x04"),
        (IP_NAME, b"\x20\x01\x0d\xb8" + b"\x00\x01\x00\x00" + b"\x00\x01\x00\x00\x00\x01\x00\x00"),
    ]),
    "wild-dns": ([utf8(CN, "dns")], [(DNS_NAME, b"*.example"), (DNS_NAME, b"under_score.example"), (DNS_NAME, b"UPPER.example")]),
}


@dataclass
class Case:
    name: str
    chain: list
    chain_file: Path
    key_file: Path
    tls12: bool = False


class Authority:
    """The trusted root and intermediate (RSA keys of the committed pool), the server, and every case."""

    def __init__(self, folder, repository, certs_gen, now):
        self.folder = folder
        keys = repository / "certs-gen/keys"
        self.root_key, self.issuer_key = keys / "rsa2048-a.pem", keys / "rsa2048-b.pem"
        self.server_key = keys / "rsa2048-c.pem"
        organisation = utf8(O, "Capture")
        root, issuer = (mint.name([organisation, utf8(CN, text)]) for text in ("Root CA", "Inter CA"))
        odd = mint.name([utf8(O, 'Acme, "Inc"/CN=x'), utf8(OU, "unit"), [(CN, BMP, b"\x00I\x00\xeb")]])
        sign = mint.certificate
        self.root = sign(root, root, b"\x01", self.root_key, self.root_key, mint.authority_extensions())
        self.issuer = sign(issuer, root, b"\x02", self.issuer_key, self.root_key, mint.authority_extensions())
        self.odd = sign(odd, root, b"\x03", self.issuer_key, self.root_key, mint.authority_extensions())
        server = mint.name([utf8(CN, "localhost")])
        self.server = sign(server, root, b"\x04", self.server_key, self.root_key, mint.server_extensions())
        self.trust_file = self.write("trust.pem", mint.pem(self.root))
        self.server_file = self.write("server.pem", mint.pem(self.server) + self.server_key.read_text())
        root_file, issuer_file = self.trust_file, self.write("issuer.pem", mint.pem(self.issuer))
        pki = folder / "pki"
        command = [certs_gen, "--out", pki, "--issuer", issuer_file, self.issuer_key, "--root", root_file, self.root_key]
        subprocess.run([*command, "--now", str(now)], check=True, timeout=300, capture_output=True)
        self.manifest = json.loads((pki / "manifest.json").read_text())
        self.pki = pki
        self.leaf_key = pki / "credentials/alice/key.pem"

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def cases(self):
        found = list(self.catalogue())
        issuer, odd = (mint.ders(mint.pem(der))[0] for der in (self.issuer, self.odd))
        names = {der: mint_subject(der) for der in (issuer, odd)}
        for number, (title, (subject, alternatives)) in enumerate(OWN.items()):
            found.append(self.own(title, mint.name(subject), alternatives, number, issuer, names[issuer]))
        alice = mint.name([utf8(O, "Acme"), utf8(CN, "alice")])
        found.append(self.own("issuer-odd", alice, [], 900, odd, names[odd]))
        found.append(self.own("serial-leading-zero", alice, [], None, issuer, names[issuer], b"\x0a\xb0\xc0\xff\xee"))
        found.append(self.own("serial-high-bit", alice, [], None, issuer, names[issuer], b"\x00\xff\x01"))
        found.append(self.own("certificate-12-kib", alice, [], 903, issuer, names[issuer], more=12 * 1024))
        found.append(self.own("until-2050", alice, [], 904, issuer, names[issuer], end=b"20510101000000Z"))
        found.append(self.own("until-2149", alice, [], 905, issuer, names[issuer], end=b"21491231235959Z"))
        found.append(self.own("until-9999", alice, [], 906, issuer, names[issuer], end=b"99991231235959Z"))
        found.append(self.own("until-2049", alice, [], 901, issuer, names[issuer], end=b"491231235959Z"))
        found.append(self.own("since-1950", alice, [], 902, issuer, names[issuer], begin=b"500101000000Z"))
        return found

    def own(self, title, subject, alternatives, number, issuer, issuer_name, serial=None, more=0, **dates):
        serial = serial or (4096 + number).to_bytes(2, "big")
        extensions = mint.leaf_extensions(alternatives)
        if more:
            extensions.append(mint.extension(UNKNOWN, False, bytes(more)))
        leaf = mint.certificate(subject, issuer_name, serial, self.leaf_key, self.issuer_key, extensions, **dates)
        chain = [leaf, issuer]
        chain_file = self.write(f"own/{title}.pem", "".join(mint.pem(der) for der in chain))
        return Case(title, chain, chain_file, self.leaf_key)

    def catalogue(self):
        for row in self.manifest["credentials"]:
            wanted = any(
                row["name"] == pattern or pattern.endswith("*") and row["name"].startswith(pattern[:-1])
                for pattern in CATALOGUE
            )
            chain_file = self.pki / row["folder"] / "chain.pem"
            if wanted and row["key"]:
                case = Case(row["name"], mint.ders(chain_file.read_text()), chain_file, chain_file.parent / "key.pem")
                yield case
                if row["name"] == "self-signed":
                    yield Case("self-signed-tls1.2", case.chain, chain_file, case.key_file, tls12=True)


def mint_subject(der):
    """The DER of a certificate's subject, found by walking the elements before it."""
    def split(data):
        length, start = data[1], 2
        if length & 0x80:
            count = length & 0x7F
            length, start = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
        return data[start : start + length], data[start + length :], data[: start + length]

    signed, _, _ = split(split(der)[0])
    rest = signed
    for _ in range(5):
        _, rest, _ = split(rest)
    return split(rest)[2]
