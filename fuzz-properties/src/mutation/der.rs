//! Mutations of certificates, revocation lists and OCSP answers by their tree.

use std::sync::LazyLock;

use certs_gen::authority::Role;
use certs_gen::{Pki, PkiSpec};

use super::{Dice, Fallback, by_itself, put};
use crate::input::WORDS;
use crate::tree::{Content, Node, at, count, read, write};

/// The PKI of the seeds: mutants are signed by its issuing CA again.
pub(crate) static PKI: LazyLock<Option<Pki>> = LazyLock::new(|| Pki::generate(&PkiSpec::default()).ok());

/// Identifiers that a changed element gets: strings, times, numbers, constructed, context-specific, high tag form.
const TAGS: [u8; 26] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c,
    0x1e, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0x86, 0x1f,
];

/// Length octets that are wrong or longer than they need be.
const LENGTHS: [&[u8]; 9] = [
    &[0x80],
    &[0x81, 0x05],
    &[0x82, 0x00, 0x10],
    &[0x84, 0xff, 0xff, 0xff, 0xff],
    &[0x84, 0x7f, 0xff, 0xff, 0xff],
    &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0xff],
    &[0x00],
    &[0x01],
];

/// Mutates DER that fills the input.
pub fn der(data: &mut [u8], size: usize, most: usize, seed: u32, fallback: Fallback) -> usize {
    der_after(0, data, size, most, seed, fallback)
}

/// Mutates DER that comes after `skip` bytes of choices, and sometimes those bytes.
pub fn der_after(
    skip: usize,
    data: &mut [u8],
    size: usize,
    most: usize,
    seed: u32,
    fallback: Fallback,
) -> usize {
    let mut dice = Dice::new(seed);
    let before = data.get(..skip.min(size)).unwrap_or_default().to_vec();
    let tree = read(data.get(skip..size).unwrap_or_default());
    let Some(mut nodes) = tree.filter(|nodes| !nodes.is_empty() && dice.below(8) > 0) else {
        return fallback(data, size, most);
    };
    let mut head = before;
    if dice.below(4) == 0
        && let Some(first) = head.first_mut()
    {
        *first = u8::try_from(dice.below(256)).unwrap_or(0);
    }
    for _ in 0..dice.below(4).max(1) {
        change(&mut nodes, &mut dice, fallback);
    }
    if dice.below(2) == 0 {
        sign(&mut nodes);
    }
    head.extend(write(&nodes));
    put(data, &head, most)
}

/// One change of one element.
fn change(nodes: &mut Vec<Node>, dice: &mut Dice, fallback: Fallback) {
    let total = count(nodes);
    let number = dice.below(total);
    let mut donor = None;
    at(nodes, dice.below(total), &mut |list, place| {
        donor = list.get(place).cloned();
    });
    at(nodes, number, &mut |list, place| match dice.below(12) {
        0 => drop(list.remove(place)),
        1 => {
            let copy = list.get(place).cloned();
            let to = dice.below(list.len() + 1);
            if let Some(node) = copy {
                list.insert(to, node);
            }
        }
        2 => {
            let other = dice.below(list.len());
            list.swap(place, other);
        }
        3 => {
            if let Some(node) = donor.take() {
                list.insert(place, node);
            }
        }
        4 => {
            if let (Some(node), Some(donor)) = (list.get_mut(place), donor.take()) {
                *node = donor;
            }
        }
        5 => {
            if let Some(node) = list.get_mut(place) {
                node.length = dice.pick(&LENGTHS).map(|octets| octets.to_vec());
            }
        }
        6 => {
            if let (Some(node), Some(tag)) = (list.get_mut(place), dice.pick(&TAGS)) {
                node.tag = *tag;
            }
        }
        7 => {
            if let Some(node) = list.get_mut(place) {
                node.content = Content::Bytes(nested(node, 1 << dice.below(12)));
            }
        }
        _ => {
            if let Some(node) = list.get_mut(place) {
                contents(node, dice, fallback);
            }
        }
    });
}

/// An element within so many others. By bytes and from the inside, since a tree as deep as that would overflow our own stack.
fn nested(node: &Node, levels: usize) -> Vec<u8> {
    let inside = write(std::slice::from_ref(node));
    let mut size = inside.len();
    let mut heads = Vec::new();
    for _ in 1..levels {
        let head = [vec![0x30], certs_gen::der::length(size)].concat();
        size += head.len();
        heads.push(head);
    }
    heads.reverse();
    [heads.concat(), inside].concat()
}

