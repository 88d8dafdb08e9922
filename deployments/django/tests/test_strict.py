"""The strict app behind nginx."""

import base64
import json
import tomllib

import pytest

import lab
from bank.faults import FAULTS

JSON = "application/json"


def test_everybody_is_who_the_certificate_says(app):
    proxy = app()
    for who, role in (("alice", "user"), ("bob", "user"), ("admin", "admin")):
        answer = proxy.of(who, "/whoami?nonce=n1")
        assert answer.status_code == 200
        assert answer.json() == {
            "identity": who,
            "role": role,
            "via": "certificate",
            "subject": lab.name(who),
            "nonce": "n1",
        }


def test_public_paths_are_open_to_the_letter(app):
    proxy = app()
    assert proxy.ask("/healthz?nonce=n", proven=False).json() == {"status": "ok", "nonce": "n"}
    assert proxy.ask("/static/app.css", proven=False).status_code == 200
    for path in ("/healthz/", "/healthzz", "/healthz/../whoami", "/static/app.css/x"):
        assert proxy.of(None, path).status_code == 401, path
    assert proxy.of(None, "/healthz", "POST").status_code == 401


def test_every_route_refuses_without_a_certificate_and_without_the_proxy(app):
    proxy = app()
    routes = tomllib.loads((lab.FOLDER / "app-facts.toml").read_text())["app"]["routes"]
    for path in [*routes, "/unknown", "/transfer", "/login"]:
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "GAUNTLET"):
            assert proxy.of(None, path, method).status_code == 401, (method, path)
            meta = proxy.meta(verify="SUCCESS", cert=lab.escaped(lab.user("alice")))
            assert proxy.ask(path, method, proven=False, **meta).status_code == 403
            assert proxy.ask(path, method, proven=False, HTTP_X_GATEWAY_KEY="guessed", **meta).status_code == 403


def test_objects_belong_to_their_owners(app):
    proxy = app()
    body = {"data": json.dumps({"note": "changed"}), "content_type": JSON}
    assert proxy.of("alice", "/accounts/alice").json()["note"] == "note of alice"
    assert proxy.of("alice", "/accounts/alice/notes").json()["note"] == "note of alice"
    assert '"owner":"alice"' in proxy.of("alice", "/accounts").content.decode()
    assert proxy.of("alice", "/accounts?owner=bob").json()["accounts"] == []
    for path in ("/accounts/bob", "/accounts/bob/notes", "/accounts/nobody"):
        assert proxy.of("alice", path).status_code == 403
    for method in ("POST", "PUT", "DELETE"):
        assert proxy.of("alice", "/accounts/bob", method, **body).status_code == 403
        assert proxy.of("alice", "/accounts/alice", method, **body).json()["changed"] is True
    assert proxy.of("alice", "/accounts/alice").json()["note"] == ""
    assert proxy.of("bob", "/accounts/bob").json()["note"] == "note of bob"
    assert proxy.of("alice", "/accounts/alice", "PATCH", **body).status_code == 405
    assert proxy.of("alice", "/accounts/alice", "POST", data="[" * 9999, content_type=JSON).status_code == 400


def test_a_form_of_another_site_changes_nothing(app):
    proxy = app()
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = proxy.of("alice", "/accounts/alice", "POST", data='{"note": "x"}', content_type=kind)
        assert answer.status_code == 403, kind


def test_roles_are_permissions(app):
    proxy = app()
    assert proxy.of("alice", "/admin/report").status_code == 403
    assert proxy.of("alice", "/admin/users").status_code == 403
    assert proxy.of("admin", "/admin/report").json()["report"] == "all is well"
    assert proxy.of("admin", "/admin/users").json()["names"] == ["admin", "alice", "bob"]


