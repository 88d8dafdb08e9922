use super::*;

#[test]
fn a_short_lived_certificate_is_the_users_own_but_for_its_end_key_and_serial() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let end = pki.spec().now + 3;
    let [short, plain] = [pki.short_lived("alice", end), pki.credential("alice")].map(Result::unwrap);
    assert_eq!((short.user.as_str(), short.twin.as_str()), ("alice", "alice"));
    assert_eq!(short.chain.get(1..), plain.chain.get(1..));
    assert_ne!(short.leaf(), plain.leaf());
    let written = der::time(end);
    assert!(
        short
            .leaf()
            .unwrap()
            .windows(written.len())
            .any(|bytes| bytes == written)
    );
    assert!(pki.short_lived("nobody", end).is_err());
}

#[test]
fn the_same_spec_gives_the_same_bytes() {
    let [one, two] = [(); 2].map(|()| Pki::generate(&PkiSpec::default()).unwrap());
    assert_eq!(one.trust_anchors(), two.trust_anchors());
    assert_eq!(one.crls().unwrap(), two.crls().unwrap());
    for name in one.names() {
        assert_eq!(
            one.credential(&name).unwrap().chain,
            two.credential(&name).unwrap().chain,
            "{name}"
        );
    }
}

#[test]
fn another_seed_gives_other_keys() {
    let other = PkiSpec {
        seed: 2,
        ..PkiSpec::default()
    };
    assert_ne!(
        Pki::generate(&PkiSpec::default()).unwrap().trust_anchors(),
        Pki::generate(&other).unwrap().trust_anchors()
    );
}

#[test]
fn every_chain_authority_has_a_list() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let lists = pki.crls().unwrap().len();
    // The revoked intermediate has one beside those that issue honest leaves.
    assert_eq!(lists, pki.issuers().len() + pki.trust_anchors().len() + 1);
}

#[test]
fn servers_are_all_minted() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    for kind in SERVERS {
        assert_eq!(pki.server(kind).unwrap().name, *kind);
    }
    assert!(matches!(pki.server("alice"), Err(PkiError::UnknownCredential(_))));
}

#[test]
fn an_unknown_user_is_named_as_asked() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let mallory = pki.unknown_user("mallory").unwrap();
    assert_eq!(mallory.user, "mallory");
    assert!(
        mallory
            .leaf()
            .unwrap()
            .windows(7)
            .any(|window| window == b"mallory")
    );
}

#[test]
fn a_credential_is_found_again_by_its_own_name() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    for fault in FAULTS.iter() {
        for user in ["alice", "bob"] {
            let credential = pki.credential_for(fault.name, user).unwrap();
            assert_eq!(
                pki.credential(&credential.name).unwrap().chain,
                credential.chain,
                "{}",
                credential.name
            );
        }
    }
}

#[test]
fn the_issuing_list_alone_has_each_users_revoked_serial_number() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    for user in &pki.users {
        let serial = pki.fault_serial("revoked", user);
        for crl in pki.crls().unwrap() {
            let listed = crl.der.windows(serial.len()).any(|octets| octets == serial);
            assert_eq!(listed, crl.name == "issuing", "{} in {}", user.name, crl.name);
        }
    }
}
