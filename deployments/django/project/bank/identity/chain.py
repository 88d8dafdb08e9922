"""Verifies a forwarded chain, where the sender did not: AWS ALB in passthrough mode, Azure App Service.

OpenSSL builds the path and checks dates, CAs, path lengths, name constraints and revocation lists.
"""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from OpenSSL.crypto import X509, X509Store, X509StoreContext, X509StoreContextError, X509StoreFlags

from . import Refusal
from .certificate import Certificate, check_profile, check_purpose, is_for_clients, is_signed_weakly, is_strong

MOST_INTERMEDIATES = 4
END_OF_CRL = b"-----END X509 CRL-----"


def verify(chain: list[Certificate], ca: Path, intermediates: Path | None, crl: Path | None) -> None:
    """Refuses a chain that does not lead to a CA of the file, or that holds a bad or revoked certificate.

    `intermediates` are known ones, for senders that forward the leaf alone. They need a path to the CAs themselves.
    """
    check_profile(chain[0])
    check_purpose(chain[0])
    store = _store(ca, _changed(ca), crl, _changed(crl))
    leaf, *others = (X509.from_cryptography(one.x509) for one in chain[: MOST_INTERMEDIATES + 2])
    if intermediates:
        known = x509.load_pem_x509_certificates(intermediates.read_bytes())
        others += [X509.from_cryptography(one) for one in known]
    try:
        path = X509StoreContext(store, leaf, others).get_verified_chain()
    except X509StoreContextError as error:
        raise Refusal("the certificate does not come from a trusted CA, or is revoked") from error
    # What OpenSSL checks only within a handshake: strength, and the purposes of the intermediates.
    for one in (certificate.to_cryptography() for certificate in path[:-1]):
        if is_signed_weakly(one):
            raise Refusal("a signature of the chain is weak")
        if not is_strong(one) or not is_for_clients(one):
            raise Refusal("a certificate of the chain has a weak key or another purpose")


def _changed(path: Path | None) -> int:
    return path.stat().st_mtime_ns if path else 0


@lru_cache(maxsize=4)
def _store(ca: Path, _ca_changed: int, crl: Path | None, _crl_changed: int) -> X509Store:
    """The trust store, made again when a file has changed."""
    store = X509Store()
    for root in x509.load_pem_x509_certificates(ca.read_bytes()):
        store.add_cert(X509.from_cryptography(root))
    if crl:
        for text in crl.read_bytes().split(END_OF_CRL)[:-1]:
            store.add_crl(x509.load_pem_x509_crl(text + END_OF_CRL))
        store.set_flags(X509StoreFlags.CRL_CHECK | X509StoreFlags.CRL_CHECK_ALL)
    return store
