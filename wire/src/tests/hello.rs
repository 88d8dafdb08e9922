use super::server::{at_once, config, dial, echo, listen, script, soon};
use crate::tls::hello::{
    Hello, HelloReply, KeyExchange, SSL2, SSL3, Sentinel, ServerHello, TLS10, TLS12, TLS13, probe,
};

fn answer(bytes: &[u8]) -> HelloReply {
    probe(
        &Hello::new(TLS12, vec![0xC02B]),
        &mut dial(&script(bytes.to_vec())),
        soon(),
    )
}

fn accepted(hello: &Hello) -> ServerHello {
    let reply = probe(hello, &mut dial(&echo(config())), soon());
    let HelloReply::ServerHello(found) = reply else {
        panic!("{reply:?}")
    };
    *found
}

#[test]
fn a_tls_1_2_flight_is_read_to_its_end() {
    let mut hello = Hello::new(TLS12, vec![0x0005, 0xC02B]);
    hello.alpn = vec![b"http/1.1".to_vec()];
    hello.server_name = Some(b"server.test".to_vec());
    let found = accepted(&hello);
    assert_eq!(
        (found.version, found.suite, found.compression, found.done),
        (TLS12, 0xC02B, 0, true)
    );
    assert_eq!(
        found.sentinel,
        Some(Sentinel::Tls12),
        "the server could have done TLS 1.3"
    );
    assert_eq!(
        found.key_exchange,
        Some(KeyExchange::Ecdh {
            group: Some(29),
            scheme: Some(0x0403)
        })
    );
    assert_eq!(found.certificates.len(), 1);
    let request = found.certificate_request.unwrap();
    assert!(request.schemes.contains(&0x0403) && request.types.contains(&64));
    assert_eq!(request.authorities.len(), 1);
}

#[test]
fn a_flight_that_an_alert_breaks_off_says_so() {
    // A TLS 1.2 ServerHello with 0xC02B and no extensions, then fatal alert 40: what Go sends where it has no signature.
    let mut bytes = vec![22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3];
    bytes.extend([7; 32]);
    bytes.extend([0, 0xC0, 0x2B, 0]);
    let whole = answer(&bytes);
    assert!(matches!(whole, HelloReply::ServerHello(hello) if hello.broken_off.is_none()));
    bytes.extend([21, 3, 3, 0, 2, 2, 40]);
    let broken = answer(&bytes);
    assert!(matches!(broken, HelloReply::ServerHello(hello) if hello.broken_off == Some(40) && !hello.done));
}

#[test]
fn tls_1_3_shows_its_group_or_asks_for_another() {
    assert_eq!(accepted(&Hello::new(TLS13, vec![0x1301])).group, Some(29));
    let retry = Hello {
        groups: vec![24],
        ..Hello::new(TLS13, vec![0x1301])
    };
    let reply = probe(&retry, &mut dial(&echo(config())), soon());
    assert_eq!(
        reply,
        HelloReply::HelloRetryRequest {
            suite: 0x1301,
            group: Some(24)
        }
    );
}

#[test]
fn fragments_and_long_hellos_are_still_hellos() {
    let long = Hello {
        padding: Some(20_000),
        ..Hello::new(TLS12, vec![0xC02B])
    };
    assert!(long.to_bytes().len() > 20_000 && accepted(&long).done);
    let tiny = Hello {
        record_size: Some(1),
        ..Hello::new(TLS12, vec![0xC02B])
    };
    assert!(accepted(&tiny).done);
}

#[test]
fn old_versions_are_refused_by_a_new_server() {
    for version in [SSL3, TLS10] {
        let reply = probe(
            &Hello::new(version, vec![0x002F]),
            &mut dial(&echo(config())),
            soon(),
        );
        assert!(matches!(reply, HelloReply::Alert { level: 2, .. }), "{reply:?}");
    }
    let reply = probe(&Hello::new(SSL2, Vec::new()), &mut dial(&echo(config())), soon());
    assert!(
        matches!(reply, HelloReply::Alert { .. } | HelloReply::Closed),
        "{reply:?}"
    );
}

#[test]
fn an_ssl_2_hello_has_its_own_shape_and_answer() {
    let bytes = Hello::new(SSL2, Vec::new()).to_bytes();
    assert_eq!((bytes.len(), usize::from(bytes[1]) + 2), (48, 48));
    let reply = answer(b"\x80\x0F\x04\0\x01\0\x02\0\x01\0\x03\0\0C\x01\0\x80");
    assert_eq!(
        reply,
        HelloReply::Sslv2ServerHello {
            kinds: vec![[1, 0, 128]]
        }
    );
}

#[test]
fn a_weak_dh_group_is_measured() {
    let hello = [&[3, 1][..], &[7; 32], b"\0\0\x39\0"].concat();
    let exchange = [&[0, 64][..], &[0xFF; 64], b"\0\x01\x02\0\x01\x05\0\x01x"].concat();
    let message = |kind: u8, body: &[u8]| [&[kind, 0, 0, u8::try_from(body.len()).unwrap()], body].concat();
    let flight = [message(2, &hello), message(12, &exchange), message(14, &[])].concat();
    let record = [
        &[22, 3, 1, 0, u8::try_from(flight.len()).unwrap()],
        flight.as_slice(),
    ]
    .concat();
    let HelloReply::ServerHello(found) = answer(&record) else {
        panic!("no ServerHello")
    };
    assert_eq!((found.version, found.done), (TLS10, true));
    assert_eq!(
        found.key_exchange,
        Some(KeyExchange::Dh {
            bits: 512,
            scheme: None
        })
    );
}

#[test]
fn hostile_answers_are_replies() {
    assert_eq!(answer(b""), HelloReply::Closed);
    assert_eq!(
        answer(b"\x15\x03\x01\0\x02\x02\x28"),
        HelloReply::Alert {
            level: 2,
            description: 40
        }
    );
    assert_eq!(
        answer(b"SSH-2.0-x\r\n"),
        HelloReply::NotTls(b"SSH-2.0-x\r\n".to_vec())
    );
    assert_eq!(answer(b"\x16\x03\x03\xFF\xFFabc"), HelloReply::Closed);
    assert!(matches!(
        answer(b"\x16\x03\x03\0\x04\x02\0\0\0"),
        HelloReply::Garbled(_)
    ));
    assert!(matches!(
        answer(b"\x16\x03\x03\0\x04\x0B\0\0\0"),
        HelloReply::Garbled(_)
    ));
    let silent = listen(|socket| {
        std::thread::sleep(std::time::Duration::from_secs(1));
        drop(socket);
    });
    assert_eq!(
        probe(&Hello::new(TLS12, vec![5]), &mut dial(&silent), at_once()),
        HelloReply::Timeout
    );
}
