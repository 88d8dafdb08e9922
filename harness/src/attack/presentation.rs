//! Credentials ready to be presented: chains and signers, honest and lying.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use attack_wire::tls::client::Presented;
use attack_wire::tls::sign::{
    EmptySignature, GarbageSignature, KeySigner, Replayed, Sign, SignFailure, WrongKey, WrongScheme,
    WrongTranscript,
};
use certs_gen::KeyPair;

use crate::launch::Target;
use crate::scenario::vocabulary::Possession;

/// Chains and signers by the credential's name. Minting and key parsing are done once.
#[derive(Default)]
pub struct Wallet {
    cards: Mutex<BTreeMap<String, Card>>,
}

/// A certificate that was issued for one attempt.
#[derive(Clone)]
pub(super) struct Issued {
    card: Card,
    /// Its last second, Unix seconds.
    pub(super) not_after: i64,
}

impl Issued {
    pub(super) fn presented(&self) -> Presented {
        Presented {
            chain: self.card.chain.clone(),
            signer: Arc::clone(&self.card.signer),
        }
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Issued")
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Card {
    chain: Vec<Vec<u8>>,
    signer: Arc<dyn Sign>,
}

impl Wallet {
    /// A credential with its key, or with a signer that lies as `possession` says.
    ///
    /// # Errors
    /// Why it cannot be presented.
    pub fn present(&self, name: &str, possession: Possession, target: &Target) -> Result<Presented, String> {
        let card = self.card(name, target)?;
        let signer = lying(card.signer, possession)?;
        Ok(Presented {
            chain: card.chain,
            signer,
        })
    }

    /// A credential whose key signs truthfully under any scheme that it can compute, of yesterday too.
    ///
    /// # Errors
    /// Why it cannot be presented.
    pub(super) fn present_any_scheme(name: &str, target: &Target) -> Result<Presented, String> {
        let credential = target
            .credentials()
            .get(name)
            .map_err(|error| error.to_string())?;
        Ok(Presented {
            chain: credential.chain.clone(),
            signer: Arc::new(AnyScheme(credential.key.clone())),
        })
    }

    /// A certificate of `user` that is issued now and expires at `not_after`, Unix seconds.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub(super) fn issue(user: &str, not_after: i64, target: &Target) -> Result<Issued, String> {
        let credential = target
            .credentials()
            .short_lived(user, not_after)
            .map_err(|error| error.to_string())?;
        let card = Card {
            signer: signer(&credential.key)?,
            chain: credential.chain,
        };
        Ok(Issued { card, not_after })
    }

    fn card(&self, name: &str, target: &Target) -> Result<Card, String> {
        if let Some(card) = self.lock().get(name) {
            return Ok(card.clone());
        }
        let credential = target
            .credentials()
            .get(name)
            .map_err(|error| error.to_string())?;
        let signer = signer(&credential.key)?;
        let card = Card {
            chain: credential.chain.clone(),
            signer,
        };
        self.lock().insert(name.to_owned(), card.clone());
        Ok(card)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Card>> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The TLS library's signer where it knows the key; certs-gen's own for keys that no library of today would use.
fn signer(key: &KeyPair) -> Result<Arc<dyn Sign>, String> {
    if let Some(Ok(signer)) = key.pkcs8_der().map(KeySigner::from_der) {
        return Ok(Arc::new(signer));
    }
    Ok(Arc::new(OddKey(key.clone())))
}

/// A key that the TLS library refuses: RSA below 2048 bits, P-224, secp256k1, or none at all.
struct OddKey(KeyPair);

/// Schemes to be tried, best first: RSA-PSS and PKCS#1 with SHA-256, ECDSA with SHA-256 and its siblings.
const ODD_SCHEMES: [u16; 10] = [
    0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0807,
];

impl Sign for OddKey {
    fn schemes(&self) -> Vec<u16> {
        let able: Vec<u16> = ODD_SCHEMES
            .into_iter()
            .filter(|scheme| self.0.sign_tls(*scheme, b"probe").is_ok())
            .collect();
        if able.is_empty() {
            ODD_SCHEMES.to_vec()
        } else {
            able
        }
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        // A key that can sign nothing still presents its certificate: the refusal must come for the certificate's sake,
        // and a server that gets as far as this signature has already taken it.
        Ok(self
            .0
            .sign_tls(scheme, message)
            .unwrap_or_else(|_| vec![0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]))
    }
}

/// Signs under whatever scheme it is asked for, or not at all: a signature that is not true would be refused for that.
struct AnyScheme(KeyPair);

impl Sign for AnyScheme {
    fn schemes(&self) -> Vec<u16> {
        let able = |scheme: &u16| self.0.sign_tls(*scheme, b"probe").is_ok();
        ODD_SCHEMES.into_iter().filter(able).collect()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        self.0
            .sign_tls(scheme, message)
            .map_err(|error| SignFailure::Library(error.to_string()))
    }
}

/// One bit of an honest signature flipped.
struct BitFlipped(Arc<dyn Sign>);

impl Sign for BitFlipped {
    fn schemes(&self) -> Vec<u16> {
        self.0.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let mut signature = self.0.sign(scheme, message)?;
        if let Some(last) = signature.last_mut() {
            *last ^= 1;
        }
        Ok(signature)
    }
}

fn lying(honest: Arc<dyn Sign>, possession: Possession) -> Result<Arc<dyn Sign>, String> {
    let words = |failure: SignFailure| failure.to_string();
    Ok(match possession {
        Possession::Honest => honest,
        Possession::WrongKey => {
            let key: Arc<dyn Sign> = Arc::new(KeySigner::fresh().map_err(words)?);
            Arc::new(WrongKey {
                claimed: honest.schemes(),
                key,
            })
        }
        Possession::WrongTranscript => Arc::new(WrongTranscript(honest)),
        Possession::WrongScheme => {
            let used = honest.schemes();
            let claimed = [0x0804, 0x0403]
                .into_iter()
                .find(|scheme| !used.contains(scheme))
                .unwrap_or(0x0603);
            Arc::new(WrongScheme {
                inner: honest,
                claimed,
            })
        }
        Possession::Garbage => Arc::new(GarbageSignature(honest)),
        Possession::EmptySignature => Arc::new(EmptySignature(honest)),
        Possession::Replayed => {
            let scheme = honest.schemes().first().copied().unwrap_or(0x0403);
            let signature = honest
                .sign(scheme, b"an earlier connection's transcript")
                .map_err(words)?;
            Arc::new(Replayed {
                owner: honest,
                signature,
            })
        }
        Possession::BitFlipped => Arc::new(BitFlipped(honest)),
    })
}
