//! What the strict deployment promises.

use std::time::{Duration, Instant};

use certs_gen::{FAULTS, Strict};
use embedded_deployment::Purpose;
use tokio::net::TcpStream;

use crate::setup::{Deployment, is_usable, plainly};

#[tokio::test(flavor = "multi_thread")]
async fn honest_users_are_served_as_themselves() {
    let deployment = Deployment::start("", "").await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for user in ["alice", "bob", "admin"] {
            let client = deployment.client_with(Some(&deployment.credential(user)), &[version]);
            let reply = deployment.get(&client, "/whoami?nonce=n1").await.unwrap();
            assert_eq!((reply.status, reply.identity().as_deref()), (200, Some(user)));
            assert!(reply.body.contains("\"nonce\":\"n1\""));
            assert!(reply.head.contains("strict-transport-security: max-age=63072000"));
        }
    }
    for suffix in ["rsa2048", "p384", "p521", "ed25519"] {
        let client = deployment.client(Some(&deployment.credential(&format!("alice-{suffix}"))));
        assert_eq!(
            deployment
                .get(&client, "/whoami")
                .await
                .unwrap()
                .identity()
                .as_deref(),
            Some("alice"),
            "{suffix}"
        );
    }
    assert!(deployment.log("access.log").contains("nonce=n1"));
    assert!(deployment.log("app.log").contains("user=\"alice\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_and_unknown_people_are_refused() {
    let deployment = Deployment::start("", "").await;
    assert!(deployment.get(&deployment.client(None), "/whoami").await.is_err());
    let unknown = deployment.pki.unknown_user("mallory").unwrap();
    let reply = deployment
        .get(&deployment.client(Some(&unknown)), "/whoami")
        .await
        .unwrap();
    assert_eq!(reply.status, 403);
    let admin = deployment.client(Some(&deployment.credential("admin")));
    assert!(
        deployment
            .get(&admin, "/admin/users")
            .await
            .unwrap()
            .body
            .contains("\"users\":3")
    );
    assert!(deployment.log("audit.log").contains("none was presented"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_faulty_credential_that_must_be_refused_is() {
    let deployment = Deployment::start("", "").await;
    let mut accepted = Vec::new();
    let mut tried = 0;
    for fault in FAULTS.iter().filter(|fault| fault.strict == Strict::Refuse) {
        let Ok(credential) = deployment.pki.credential(fault.name) else {
            continue;
        };
        if credential.chain.is_empty() || !is_usable(&credential) {
            continue;
        }
        tried += 1;
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let client = deployment.client_with(Some(&credential), &[version]);
            if let Ok(reply) = deployment.get(&client, "/whoami").await
                && reply.status == 200
            {
                accepted.push(fault.name);
            }
        }
    }
    assert!(tried > 5);
    assert!(accepted.is_empty(), "accepted: {accepted:?}");
    let alice = deployment.client(Some(&deployment.credential("alice")));
    assert_eq!(deployment.get(&alice, "/whoami").await.unwrap().status, 200);
    assert!(
        deployment
            .log("audit.log")
            .contains("certificate refused reason=")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_headers_change_nothing() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for forged in [
        "X-SSL-Client-S-DN: CN=bob,OU=people,O=Example,C=NL",
        "X_SSL_Client_S_DN: CN=bob,OU=people,O=Example,C=NL",
        "X-Remote-User: bob",
        "Connection: X-SSL-Client-Cert, X-Gateway-Key",
        "X-Original-URL: /admin/report",
        "X-HTTP-Method-Override: DELETE",
    ] {
        let head = format!("GET /whoami HTTP/1.1\r\nhost: api.example.test\r\n{forged}");
        let reply = deployment.send(&alice, &head, "").await.unwrap();
        assert_eq!(reply.identity().as_deref(), Some("alice"), "{forged}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_must_be_the_vhost_of_the_sni() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for (host, status) in [
        ("public.example.test", 421),
        ("API.example.test:443", 200),
        ("api.example.test.", 421),
    ] {
        let reply = deployment
            .send(&alice, &format!("GET /whoami HTTP/1.1\r\nhost: {host}"), "")
            .await
            .unwrap();
        assert_eq!(reply.status, status, "{host}");
    }
    let mut public = deployment.client(None);
    public.sni = "public.example.test";
    let ask = |host: &str, path: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}");
    let status = async |head: String| deployment.send(&public, &head, "").await.unwrap().status;
    assert_eq!(status(ask("public.example.test", "/healthz")).await, 200);
    assert_eq!(status(ask("public.example.test", "/whoami")).await, 404);
    assert_eq!(status(ask("api.example.test", "/whoami")).await, 421);
    let plain = deployment.proxy.tcp(Purpose::Plain).unwrap();
    let reply = plainly(
        plain,
        "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(reply.status, 308);
    assert!(reply.head.contains(&format!(
        "location: https://api.example.test:{}/whoami",
        deployment.front().port()
    )));
    let reply = plainly(
        plain,
        "GET / HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(reply.status, 421);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_believes_only_the_proxy() {
    let deployment = Deployment::start("", "").await;
    let app = deployment.app.tcp(Purpose::App).unwrap();
    let forged = "X-SSL-Client-Verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=admin,OU=people,O=Example,C=NL";
    let request = format!("GET /whoami HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{forged}\r\n\r\n");
    assert_eq!(plainly(app, &request).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_held_to_their_own() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for (path, status) in [
        ("/accounts/alice", 200),
        ("/accounts/bob", 403),
        ("/accounts/bob/notes", 403),
        ("/accounts/nobody", 403),
        ("/admin/report", 403),
        ("/vault", 403),
        ("/boom", 500),
        ("//whoami", 404),
        ("/nowhere", 404),
    ] {
        assert_eq!(
            deployment.get(&alice, path).await.unwrap().status,
            status,
            "{path}"
        );
    }
    let filtered = deployment.get(&alice, "/accounts?owner=bob").await.unwrap();
    assert!(filtered.body.contains("\"accounts\":[]"));
    let post = |path: &str, extra: &str| format!("POST {path} HTTP/1.1\r\nhost: api.example.test\r\n{extra}");
    let reply = deployment
        .send(&alice, &post("/transfer", "x-a: 1"), "{}")
        .await
        .unwrap();
    assert_eq!(reply.status, 403);
    let token = deployment.get(&alice, "/csrf").await.unwrap();
    assert!(token.head.contains("; secure; samesite=strict"));
    let token = token.body.split("\"token\":\"").nth(1).unwrap()[..32].to_owned();
    let proof = format!("x-csrftoken: {token}\r\ncookie: csrftoken={token}");
    assert_eq!(
        deployment
            .send(&alice, &post("/transfer", &proof), "{}")
            .await
            .unwrap()
            .status,
        200
    );
    let login = deployment
        .send(&alice, &post("/login", "x-a: 1"), "user=alice&password=pa")
        .await
        .unwrap();
    assert!(login.head.contains("; secure; httponly; samesite=strict"));
    let cookie = login.head.split("sessionid=").nth(1).unwrap()[..32].to_owned();
    let bob = deployment.client(Some(&deployment.credential("bob")));
    let head = format!("GET /whoami HTTP/1.1\r\nhost: api.example.test\r\ncookie: sessionid={cookie}");
    assert_eq!(deployment.send(&bob, &head, "").await.unwrap().status, 403);
    assert_eq!(deployment.send(&alice, &head, "").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_resumes_and_dies_with_a_reload() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    assert!(!deployment.get(&alice, "/whoami").await.unwrap().resumed);
    let again = deployment.get(&alice, "/whoami").await.unwrap();
    assert!(again.resumed);
    assert_eq!(again.identity().as_deref(), Some("alice"));
    deployment.proxy.reload().unwrap();
    assert!(!deployment.get(&alice, "/whoami").await.unwrap().resumed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_stops_at_once_and_closes_its_listeners() {
    let deployment = Deployment::start("", "").await;
    let front = deployment.front();
    let idle = TcpStream::connect(front).await.unwrap();
    let begun = Instant::now();
    deployment.proxy.stop().await;
    assert!(begun.elapsed() < Duration::from_millis(200));
    assert!(TcpStream::connect(front).await.is_err());
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_is_held_to_the_same_rules() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    let reply = deployment
        .get_http2(
            &alice,
            "https://api.example.test/whoami",
            &[("x_ssl_client_s_dn", "CN=bob")],
        )
        .await;
    assert_eq!((reply.status, reply.identity().as_deref()), (200, Some("alice")));
    let reply = deployment
        .get_http2(&alice, "https://public.example.test/whoami", &[])
        .await;
    assert_eq!(reply.status, 421);
    let reply = deployment
        .get_http2(
            &alice,
            "https://api.example.test/whoami",
            &[("host", "public.example.test")],
        )
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn alice_is_alice_in_every_dialect_that_names_her_without_doubt() {
    let mut refused = Vec::new();
    for dialect in client_identity::DIALECTS {
        let identity = format!("dialect = \"{}\"", dialect.name());
        let deployment = Deployment::start_with(&identity, "", "").await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        let reply = deployment.get(&alice, "/whoami").await.unwrap();
        match reply.status {
            200 => assert_eq!(reply.identity().as_deref(), Some("alice")),
            _ => refused.push(dialect.name()),
        }
    }
    // Not for this proxy: a value that ends in a space or holds a line feed does not survive HTTP as hyper reads it, and
    // variables of a process are no headers.
    let headers = ["apache", "apache-legacy-dn", "nginx-folded"];
    let variables = ["mod-wsgi", "nginx-uwsgi-param", "uwsgi"];
    assert!(
        refused
            .iter()
            .all(|name| headers.contains(name) || variables.contains(name)),
        "{refused:?}"
    );
}
