"""Each fault shows: what the strict app refuses, hides or sets is different, and honest clients see no difference."""

import base64
import json

import pytest

import lab
from bank.faults import FAULTS

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CHANGE = {"data": json.dumps({"note": "taken"}), "content_type": JSON}
HTTPS = {"wsgi.url_scheme": "https"}
FINGERPRINT = lab.NGINX | {"fingerprint": "X-SSL-Client-Fingerprint"}
HAPROXY = {"verify": "X-SSL-Client-Verify", "present": "X-SSL-Client-Used", "cert": "X-SSL-Client-Cert"}
TEXTS = {"verify": "X-SSL-Client-Verify", "subject": "X-SSL-Client-S-DN", "issuer": "X-SSL-Client-I-DN"}

ALICE, BOB = lab.user("alice"), lab.user("bob")


def granted(answer, who="alice") -> bool:
    return answer.status_code == 200 and answer.json()["identity"] == who


def with_session(proxy, who=None, owner="alice"):
    assert proxy.login(owner).status_code == 200
    return proxy.of(who)


def cookie(proxy, name: str, attribute: str):
    if name == "sessionid":
        assert proxy.login("alice").status_code == 200
    else:
        assert proxy.of("alice", "/csrf").status_code == 200
    return proxy.client.cookies[name][attribute]


def logged(proxy, text: str, **meta) -> bool:
    proxy.of("alice", "/whoami?nonce=found", **meta)
    assert "found" in proxy.log()
    return text in proxy.log()


def told(proxy, **roles):
    return proxy.ask(**proxy.meta(**roles))


def named(proxy, subject: str):
    return proxy.of(lab.issue(subject))


def by_text(proxy, subject: str):
    return told(proxy, verify="SUCCESS", subject=subject, issuer=lab.CA)


def der(certificate) -> str:
    return base64.b64encode(certificate.public_bytes(lab.DER)).decode()


def xfcc(*certificates) -> dict[str, str]:
    return {"HTTP_X_FORWARDED_CLIENT_CERT": ",".join(f'Cert="{lab.escaped(one)}"' for one in certificates)}


CERT = lab.escaped(ALICE)
OTHER_CA = lab.issue(lab.name("alice"), issuer="CN=Other CA,O=Example")
SELF_SIGNED = lab.issue(lab.name("alice"), signer=lab.name("alice"))
ALB = {"source": "aws-alb-passthrough", "headers": {}}
ENVOY = {"source": "envoy", "headers": {}}
AMZN = "HTTP_X_AMZN_MTLS_CLIENTCERT"
TRAEFIK = {"cert": "X-Forwarded-Tls-Client-Cert", "info": "X-Forwarded-Tls-Client-Cert-Info"}
INJECTED = "CN=mallory,O=Evil\\,CN\\=alice,C=NL"

