use proptest::prelude::*;

use super::*;
use crate::authority::Role;
use crate::pki::Pki;
use crate::spec::PkiSpec;

fn sample(serials: &[&[u8]], nonce: Option<&[u8]>) -> Request {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let issuing = pki.authority(Role::Issuing).unwrap();
    Request {
        certificates: serials
            .iter()
            .map(|serial| CertId::of(issuing, serial, Hash::Sha1))
            .collect(),
        nonce: nonce.map(<[u8]>::to_vec),
    }
}

#[test]
fn what_is_written_is_read_again() {
    for request in [
        sample(&[&[1]], None),
        sample(&[&[0x12, 0x34], &[5]], Some(&[7; 16])),
    ] {
        assert_eq!(Request::parse(&request.to_der()), Ok(request));
    }
}

#[test]
fn requestor_and_unknown_extensions_are_skipped() {
    let request = sample(&[&[1]], Some(&[7; 16]));
    let list = der::sequence(&[&der::sequence(&[&request.certificates[0].to_der()])]);
    let unknown = crate::certificate::Extension::new(oid::UNKNOWN, true, der::null()).to_der();
    let extensions = der::sequence(&[&unknown, &nonce_extension(&[7; 16])]);
    let bytes = der::sequence(&[
        &der::sequence(&[
            &der::context(0, &der::small(0)),
            &der::context(1, &der::context(4, &der::sequence(&[]))),
            &list,
            &der::context(2, &extensions),
        ]),
        &der::context(0, &der::sequence(&[])),
    ]);
    assert_eq!(Request::parse(&bytes), Ok(request));
}

#[test]
fn the_issuer_is_found_under_every_digest() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let [issuing, root] = [Role::Issuing, Role::Root].map(|role| pki.authority(role).unwrap());
    for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let read = CertId::parse(
            Reader::new(&CertId::of(issuing, &[1], hash).to_der())
                .content(der::SEQUENCE)
                .unwrap(),
        )
        .unwrap();
        assert_eq!(read.hash, Some(hash));
        assert!(read.is_issued_by(issuing));
        assert!(!read.is_issued_by(root));
    }
}

#[test]
fn the_limits_hold() {
    let long = vec![1; MAX_SERIAL + 1];
    let serials: Vec<&[u8]> = vec![&[1]; MAX_CERTIFICATES + 1];
    for (bytes, error) in [
        (vec![0x30; MAX_SIZE + 1], RequestError::TooLong(MAX_SIZE + 1)),
        (sample(&serials, None).to_der(), RequestError::TooMany),
        (sample(&[], None).to_der(), RequestError::Nothing),
        (
            sample(&[long.as_slice()], None).to_der(),
            RequestError::Serial(MAX_SERIAL + 1),
        ),
        (sample(&[&[]], None).to_der(), RequestError::Serial(0)),
        (
            sample(&[&[1]], Some(&[0; MAX_NONCE + 1])).to_der(),
            RequestError::Nonce(MAX_NONCE + 1),
        ),
        (sample(&[&[1]], Some(&[])).to_der(), RequestError::Nonce(0)),
        (
            [sample(&[&[1]], None).to_der(), vec![0]].concat(),
            RequestError::Trailing,
        ),
    ] {
        assert_eq!(Request::parse(&bytes), Err(error));
    }
    assert!(matches!(Request::parse(&[]), Err(RequestError::Structure(_))));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        // Whatever is read must be written and read again alike.
        if let Ok(request) = Request::parse(&bytes) {
            prop_assert_eq!(Request::parse(&request.to_der()), Ok(request));
        }
    }

    #[test]
    fn a_damaged_request_never_panics(
        place in 0_usize..200,
        value in any::<u8>(),
        cut in 0_usize..200,
        nonce in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..64)),
    ) {
        let mut bytes = sample(&[&[0x12, 0x34], &[5]], nonce.as_deref()).to_der();
        if let Some(octet) = bytes.get_mut(place) {
            *octet = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut % 20));
        if let Ok(request) = Request::parse(&bytes) {
            prop_assert_eq!(Request::parse(&request.to_der()), Ok(request));
        }
    }

    #[test]
    fn every_request_is_read_as_written(
        serials in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..40), 1..8),
        nonce in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..=MAX_NONCE)),
    ) {
        let serials: Vec<&[u8]> = serials.iter().map(Vec::as_slice).collect();
        let request = sample(&serials, nonce.as_deref());
        prop_assert_eq!(Request::parse(&request.to_der()), Ok(request));
    }
}
