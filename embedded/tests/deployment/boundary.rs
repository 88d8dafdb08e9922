//! The planted faults at the boundary between proxy and app, where two of them often make one hole.

use embedded_deployment::Purpose;

use crate::planted::{WHOAMI, shows};
use crate::setup::{Deployment, Reply, plainly};

const BOB: &str = "x-ssl-client-s-dn: CN=bob,OU=people,O=Example,C=NL";

fn with(headers: &str) -> String {
    format!("{WHOAMI}\r\n{headers}")
}

fn is_bob(reply: &Reply) -> bool {
    reply.identity().as_deref() == Some("bob")
}

/// The escaped certificate of a user, as the proxy would forward it.
fn forged_certificate(user: &str) -> String {
    use base64::Engine as _;
    let deployment = crate::setup::pki();
    let credential = deployment.credential(user).unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(credential.leaf().unwrap());
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let text = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    );
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

fn whole_forgery(user: &str) -> String {
    format!(
        "x-ssl-client-cert: {}\r\nx-ssl-client-verify: SUCCESS\r\nx-ssl-client-s-dn: CN={user},OU=people,O=Example,C=NL",
        forged_certificate(user)
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_identity_passes_only_by_fault() {
    let whole = whole_forgery("bob");
    let optional = "client-auth = \"optional\"\n";
    for clear in ["with-certificate", "never"] {
        let proxy = format!("{optional}clear = \"{clear}\"\nother-dialects = \"drop\"");
        // Without a certificate the proxy still says NONE, so the app must also ignore that.
        shows(&proxy, "verify = \"ignore\"", None, &with(&whole), "", |reply| {
            reply.status != 401
        })
        .await;
    }
    let underscored = whole.replace("x-ssl-client", "x_ssl_client");
    shows(
        "odd-names = \"pass\"",
        "names = \"merge\"",
        Some("alice"),
        &with(&underscored),
        "",
        is_bob,
    )
    .await;
    shows(
        "identity-set = \"after\"",
        "duplicates = \"first\"",
        Some("alice"),
        &with(&whole),
        "",
        is_bob,
    )
    .await;
    shows(
        "identity-set = \"before\"",
        "duplicates = \"last\"",
        Some("alice"),
        &with(&whole),
        "",
        is_bob,
    )
    .await;
    shows(
        "identity-set = \"join\"",
        "",
        Some("alice"),
        &with(BOB),
        "",
        |reply| reply.status == 400,
    )
    .await;
    let trailers = "trailers = \"merge\"";
    let chunked = format!(
        "{WHOAMI}\r\ntransfer-encoding: chunked\r\ntrailer: x-ssl-client-cert\r\nconnection: close\r\n\r\n0\r\n{whole}"
    );
    for (proxy, passes) in [("", false), (trailers, true)] {
        let deployment = Deployment::start(proxy, "").await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        let reply = deployment.raw(&alice, &format!("{chunked}\r\n\r\n")).await;
        assert_eq!(is_bob(&reply), passes, "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_certificate_counts_only_by_fault() {
    let proxy = "client-auth = \"optional-any\"";
    let alice = |reply: &Reply| reply.identity().as_deref() == Some("alice");
    shows(proxy, "", Some("expired-1-day"), WHOAMI, "", |reply| {
        reply.status == 403
    })
    .await;
    shows(
        proxy,
        "verify = \"ignore\"",
        Some("expired-1-day"),
        WHOAMI,
        "",
        alice,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_headers_change_the_request_only_by_fault() {
    let granted = |reply: &Reply| reply.status == 200;
    let report = with("x-original-url: /accounts/alice").replace("/whoami", "/nowhere");
    let pass = "other-dialects = \"pass\"";
    shows(
        pass,
        "original-url = \"honour\"",
        Some("alice"),
        &report,
        "",
        granted,
    )
    .await;
    let delete = with("x-http-method-override: DELETE").replace("/whoami", "/accounts/alice");
    shows(
        pass,
        "method-override = \"honour\"",
        Some("alice"),
        &delete,
        "",
        |reply| reply.body.contains("changed"),
    )
    .await;
    let http = with("x-forwarded-proto: http");
    shows(
        "forwarded = \"pass\"",
        "forwarded-proto = \"trust\"",
        Some("alice"),
        &http,
        "",
        |reply| reply.status == 301,
    )
    .await;
    let users = WHOAMI.replace("/whoami", "/admin/users");
    let optional = "client-auth = \"optional\"";
    shows(optional, "routes = \"one-forgotten\"", None, &users, "", granted).await;
    shows(
        optional,
        "methods = \"head-and-options-open\"",
        None,
        &WHOAMI.replace("GET", "HEAD"),
        "",
        granted,
    )
    .await;
    shows(optional, "no-identity = \"internal\"", None, &users, "", granted).await;
    shows(
        optional,
        "api-key = \"fallback\"",
        None,
        &with("x-api-key: kb"),
        "",
        is_bob,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_listener_serves_only_by_fault() {
    let request = |host: &str| format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    for (fault, host, status) in [
        ("", "api.example.test", 308),
        ("plain = \"serve\"", "api.example.test", 200),
        ("", "evil.test", 421),
        ("redirect-host = \"request\"", "evil.test", 308),
    ] {
        let deployment = Deployment::start(fault, "").await;
        let plain = deployment.proxy.tcp(Purpose::Plain).unwrap();
        assert_eq!(plainly(plain, &request(host)).await.status, status, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_access_counts_only_by_fault() {
    let request = format!(
        "{WHOAMI}\r\nconnection: close\r\n{}\r\n\r\n",
        whole_forgery("bob")
    );
    for (fault, status) in [("", 403), ("secret = \"ignore\"", 200)] {
        let deployment = Deployment::start("", fault).await;
        assert_eq!(
            plainly(deployment.app.tcp(Purpose::App).unwrap(), &request)
                .await
                .status,
            status
        );
    }
    let deployment = Deployment::start("", "stray-listener = \"all-interfaces\"").await;
    assert!(deployment.app.tcp(Purpose::Stray).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_subject_gets_in_only_by_fault() {
    for (fault, status, users) in [
        ("", 403, 3),
        ("unknown-user = \"create\"", 200, 4),
        ("unknown-user = \"serve\"", 200, 3),
    ] {
        let deployment = Deployment::start("", fault).await;
        let unknown = deployment.client(Some(&deployment.pki.unknown_user("mallory").unwrap()));
        assert_eq!(
            deployment.get(&unknown, "/whoami").await.unwrap().status,
            status,
            "{fault}"
        );
        let admin = deployment.client(Some(&deployment.credential("admin")));
        assert!(
            deployment
                .get(&admin, "/admin/users")
                .await
                .unwrap()
                .body
                .contains(&format!("\"users\":{users}"))
        );
    }
}