# Setting, faulty value, what is true of the faulty app and not of the strict one, further options.
SHOWS = [
    ("allowed_hosts", "any", lambda p: granted(p.of("alice", HTTP_HOST="evil.test")), {}),
    ("api_key", "fallback", lambda p: granted(p.of(None, HTTP_X_API_KEY="alice-lab-key")), {}),
    (
        "chain_element",
        "last",
        lambda p: granted(p.ask(**{AMZN: lab.escaped(BOB, ALICE)})),
        ALB,
    ),
    ("cookies", "no-secure", lambda p: not cookie(p, "sessionid", "secure"), {}),
    ("cookies", "no-secure", lambda p: not cookie(p, "csrftoken", "secure"), {}),
    ("cookies", "no-http-only", lambda p: not cookie(p, "sessionid", "httponly"), {}),
    ("cookies", "no-same-site", lambda p: not cookie(p, "sessionid", "samesite"), {}),
    ("cookies", "same-site-none", lambda p: cookie(p, "sessionid", "samesite") == "None", {}),
    ("csrf", "exempt", lambda p: granted(p.of("alice", "/transfer", "POST", data="a=b", content_type=FORM)), {}),
    ("debug", "on", lambda p: b"HTTP_X_SSL_CLIENT_CERT" in p.of("alice", "/boom").content, {}),
    ("duplicates", "first", lambda p: granted(told(p, verify="SUCCESS", cert=f"{CERT},{lab.escaped(BOB)}")), {}),
    ("duplicates", "last", lambda p: granted(told(p, verify="SUCCESS", cert=f"{lab.escaped(BOB)},{CERT}")), {}),
    ("error_page", "meta", lambda p: b"HTTP_X_SSL_CLIENT_CERT" in p.of("alice", "/boom").content, {}),
    ("exempt_paths", "prefix", lambda p: p.of(None, "/healthz/../whoami").status_code == 200, {}),
    (
        "fingerprint",
        "believe",
        lambda p: granted(p.of("bob", **p.meta(fingerprint=lab.digest(ALICE)))),
        {"headers": FINGERPRINT},
    ),
    ("forwarded_chain", "trust", lambda p: granted(p.ask(**{AMZN: lab.escaped(SELF_SIGNED)})), ALB),
    ("forwarded_proto", "trust", lambda p: p.of("alice", HTTP_X_FORWARDED_PROTO="http").status_code == 301, {}),
    ("hsts", "short", lambda p: p.of("alice", **HTTPS)["Strict-Transport-Security"].startswith("max-age=60;"), {}),
    ("hsts", "off", lambda p: "Strict-Transport-Security" not in p.of("alice", **HTTPS), {}),
    ("is_valid", "always", lambda p: granted(told(p, verify="NONE", cert=CERT)), {}),
    ("is_valid", "always", lambda p: granted(told(p, verify="FAILED:self-signed certificate", cert=CERT)), {}),
    ("issuer", "ignore", lambda p: granted(p.of(OTHER_CA)), {}),
    ("log_escape", "raw", lambda p: p.of("alice", "/x%0aforged") and "\nforged" in p.log(), {}),
    ("log_extra", "meta", lambda p: logged(p, "BEGIN%20CERTIFICATE"), {}),
    ("log_extra", "certificate", lambda p: logged(p, "BEGIN%20CERTIFICATE"), {}),
    ("log_extra", "subject", lambda p: logged(p, lab.name("alice")), {}),
    ("log_extra", "cookies", lambda p: logged(p, "canary", HTTP_COOKIE="a=canary"), {}),
    ("log_extra", "authorization", lambda p: logged(p, "canary", HTTP_AUTHORIZATION="Basic canary"), {}),
    ("log_extra", "body", lambda p: logged(p, "canary", data="canary", content_type=JSON), {}),
    ("matching", "case-insensitive", lambda p: granted(named(p, lab.name("ALICE"))), {}),
    ("matching", "trimmed", lambda p: granted(named(p, "CN=alice\\ ,OU=people,O=Example,C=NL")), {}),
    ("matching", "common-name-regex", lambda p: granted(named(p, "CN=mallory,O=Evil\\,CN=alice,C=NL")), {}),
    ("matching", "first-common-name", lambda p: granted(named(p, "CN=mallory,CN=alice")), {}),
    ("matching", "last-common-name", lambda p: granted(named(p, "CN=alice,CN=mallory")), {}),
    (
        "matching",
        "slash-split",
        lambda p: granted(p.of(lab.user("nobody"), **p.meta(subject="/O=Example/CN=mallory/CN=alice"))),
        {},
    ),
    (
        "matching",
        "comma-split",
        lambda p: granted(
            told(p, cert=der(lab.user("nobody")), info="Subject%3D%22O%3DEvil%2CCN%3Dmallory%2CCN%3Dalice%22")
        ),
        {"source": "traefik", "headers": TRAEFIK},
    ),
    (
        "method_override",
        "honour",
        lambda p: p.of("alice", "/accounts/alice", HTTP_X_HTTP_METHOD_OVERRIDE="DELETE").json().get("changed"),
        {},
    ),
    ("methods", "head-and-options-open", lambda p: p.of(None, "/whoami", "HEAD").status_code == 200, {}),
    ("no_certificate", "note", lambda p: p.of(None).status_code == 200, {}),
    ("no_certificate", "internal", lambda p: granted(p.of(None, "/admin/report"), "admin"), {}),
    ("objects", "open", lambda p: granted(p.of("alice", "/accounts/bob")), {}),
    ("objects", "open-read", lambda p: granted(p.of("alice", "/accounts/bob")), {}),
    ("objects", "open-change", lambda p: granted(p.of("alice", "/accounts/bob", "POST", **CHANGE)), {}),
    ("objects", "open-filter", lambda p: p.of("alice", "/accounts?owner=bob").json()["accounts"], {}),
    ("objects", "open-nested", lambda p: granted(p.of("alice", "/accounts/bob/notes")), {}),
    ("original_url", "honour", lambda p: p.of(None, "/x", HTTP_X_ORIGINAL_URL="/whoami").status_code == 200, {}),
    ("other_headers", "remote-user", lambda p: granted(p.of(None, HTTP_X_FORWARDED_USER="alice")), {}),
    ("profile", "leave", lambda p: granted(p.of(lab.user("alice", signs=False))), {}),
    ("proxy_secret", "ignore", lambda p: granted(p.ask(proven=False, **p.meta(verify="SUCCESS", cert=CERT))), {}),
    ("reflection", "headers", lambda p: "BEGIN" in p.of("alice").json().get("headers", ""), {}),
    ("roles", "presence", lambda p: granted(p.of("alice", "/admin/report")), {}),
    ("routes", "one-forgotten", lambda p: p.of(None, "/admin/users").status_code == 200, {}),
    ("routes", "errors-open", lambda p: p.of(None, "/boom").status_code == 500, {}),
    ("second_factor", "either", lambda p: granted(p.of("alice", "/vault")), {}),
    ("second_factor", "either", lambda p: granted(p.of(None, "/vault", HTTP_X_API_KEY="alice-lab-key")), {}),
    ("session", "fallback", lambda p: granted(with_session(p)), {}),
    ("session", "overrides", lambda p: granted(with_session(p, "bob")), {}),
    ("unknown_user", "get-or-create", lambda p: granted(p.of("mallory"), "mallory"), {}),
    ("unknown_user", "get-or-create", lambda p: granted(named(p, "CN=alice,O=Elsewhere")), {}),
    ("unknown_user", "serve", lambda p: granted(p.of("mallory"), "mallory"), {}),
    ("verify", "contains", lambda p: granted(told(p, verify="NONE,SUCCESS", cert=CERT)), {}),
    (
        "verify",
        "contains",
        lambda p: granted(told(p, verify="10", present="1", cert=der(ALICE))),
        {"source": "haproxy", "headers": HAPROXY},
    ),
    ("verify", "startswith", lambda p: granted(told(p, verify="SUCCESS,NONE", cert=CERT)), {}),
    ("verify", "not-none", lambda p: granted(told(p, verify="GENEROUS", cert=CERT)), {}),
    ("xfcc_element", "first", lambda p: granted(p.ask(**xfcc(ALICE, BOB))), ENVOY),
]


