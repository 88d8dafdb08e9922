"""The one configuration file: TOML, named by the environment variable APP_CONFIG. Unknown words are errors."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .faults import FAULTS

MAPPINGS = ("subject", "san", "issuer-serial", "fingerprint")
# What the app looks at again although the sender has verified the certificate.
RECHECKS = ("nothing", "signature", "purpose", "chain")


class ConfigurationError(Exception):
    """The file says something that makes no sense."""


@dataclass(frozen=True)
class UserEntry:
    """One enrolled user."""

    name: str
    subject: str
    issuers: tuple[str, ...] = ()
    san: tuple[str, ...] = ()
    role: str = "user"
    password: str = ""
    api_key: str = ""
    issuer: str = ""
    serial: str = ""
    sha1: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Configuration:
    """What the file says."""

    folder: Path
    logs: Path
    hosts: tuple[str, ...]
    source: str
    mapping: str = "subject"
    recheck: str = "nothing"
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_header: str = ""
    secret: str = ""
    client_ca: Path | None = None
    intermediates: Path | None = None
    crl: Path | None = None
    users: tuple[UserEntry, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)

    def fault(self, name: str) -> str:
        """The value of a setting of the table in faults.py, the strict one unless the file names another."""
        return self.faults.get(name, FAULTS[name][0])


def _known(table: Mapping[str, Any], place: str, *keys: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigurationError(f"unknown key `{key}` in {place}: valid are {', '.join(keys)}")


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _user(entry: Mapping[str, Any]) -> UserEntry:
    _known(entry, "[[users]]", *UserEntry.__dataclass_fields__)
    listed = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return UserEntry(**listed)


def parse(text: str) -> Configuration:
    """Reads the text of an app.toml."""
    file = tomllib.loads(text)
    _known(file, "the file", "folder", "logs", "hosts", "identity", "proxy", "pki", "users", "faults")
    identity, proxy, pki = file["identity"], file.get("proxy", {}), file.get("pki", {})
    _known(identity, "[identity]", "source", "recheck", "mapping", "headers")
    _known(proxy, "[proxy]", "secret_header", "secret")
    _known(pki, "[pki]", "client_ca", "intermediates", "crl")
    faults = file.get("faults", {})
    _known(faults, "[faults]", *FAULTS)
    for name, value in faults.items():
        if value not in FAULTS[name]:
            raise ConfigurationError(f"{name} = {value!r}: valid are {', '.join(FAULTS[name])}")
    mapping, recheck = identity.get("mapping", "subject"), identity.get("recheck", "nothing")
    for key, value, valid in (("mapping", mapping, MAPPINGS), ("recheck", recheck, RECHECKS)):
        if value not in valid:
            raise ConfigurationError(f"{key} = {value!r}: valid are {', '.join(valid)}")
    if proxy.get("secret_header") and not proxy.get("secret"):
        raise ConfigurationError("an empty secret proves nothing")
    return Configuration(
        folder=Path(file["folder"]),
        logs=Path(file["logs"]),
        hosts=tuple(file["hosts"]),
        source=identity["source"],
        mapping=mapping,
        recheck=recheck,
        headers=identity.get("headers", {}),
        secret_header=proxy.get("secret_header", ""),
        secret=proxy.get("secret", ""),
        client_ca=_path(pki.get("client_ca", "")),
        intermediates=_path(pki.get("intermediates", "")),
        crl=_path(pki.get("crl", "")),
        users=tuple(_user(entry) for entry in file.get("users", [])),
        faults=faults,
    )
