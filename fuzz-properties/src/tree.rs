//! DER as a tree that can be changed and written again, right or wrong.
//!
//! Reading is tolerant: what is no element stays as bytes, so that every input has a tree. Depth and nodes are bounded.
//! Next: [`crate::mutation`].

/// The deepest nesting that is taken apart.
const DEEPEST: usize = 24;
/// The most elements that are taken apart.
const MOST: usize = 4096;

/// One element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The identifier octet.
    pub tag: u8,
    /// Length octets to write instead of the true ones.
    pub length: Option<Vec<u8>>,
    /// What it holds.
    pub content: Content,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Elements; before them the bytes given, such as the count of unused bits of a BIT STRING.
    Nodes(Vec<u8>, Vec<Node>),
}

/// The elements of `bytes`; `None` if they are not elements to the last byte.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Vec<Node>> {
    list(bytes, 0, &mut 0)
}

fn list(mut bytes: &[u8], depth: usize, count: &mut usize) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while let [tag, rest @ ..] = bytes {
        let (contents, after) = contents(rest)?;
        *count += 1;
        if *count > MOST {
            return None;
        }
        nodes.push(Node {
            tag: *tag,
            length: None,
            content: content(*tag, contents, depth, count),
        });
        bytes = after;
    }
    Some(nodes)
}

/// The contents after a length, and what follows them.
fn contents(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    if *first < 0x80 {
        return rest.split_at_checked(usize::from(*first));
    }
    let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    if octets.is_empty() || octets.len() > 4 {
        return None;
    }
    let length = octets
        .iter()
        .fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet));
    rest.split_at_checked(length)
}

fn content(tag: u8, bytes: &[u8], depth: usize, count: &mut usize) -> Content {
    // OCTET STRING and BIT STRING hold further DER in extensions and keys.
    let skipped = match tag {
        0x03 => 1,
        0x04 => 0,
        _ if tag & 0x20 != 0 => 0,
        _ => return Content::Bytes(bytes.to_vec()),
    };
    let split = bytes.split_at_checked(skipped).filter(|(_, rest)| {
        let is_string = tag & 0x20 == 0;
        depth < DEEPEST && !(is_string && rest.is_empty())
    });
    let nodes = split.and_then(|(before, rest)| Some((before.to_vec(), list(rest, depth + 1, count)?)));
    match nodes {
        Some((before, nodes)) => Content::Nodes(before, nodes),
        None => Content::Bytes(bytes.to_vec()),
    }
}

/// Writes the elements.
#[must_use]
pub fn write(nodes: &[Node]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for node in nodes {
        let content = match &node.content {
            Content::Bytes(content) => content.clone(),
            Content::Nodes(before, nodes) => [before.clone(), write(nodes)].concat(),
        };
        bytes.push(node.tag);
        match &node.length {
            Some(octets) => bytes.extend_from_slice(octets),
            None => bytes.extend(certs_gen::der::length(content.len())),
        }
        bytes.extend(content);
    }
    bytes
}

/// How many elements there are, at all depths.
#[must_use]
pub fn count(nodes: &[Node]) -> usize {
    let below = |node: &Node| match &node.content {
        Content::Bytes(_) => 1,
        Content::Nodes(_, nodes) => 1 + count(nodes),
    };
    nodes.iter().map(below).sum()
}

/// Gives `change` the list that holds the element of this number, counted from the front and from above, and its place.
pub fn at(nodes: &mut Vec<Node>, number: usize, change: &mut dyn FnMut(&mut Vec<Node>, usize)) {
    let mut left = number;
    find(nodes, &mut left, change);
}

fn find(nodes: &mut Vec<Node>, left: &mut usize, change: &mut dyn FnMut(&mut Vec<Node>, usize)) -> bool {
    for place in 0..nodes.len() {
        if *left == 0 {
            change(nodes, place);
            return true;
        }
        *left -= 1;
        if let Some(Node {
            content: Content::Nodes(_, below),
            ..
        }) = nodes.get_mut(place)
            && find(below, left, change)
        {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let der = [0x30, 8, 0x04, 3, 0x02, 1, 5, 0x03, 1, 0];
        let nodes = read(&der).unwrap();
        assert_eq!(count(&nodes), 4);
        assert_eq!(write(&nodes), der);
        assert_eq!(read(&der[..9]), None);
    }

    #[test]
    fn elements_are_numbered_from_above() {
        let mut nodes = read(&[0x30, 3, 0x02, 1, 5, 0x05, 0]).unwrap();
        let mut seen = Vec::new();
        for number in 0..4 {
            at(&mut nodes, number, &mut |list, place| seen.push(list[place].tag));
        }
        assert_eq!(seen, [0x30, 0x02, 0x05]);
    }

    #[test]
    fn nesting_is_bounded() {
        let mut der = Vec::new();
        for _ in 0..200 {
            der = certs_gen::der::tlv(0x30, &der);
        }
        assert_eq!(count(&read(&der).unwrap()), DEEPEST + 1);
    }
}