@pytest.mark.parametrize(
    ("setting", "value", "shows", "options"), SHOWS, ids=[f"{s}-{v}-{i}" for i, (s, v, *_) in enumerate(SHOWS)]
)
def test_a_fault_shows_and_the_strict_app_does_not_have_it(app, setting, value, shows, options):
    assert not shows(app(**options))
    assert shows(app(**options, **{setting: value}))


def test_every_fault_is_tried():
    wrong = {(setting, value) for setting, values in FAULTS.items() for value in values[1:]}
    assert {(setting, value) for setting, value, *_ in SHOWS} == wrong


@pytest.mark.parametrize(("setting", "value"), sorted({(setting, value) for setting, value, *_ in SHOWS}))
def test_honest_users_are_served_as_before(app, setting, value):
    if (setting, value) == ("matching", "slash-split"):
        proxy = app(**{setting: value})
        honest = proxy.of("alice", **proxy.meta(subject="/C=NL/O=Example/OU=people/CN=alice"))
    else:
        proxy = app(**{setting: value})
        honest = proxy.of("alice", HTTP_X_FORWARDED_PROTO="https")
    assert granted(honest)


def test_the_account_of_a_stranger_appears(app):
    proxy = app(unknown_user="get-or-create")
    proxy.of("mallory")
    assert "mallory" in proxy.of("admin", "/admin/users").json()["names"]


def test_the_split_of_names_by_text_believes_an_injected_one(app):
    """HAProxy's slash form of the one value `mallory/CN=alice`."""
    subject = "/C=NL/O=Example/CN=mallory/CN=alice"
    assert granted(by_text(app(headers=TEXTS, matching="slash-split"), subject))