/// Other contents, preferably of a string.
fn contents(node: &mut Node, dice: &mut Dice, fallback: Fallback) {
    match &mut node.content {
        Content::Bytes(bytes) if dice.below(2) == 0 => {
            let word = dice.pick(&WORDS).copied().unwrap_or_default();
            let at = match dice.below(3) {
                0 => 0,
                1 => bytes.len(),
                _ => dice.below(bytes.len()),
            };
            bytes.splice(at..at, word.iter().copied());
        }
        Content::Bytes(bytes) => *bytes = by_itself(bytes, fallback),
        Content::Nodes(_, nodes) if nodes.len() > 1 => nodes.reverse(),
        Content::Nodes(_, nodes) => nodes.clear(),
    }
}

/// Where an OCSPResponse has the BasicOCSPResponse: responseBytes, its sequence, the octets, what they hold.
const ANSWER: [usize; 4] = [1, 0, 1, 0];

/// Signs a changed certificate, revocation list or OCSP answer again, so that it reaches what only signed ones reach.
fn sign(nodes: &mut [Node]) {
    let [outer] = nodes else {
        return;
    };
    if !is_signed(outer) {
        let inner = ANSWER.into_iter().try_fold(&mut *outer, below);
        if let Some(inner) = inner.filter(|inner| is_signed(inner)) {
            sign_one(inner);
        }
        return;
    }
    sign_one(outer);
}

fn below(node: &mut Node, place: usize) -> Option<&mut Node> {
    match &mut node.content {
        Content::Bytes(_) => None,
        Content::Nodes(_, nodes) => nodes.get_mut(place),
    }
}

/// What is signed, the algorithm, a BIT STRING; after them what an answer sends along.
fn is_signed(node: &Node) -> bool {
    match &node.content {
        Content::Nodes(_, nodes) => matches!(nodes.as_slice(), [_, _, third, ..] if third.tag == 0x03),
        Content::Bytes(_) => false,
    }
}

fn sign_one(node: &mut Node) {
    let Content::Nodes(_, parts) = &mut node.content else {
        return;
    };
    let [signed, _, signature, ..] = parts.as_mut_slice() else {
        return;
    };
    let authority = PKI.as_ref().and_then(|pki| pki.authority(Role::Issuing).ok());
    if let Some(authority) = authority {
        let message = write(std::slice::from_ref(signed));
        if let Ok(bytes) = authority.key.sign(authority.key.usual_signature(), &message) {
            signature.content = Content::Bytes([vec![0], bytes].concat());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::tests::keep;

    fn mutate(der_bytes: &[u8], seed: u32) -> Vec<u8> {
        let mut data = der_bytes.to_vec();
        data.resize(16_384, 0);
        let size = der(&mut data, der_bytes.len(), 16_384, seed, keep);
        data.truncate(size);
        data
    }

    #[test]
    fn many_mutants_of_a_certificate_are_still_certificates_and_some_are_signed() {
        let pki = PKI.as_ref().unwrap();
        let leaf = pki.credential("alice").unwrap().chain.remove(0);
        let mutants: Vec<Vec<u8>> = (0..2000).map(|seed| mutate(&leaf, seed)).collect();
        assert_eq!(
            mutants[7],
            mutate(&leaf, 7),
            "the same seed gives the same mutant"
        );
        let readable = mutants
            .iter()
            .filter(|der| **der != leaf && client_identity::Certificate::from_der(der).is_ok())
            .count();
        assert!(readable > 300, "only {readable} of 2000 mutants can be read");
        let issuer = &pki.authority(Role::Issuing).unwrap().certificate;
        let verified = mutants
            .iter()
            .filter(|der| **der != leaf && crate::certificate::is_signed_by(der, issuer))
            .count();
        assert!(verified > 100, "only {verified} of 2000 mutants are well signed");
    }

    #[cfg(feature = "engine")]
    #[test]
    fn some_mutants_of_an_answer_are_signed() {
        use embedded_deployment::proxy::{fault::Ocsp, fuzzing::ocsp_answer};
        let subject = crate::ocsp::SUBJECT.as_ref().unwrap();
        let seeds = crate::seed::seeds().unwrap();
        let honest = &seeds[&("ocsp_response", "good".to_owned())];
        let good = (0..2000).filter(|seed| {
            let mutant = mutate(honest, *seed);
            let judged = ocsp_answer(
                &subject.certificate,
                &subject.issuer,
                &mutant,
                subject.now,
                Ocsp::Check,
            );
            mutant != *honest && judged == Some(Ok(()))
        });
        let good = good.count();
        assert!(good > 100, "only {good} of 2000 mutants are believed");
    }
}