def test_a_change_needs_token_and_cookie(app):
    proxy = app()
    assert proxy.of("alice", "/transfer", "POST", data="{}", content_type=JSON).status_code == 403
    token = proxy.of("alice", "/csrf").json()["token"]
    assert proxy.client.cookies["csrftoken"]["samesite"] == "Strict"
    assert proxy.client.cookies["csrftoken"]["secure"]
    honest = {"data": "{}", "content_type": JSON, "HTTP_X_CSRFTOKEN": token}
    assert proxy.of("alice", "/transfer", "POST", **honest).json()["transferred"] is True
    assert proxy.of("alice", "/transfer", "POST", **(honest | {"HTTP_X_CSRFTOKEN": token[::-1]})).status_code == 403
    # On https Django asks browsers for a Referer; a program sends none.
    https = {"wsgi.url_scheme": "https"}
    assert proxy.of("alice", "/transfer", "POST", **honest, **https).status_code == 200
    foreign = {"HTTP_REFERER": "https://evil.test/"}
    assert proxy.of("alice", "/transfer", "POST", **honest, **https, **foreign).status_code == 403


def test_a_session_belongs_to_the_user_of_the_certificate(app):
    proxy = app()
    proxy.client.cookies["sessionid"] = "gauntletfixation0123456789abcdef"
    assert proxy.login("alice").json()["login"] is True
    cookie = proxy.client.cookies["sessionid"]
    assert "gauntlet" not in cookie.value
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Strict"
    assert proxy.of("alice").json()["via"] == "certificate"
    assert proxy.of("bob").status_code == 403
    assert proxy.of(None).status_code == 401
    form = {"data": "user=bob&password=bob-lab-password", "content_type": "application/x-www-form-urlencoded"}
    assert proxy.of("alice", "/login", "POST", **form).status_code == 403


def test_the_vault_needs_certificate_and_key(app):
    proxy = app()
    assert proxy.of("alice", "/vault").status_code == 403
    assert proxy.of("alice", "/vault", HTTP_X_API_KEY="alice-lab-key").json()["vault"] == "open"
    assert proxy.of("alice", "/vault", HTTP_X_API_KEY="bob-lab-key").status_code == 403
    assert proxy.of(None, "/vault", HTTP_X_API_KEY="alice-lab-key").status_code == 401


@pytest.mark.parametrize(
    ("certificate", "code"),
    [
        (lab.issue(lab.name("mallory")), 403),
        (lab.issue(lab.name("alice"), issuer="CN=Other CA,O=Example"), 403),
        (lab.issue("CN=alice"), 403),
        (lab.issue("CN=ALICE,OU=people,O=Example,C=NL"), 403),
        (lab.issue("CN=alice\\ ,OU=people,O=Example,C=NL"), 403),
        (lab.issue(lab.name("alice"), signs=False), 403),
    ],
)
def test_a_certificate_that_is_nobodys_or_unsound_is_refused(app, certificate, code):
    assert app().of(certificate).status_code == code


OTHER_PURPOSES = [
    lab.user("alice", days=(-3, -1)),
    lab.user("alice", days=(1, 3)),
    lab.user("alice", purpose="server"),
    lab.issue(lab.name("alice"), authority=True),
]


@pytest.mark.parametrize("recheck", ["purpose", "chain"])
def test_the_app_can_look_again_at_what_the_proxy_should_have_refused(app, recheck):
    proxy = app(recheck=recheck)
    assert proxy.of("alice").status_code == 200
    for certificate in OTHER_PURPOSES:
        assert proxy.of(certificate).status_code == 403
    assert proxy.of(lab.issue(lab.name("alice"), signer="CN=x")).status_code == (403 if recheck == "chain" else 200)


def test_what_the_proxy_vouches_for_is_left_to_it(app):
    """Otherwise no planted fault of a proxy could be seen."""
    proxy = app()
    for certificate in OTHER_PURPOSES[:3]:
        assert proxy.of(certificate).status_code == 200


