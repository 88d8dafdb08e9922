"""One certificate: what it says, and whether its form, key and purpose are sound."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from . import Doubt, Refusal

# In other string types the same bytes are other letters for other readers.
PLAIN_STRINGS = (_ASN1Type.UTF8String, _ASN1Type.PrintableString, _ASN1Type.IA5String)
CURVES = ("secp256r1", "secp384r1", "secp521r1")
SMALLEST_MODULUS = 2048
SMALLEST_EXPONENT = 65537
WEAK_HASHES = ("md5", "sha1")


def canonical(text: str) -> str:
    """A configured name in the spelling that is compared."""
    return x509.Name.from_rfc4514_string(text).rfc4514_string()


@dataclass(frozen=True)
class Certificate:
    """What a certificate says, in the spelling of the enrolments."""

    x509: x509.Certificate
    subject: str
    issuer: str
    serial: str
    sha1: str
    sha256: str
    san: tuple[str, ...]
    common_names: tuple[str, ...]

    @classmethod
    def parse(cls, der: bytes) -> "Certificate":
        """Reads DER; whatever cannot be read, or has bytes after it, is a doubt."""
        try:
            parsed = x509.load_der_x509_certificate(der)
            names = parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return cls(
                x509=parsed,
                subject=parsed.subject.rfc4514_string(),
                issuer=parsed.issuer.rfc4514_string(),
                serial=f"{parsed.serial_number:x}",
                sha1=hashlib.sha1(der, usedforsecurity=False).hexdigest(),
                sha256=hashlib.sha256(der).hexdigest(),
                san=_alternative_names(parsed),
                common_names=tuple(str(name.value) for name in names),
            )
        # The library has many exceptions for hostile certificates, and no base class for them.
        except Exception as error:
            raise Doubt("the certificate cannot be read") from error

    @property
    def is_plain(self) -> bool:
        """Whether the subject has no string type and no control character that makes it look like another."""
        return all(
            attribute._type in PLAIN_STRINGS and isinstance(attribute.value, str) and attribute.value.isprintable()
            for attribute in self.x509.subject
        )

    @property
    def is_authority(self) -> bool:
        """Whether it says that it is a CA's."""
        constraints = _extension(self.x509, x509.BasicConstraints)
        return constraints is not None and constraints.ca


def _extension(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _alternative_names(certificate: x509.Certificate) -> tuple[str, ...]:
    names = _extension(certificate, x509.SubjectAlternativeName)
    kinds = {x509.RFC822Name: "email", x509.DNSName: "dns", x509.UniformResourceIdentifier: "uri"}
    return tuple(f"{kinds[type(name)]}:{name.value}" for name in names or () if type(name) in kinds)


def is_strong(certificate: x509.Certificate) -> bool:
    """Whether the key is of a kind and size that cannot be broken (NIST SP 800-131A)."""
    key = certificate.public_key()
    match key:
        case rsa.RSAPublicKey():
            exponent = key.public_numbers().e
            return key.key_size >= SMALLEST_MODULUS and exponent >= SMALLEST_EXPONENT and exponent % 2 == 1
        case ec.EllipticCurvePublicKey():
            return key.curve.name in CURVES
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return True
        case _:
            return False


def check_profile(certificate: Certificate) -> None:
    """Refuses what lenient TLS libraries let through: old versions, weak keys, odd names."""
    parsed = certificate.x509
    try:
        if parsed.version is not x509.Version.v3:
            raise Refusal("the certificate is not of version 3")
        if parsed.serial_number <= 0 or parsed.serial_number.bit_length() > 159:
            raise Refusal("the serial number is not a positive one of 20 octets")
        if not is_strong(parsed):
            raise Refusal("the public key is too weak or of an unknown kind")
        usage = _extension(parsed, x509.KeyUsage)
        if usage is not None and not usage.digital_signature:
            raise Refusal("the key may not sign handshakes")
        if any(not name.partition(":")[2] for name in certificate.san):
            raise Refusal("an alternative name is empty")
        if not certificate.is_plain:
            raise Refusal("the subject is written in an odd way")
    except (UnsupportedAlgorithm, ValueError, x509.DuplicateExtension) as error:
        raise Refusal("the certificate is not sound") from error


def is_signed_weakly(certificate: x509.Certificate) -> bool:
    """Whether the signature is over a hash of which collisions can be bought (RFC 9155)."""
    algorithm = certificate.signature_hash_algorithm
    return algorithm is not None and algorithm.name in WEAK_HASHES


def check_signature(certificate: Certificate) -> None:
    """Refuses what BoringSSL, and so Envoy, takes: a signature over SHA-1."""
    try:
        if is_signed_weakly(certificate.x509):
            raise Refusal("the certificate's signature is weak")
    except UnsupportedAlgorithm as error:
        raise Refusal("the certificate is not sound") from error


def check_purpose(certificate: Certificate) -> None:
    """Refuses what the TLS terminator should have refused: other dates, purposes and kinds of certificates."""
    parsed = certificate.x509
    try:
        if not parsed.not_valid_before_utc <= datetime.now(UTC) <= parsed.not_valid_after_utc:
            raise Refusal("the certificate is not valid now")
        if not is_for_clients(parsed):
            raise Refusal("the certificate is not for clients")
        constraints = _extension(parsed, x509.BasicConstraints)
        if constraints is not None and constraints.ca:
            raise Refusal("the certificate is a CA's")
        unknown = (isinstance(extension.value, x509.UnrecognizedExtension) for extension in _critical(parsed))
        if any(unknown):
            raise Refusal("a critical extension is unknown")
    except (ValueError, x509.DuplicateExtension) as error:
        raise Refusal("the certificate is not sound") from error


def is_for_clients(certificate: x509.Certificate) -> bool:
    """Whether the purposes, where there are any, name clients. `any` is not enough."""
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    return purposes is None or ExtendedKeyUsageOID.CLIENT_AUTH in purposes


def _critical(certificate: x509.Certificate) -> list[x509.Extension]:
    return [extension for extension in certificate.extensions if extension.critical]
