//! A PKI under an operator's own authorities. Their keys sign; what only a root can make needs the root's key.

use super::Pki;
use super::generate::Maker;
use crate::authority::{Authority, Role};
use crate::der::{self, DerError, Reader};
use crate::key::{KeyPair, key_identifier};
use crate::oid;
use crate::spec::{CaFiles, PkiError, PkiSpec};

impl Pki {
    /// Mints under a CA that the deployment trusts, directly or through `root`. `also_trusted` are the other CAs of the
    /// deployment's bundle; the first is the partner. Server certificates still come from a CA of the seed.
    ///
    /// Without `root`, whatever needs another intermediate is [`PkiError::NeedsRoot`].
    ///
    /// # Errors
    /// [`PkiError`] when a file cannot be read, a passphrase is missing, or a key is not its certificate's.
    pub fn under(
        spec: &PkiSpec,
        issuer: CaFiles,
        root: Option<CaFiles>,
        also_trusted: Vec<CaFiles>,
    ) -> Result<Self, PkiError> {
        let mut maker = Maker::new(spec)?;
        let (mut issuing, self_issued) = read("issuer", &issuer)?;
        let root = root.map(|files| read("root", &files)).transpose()?;
        if root.is_some() || !self_issued {
            issuing.chain.push(issuing.certificate.clone());
        }
        maker.authorities.insert(Role::Issuing, issuing);
        if let Some((root, _)) = root {
            maker.authorities.insert(Role::Root, root);
            maker.under_root()?;
        }
        let mut others = Vec::new();
        for (index, files) in also_trusted.iter().enumerate() {
            others.push(read(&format!("also-trusted {}", index + 1), files)?.0);
        }
        if !others.is_empty() {
            maker.authorities.insert(Role::Partner, others.remove(0));
        }
        maker.strangers()?;
        Ok(maker.finish(others))
    }
}

/// An authority from its files, and whether it is its own issuer.
fn read(name: &str, files: &CaFiles) -> Result<(Authority, bool), PkiError> {
    let blocks = pem::parse_many(&files.cert_pem).map_err(|_| PkiError::NoCertificate(name.to_owned()))?;
    let certificate = blocks
        .into_iter()
        .find(|block| block.tag() == "CERTIFICATE")
        .ok_or_else(|| PkiError::NoCertificate(name.to_owned()))?
        .into_contents();
    let key = KeyPair::from_pem(&files.key_pem, files.passphrase.as_deref()).map_err(PkiError::key(name))?;
    let fields = Fields::read(&certificate)?;
    if fields.spki != key.spki_der() {
        return Err(PkiError::Mismatch(name.to_owned()));
    }
    let key_identifier = fields
        .key_identifier
        .clone()
        .unwrap_or_else(|| key_identifier(&fields.spki));
    let self_issued = fields.issuer == fields.subject;
    Ok((
        Authority {
            subject: fields.subject,
            key,
            key_identifier,
            chain: Vec::new(),
            certificate,
        },
        self_issued,
    ))
}

/// The fields of a CA certificate that its leaves repeat, encoded.
struct Fields {
    issuer: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    key_identifier: Option<Vec<u8>>,
}

impl Fields {
    fn read(certificate: &[u8]) -> Result<Self, DerError> {
        let mut outer = Reader::new(Reader::new(certificate).content(der::SEQUENCE)?);
        let mut fields = Reader::new(outer.content(der::SEQUENCE)?);
        fields.skip_if(0xa0)?;
        fields.content(der::INTEGER)?;
        fields.content(der::SEQUENCE)?;
        let issuer = fields.whole(der::SEQUENCE)?.to_vec();
        fields.content(der::SEQUENCE)?;
        let subject = fields.whole(der::SEQUENCE)?.to_vec();
        let spki = fields.whole(der::SEQUENCE)?.to_vec();
        fields.skip_if(0x81)?;
        fields.skip_if(0x82)?;
        let mut key_identifier = None;
        if let Some(extensions) = fields.skip_if(0xa3)? {
            let mut list = Reader::new(Reader::new(extensions).content(der::SEQUENCE)?);
            while !list.is_empty() {
                let mut extension = Reader::new(list.content(der::SEQUENCE)?);
                let kind = extension.whole(der::OBJECT_IDENTIFIER)?;
                extension.skip_if(der::BOOLEAN)?;
                let value = extension.content(der::OCTET_STRING)?;
                if kind == der::oid(oid::SUBJECT_KEY_IDENTIFIER) {
                    key_identifier = Some(Reader::new(value).content(der::OCTET_STRING)?.to_vec());
                }
            }
        }
        Ok(Self {
            issuer,
            subject,
            spki,
            key_identifier,
        })
    }
}
