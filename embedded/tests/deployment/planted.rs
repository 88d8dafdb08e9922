//! Each fault shows in a request that the strict deployment answers otherwise.

use crate::setup::{Deployment, Reply};

/// A fault shows in a request that the strict deployment refuses or answers otherwise.
pub(crate) async fn shows(
    proxy: &str,
    app: &str,
    credential: Option<&str>,
    head: &str,
    body: &str,
    wrong: impl Fn(&Reply) -> bool,
) {
    let mut verdicts = Vec::new();
    for (proxy, app) in [("", ""), (proxy, app)] {
        let deployment = Deployment::start(proxy, app).await;
        let credential = credential.map(|name| deployment.credential(name));
        let client = deployment.client(credential.as_ref());
        let reply = deployment.send(&client, head, body).await;
        verdicts.push(reply.as_ref().is_ok_and(&wrong));
        if let Ok(reply) = &reply {
            assert!(reply.status < 502, "{proxy} {app}: {reply:?}");
        }
    }
    assert_eq!(verdicts, [false, true], "{proxy} {app} {head}");
}

pub(crate) const WHOAMI: &str = "GET /whoami HTTP/1.1\r\nhost: api.example.test";
const FORGED: &str = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nx-ssl-client-verify: SUCCESS\r\nx-ssl-client-s-dn: CN=bob,OU=people,O=Example,C=NL";

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_verifier_show() {
    let granted = |reply: &Reply| reply.status == 200;
    for (fault, credential) in [
        ("validity = \"ignore\"", "expired-1-day"),
        ("validity = \"ignore-expiry\"", "expired-1-day"),
        ("extended-key-usage = \"ignore\"", "server-auth-only"),
        ("revocation = \"ignore\"", "revoked"),
        ("revocation = \"leaf\"", "revoked-intermediate"),
        ("trust = \"name-only\"", "other-ca-same-name"),
        ("trust = \"self-signed\"", "self-signed"),
        ("trust = \"any\"", "missing-intermediate"),
        ("signature-algorithms = \"accept-sha1\"", "sha1"),
        ("possession = \"ignore\"", "key-mismatch"),
        ("basic-constraints = \"ignore\"", "leaf-as-issuer"),
        ("basic-constraints = \"ignore\"", "path-length-exceeded"),
        ("critical-extensions = \"ignore\"", "unknown-critical-extension"),
        ("issuer-key-usage = \"ignore\"", "intermediate-without-cert-sign"),
        ("key-usage = \"ignore\"", "key-agreement-only"),
        ("extended-key-usage = \"accept-any\"", "any-purpose"),
        ("signature-algorithms = \"accept-sha1\"", "sha1-rsa"),
        ("signature-algorithms = \"accept-md5\"", "md5-rsa"),
    ] {
        shows(fault, "", Some(credential), WHOAMI, "", granted).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appended_certificate_names_the_user_only_by_fault() {
    let last = "chain-element = \"last\"";
    let credential = Some("victim-appended");
    let strict = Deployment::start("", "").await;
    let client = strict.client(Some(&strict.credential("victim-appended")));
    let reply = strict.get(&client, "/whoami").await;
    assert!(reply.is_err() || reply.is_ok_and(|reply| reply.identity().as_deref() == Some("alice")));
    shows(last, "", credential, WHOAMI, "", |reply| {
        reply.identity().is_some_and(|name| name != "alice")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_handshake_and_the_headers_show() {
    let optional = "client-auth = \"optional\"";
    let bob = |reply: &Reply| reply.identity().as_deref() == Some("bob");
    shows(optional, "", None, WHOAMI, "", |reply| reply.status == 401).await;
    shows(optional, "no-identity = \"serve\"", None, WHOAMI, "", |reply| {
        reply.status == 200
    })
    .await;
    let branch = format!("{optional}\nclear = \"with-certificate\"");
    shows(&branch, "", None, FORGED, "", |reply| reply.status != 401).await;
    for version in ["forgotten-on13"] {
        shows(
            &format!("tls-client-auth = \"{version}\""),
            "",
            None,
            WHOAMI,
            "",
            |reply| reply.status == 401,
        )
        .await;
    }
    let other = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nx-remote-user: bob";
    let both = format!("{optional}\nother-dialects = \"pass\"");
    shows(&both, "other-headers = \"fallback\"", None, other, "", bob).await;
    let mismatch = "GET /whoami HTTP/1.1\r\nhost: elsewhere.example.test";
    shows(
        "host-mismatch = \"serve\"",
        "",
        Some("alice"),
        mismatch,
        "",
        |reply| reply.status == 200,
    )
    .await;
    shows("hsts = \"off\"", "", Some("alice"), WHOAMI, "", |reply| {
        !reply.head.contains("strict-transport")
    })
    .await;
    let hop =
        "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nconnection: x-ssl-client-cert, x-ssl-client-s-dn";
    shows(
        "hop-by-hop = \"after-set\"",
        "",
        Some("alice"),
        hop,
        "",
        |reply| reply.status != 200,
    )
    .await;
    let trace = "TRACE / HTTP/1.1\r\nhost: api.example.test";
    shows("trace = \"echo\"", "", Some("alice"), trace, "", |reply| {
        reply.body.contains("x-ssl-client-cert")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_app_show() {
    let granted = |reply: &Reply| reply.status == 200;
    let get =
        |path: &str, extra: &str| format!("GET {path} HTTP/1.1\r\nhost: api.example.test\r\n{extra}x-a: 1");
    for (fault, path) in [
        ("objects = \"open\"", "/accounts/bob"),
        ("objects = \"open-read\"", "/accounts/bob"),
        ("objects = \"open-nested\"", "/accounts/bob/notes"),
        ("roles = \"presence\"", "/admin/report"),
        ("second-factor = \"either\"", "/vault"),
        ("paths = \"prefix\"", "//whoami"),
    ] {
        shows("", fault, Some("alice"), &get(path, ""), "", granted).await;
    }
    let filter = get("/accounts?owner=bob", "");
    shows(
        "",
        "objects = \"open-filter\"",
        Some("alice"),
        &filter,
        "",
        |reply| reply.body.contains("note of bob"),
    )
    .await;
    shows(
        "",
        "csrf = \"exempt\"",
        Some("alice"),
        "POST /transfer HTTP/1.1\r\nhost: api.example.test",
        "{}",
        granted,
    )
    .await;
    let boom = get("/boom", "");
    shows("", "error-page = \"debug\"", Some("alice"), &boom, "", |reply| {
        reply.body.contains("Traceback")
    })
    .await;
    shows(
        "",
        "server = \"development\"",
        Some("alice"),
        WHOAMI,
        "",
        |reply| reply.head.contains("wsgiserver"),
    )
    .await;
    shows(
        "",
        "reflection = \"headers\"",
        Some("alice"),
        WHOAMI,
        "",
        |reply| reply.body.contains("BEGIN"),
    )
    .await;
    let csrf = get("/csrf", "");
    shows("", "cookies = \"no-secure\"", Some("alice"), &csrf, "", |reply| {
        !reply.head.contains("; secure")
    })
    .await;
    let pattern = "matching = \"common-name-pattern\"";
    shows("", pattern, Some("cn-comma-admin"), WHOAMI, "", |reply| {
        reply.identity().as_deref() == Some("admin")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unframed_body_is_the_next_request() {
    let smuggled = "GET /whoami?nonce=smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    for (fault, seen) in [("", false), ("body-framing = \"unframed\"", true)] {
        let deployment = Deployment::start(fault, "").await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        let head = "POST /transfer HTTP/1.1\r\nhost: api.example.test";
        deployment.send(&alice, head, smuggled).await.unwrap();
        assert_eq!(deployment.log("app.log").contains("nonce=smuggled"), seen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_session_outlives_a_reload() {
    for (fault, resumed) in [("", false), ("resumption = \"trust\"", true)] {
        let deployment = Deployment::start(fault, "").await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        deployment.get(&alice, "/whoami").await.unwrap();
        deployment.proxy.reload().unwrap();
        let again = deployment.get(&alice, "/whoami").await.unwrap();
        assert_eq!((again.resumed, again.status), (resumed, 200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_ticket_resumes_on_another_vhost() {
    for (fault, resumed) in [("", false), ("tickets = \"shared\"", true)] {
        let deployment = Deployment::start(fault, "").await;
        let mut client = deployment.client(None);
        client.sni = "public.example.test";
        let head = "GET /healthz HTTP/1.1\r\nhost: public.example.test";
        deployment.send(&client, head, "").await.unwrap();
        // The client's own store is by name, so the session is carried over by hand.
        client.lend_sessions("public.example.test", "api.example.test");
        client.sni = "api.example.test";
        let reply = deployment.get(&client, "/whoami").await;
        assert_eq!(reply.is_ok_and(|reply| reply.resumed), resumed, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn early_data_is_served_only_by_fault() {
    for (fault, taken) in [("", false), ("early-data = \"accept\"", true)] {
        let deployment = Deployment::start(fault, "").await;
        let mut client = deployment.client(Some(&deployment.credential("alice")));
        client.config.enable_early_data = true;
        deployment.get(&client, "/whoami").await.unwrap();
        let (accepted, reply) = deployment.get_early(&client, "/whoami").await;
        assert_eq!(accepted, taken, "{fault}");
        assert_eq!(reply.identity().as_deref(), Some("alice"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_passes_only_by_fault() {
    let head = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nupgrade: h2c\r\nconnection: upgrade";
    let (proxy, app) = ("upgrade = \"pass\"", "h2c = \"accept\"");
    for (proxy, app, status) in [("", "", 200), (proxy, app, 101)] {
        let deployment = Deployment::start(proxy, app).await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        assert_eq!(deployment.first_status(&alice, head).await, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_certificate_stops_a_frail_proxy_only() {
    let (unparsable, absurdly_many) = (1, 400);
    for (fault, appended, alive) in [
        ("", unparsable, true),
        ("odd-certificate = \"crash\"", unparsable, false),
        ("odd-certificate = \"crash\"", absurdly_many, true),
    ] {
        let deployment = Deployment::start(fault, "").await;
        let mut odd = deployment.credential("alice");
        if appended == unparsable {
            odd.chain.push(b"no certificate".to_vec());
        } else {
            odd.chain = vec![odd.chain[0].clone(); appended];
        }
        assert!(
            deployment
                .get(&deployment.client(Some(&odd)), "/whoami")
                .await
                .is_err()
        );
        let alice = deployment.client(Some(&deployment.credential("alice")));
        assert_eq!(deployment.get(&alice, "/whoami").await.is_ok(), alive);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_leak_only_by_fault() {
    let head = "GET /whoami?x=%0d%0aforged HTTP/1.1\r\nhost: api.example.test\r\ncookie: a=canary1\r\nauthorization: canary2";
    for (fault, canary) in [
        ("log-extra = \"certificate\"", "BEGIN CERTIFICATE"),
        ("log-extra = \"cookies\"", "canary1"),
        ("log-extra = \"authorization\"", "canary2"),
        ("log-extra = \"subject\"", "CN=alice"),
        ("log-extra = \"body\"", "canary3"),
        ("log-escape = \"raw\"", "\r\nforged"),
    ] {
        for (proxy, leaks) in [("", false), (fault, true)] {
            let deployment = Deployment::start(proxy, "").await;
            let alice = deployment.client(Some(&deployment.credential("alice")));
            deployment.send(&alice, head, "canary3").await.unwrap();
            assert_eq!(deployment.log("access.log").contains(canary), leaks, "{fault}");
        }
    }
}