def test_doubtful_headers_are_refused(app):
    proxy, cert = app(), lab.escaped(lab.user("alice"))
    for roles in (
        {"verify": "NONE", "cert": cert},
        {"cert": cert},
        {"verify": "SUCCESS"},
        {"verify": "SUCCESS", "cert": f"{cert},{cert}"},
        {"verify": "SUCCESS", "cert": cert[:-20]},
        {"verify": "SUCCESS", "cert": "x"},
        {"verify": "SUCCESS", "cert": cert.replace("%", " %")},
    ):
        assert proxy.ask(**proxy.meta(**roles)).status_code == 400, roles
    for verify in ("FAILED:certificate has expired", "GENEROUS", "success", "SUCCESS,FAILED", "NONE,SUCCESS"):
        assert proxy.ask(**proxy.meta(verify=verify, cert=cert)).status_code == 403
    assert proxy.ask(**proxy.meta(subject=lab.name("alice"))).status_code == 401
    assert proxy.ask(HTTP_REMOTE_USER="alice", HTTP_X_FORWARDED_USER="alice").status_code == 401


def test_logs_hold_who_did_what_and_no_secret(app):
    proxy = app()
    proxy.of(
        "alice",
        "/whoami?nonce=benign&token=canary0",
        HTTP_AUTHORIZATION="Bearer canary1",
        HTTP_COOKIE="sessionid=canary2",
    )
    proxy.of("alice", "/vault", HTTP_X_API_KEY="canary3")
    proxy.of("alice", "/x%0aforged%1b[31m\"'")
    proxy.of("alice", "/boom")
    text = proxy.log()
    assert "benign" in text and '"alice"' in text and "this route fails" in text
    body = base64.b64encode(lab.user("alice").public_bytes(lab.DER)).decode()[100:140]
    for secret in ("canary", "BEGIN", lab.SECRET, body, "\x1b", "\nforged"):
        assert secret not in text, secret
    assert all(json.loads(line) for line in text.splitlines())


def test_the_filter_masks_what_slips_through():
    from bank.logs import Redaction

    pem = lab.user("alice").public_bytes(lab.PEM).decode()
    der = base64.b64encode(lab.user("alice").public_bytes(lab.DER)).decode()
    for text in (pem, lab.escaped(lab.user("alice")), der, f":{der}:", "Cookie: a", "Authorization: b", "key s3cret"):
        shown = Redaction("s3cret").masked(f"before {text}")
        assert shown.startswith("before ") and text not in shown and der[100:140] not in shown


def test_errors_show_nothing(app):
    proxy = app()
    answer = proxy.of("alice", "/boom?nonce=n", HTTP_COOKIE="a=canary")
    assert answer.status_code == 500
    assert answer.json() == {"error": "something went wrong", "nonce": "n"}
    assert proxy.of("alice", "/unknown").status_code == 404
    assert proxy.of("alice", "/unknown", "POST", data="{}", content_type=JSON).status_code == 405
    assert proxy.of("alice", HTTP_HOST="evil.test").status_code == 400


def test_hsts_is_sent_on_https(app):
    proxy = app()
    assert "max-age=63072000" in proxy.of("alice", **{"wsgi.url_scheme": "https"})["Strict-Transport-Security"]


def test_a_deployment_without_an_identity_table_names_its_source():
    from bank.configuration import parse

    app = parse(lab.rendered(lab.Path("/run"), None, {"app_source": "gunicorn"}))
    assert (app.source, app.mapping, app.secret_header, dict(app.headers)) == ("gunicorn", "subject", "", {})
    assert [user.name for user in app.users] == ["alice", "bob", "admin"]
    with pytest.raises(lab.jinja2.UndefinedError):
        lab.rendered(lab.Path("/run"), None, {})


def test_the_facts_and_the_readme_name_every_setting():
    assert lab.strict_settings() == {k: v[0] for k, v in FAULTS.items()}
    _, _, table = (lab.FOLDER / "README.md").read_text().partition("## Settings")
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    named = {}
    for row in rows:
        setting, strict, wrong, _ = (cell.strip() for cell in row.strip("|").split(" | "))
        named[setting.strip("`")] = (strict.strip("`"), *(word.strip("`") for word in wrong.split(", ")))
    assert named == FAULTS
