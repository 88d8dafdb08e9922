//! Minimal certificates with any names, for the tests and the bench.

use client_identity::certificate::Name;
use client_identity::der;

fn tlv(identifier: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    der::write(&mut out, identifier, contents);
    out
}

/// A certificate with these names and alternative names, an EC key of zeros and a signature of zeros.
pub(crate) fn certificate(
    subject: &Name,
    issuer: &Name,
    serial: &[u8],
    alternative_names: &[(u8, Vec<u8>)],
) -> Vec<u8> {
    let algorithm = tlv(0x30, &tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
    let curve = [
        tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]),
        tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]),
    ];
    let key = [tlv(0x30, &curve.concat()), tlv(0x03, &[0, 4, 0, 0])].concat();
    let validity = [tlv(0x17, b"251120013856Z"), tlv(0x17, b"261120013856Z")].concat();
    let mut body = vec![
        tlv(0xa0, &tlv(0x02, &[2])),
        tlv(0x02, serial),
        algorithm.clone(),
        issuer.to_der(),
        tlv(0x30, &validity),
        subject.to_der(),
        tlv(0x30, &key),
    ];
    if !alternative_names.is_empty() {
        let names: Vec<u8> = alternative_names
            .iter()
            .flat_map(|(tag, text)| tlv(*tag, text))
            .collect();
        let extension = [tlv(0x06, &[0x55, 0x1d, 17]), tlv(0x04, &tlv(0x30, &names))].concat();
        body.push(tlv(0xa3, &tlv(0x30, &tlv(0x30, &extension))));
    }
    tlv(
        0x30,
        &[tlv(0x30, &body.concat()), algorithm, tlv(0x03, &[0, 0x30, 0])].concat(),
    )
}
