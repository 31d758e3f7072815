//! Fingerprints (SHA-256) and keyed seals (HMAC-SHA256), the only door to the cryptography crates of the pure half.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use ring::{digest, hmac};
use subtle::ConstantTimeEq;

/// SHA-256 over a purpose and parts, each prefixed by its length so that no two lists of parts collide.
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of `parts` for `purpose`.
    #[must_use]
    pub fn of(purpose: &str, parts: &[&str]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        for part in std::iter::once(&purpose).chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        Self::from_digest(context.finish().as_ref())
    }

    /// The fingerprint of bytes as they are.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_digest(digest::digest(&digest::SHA256, bytes).as_ref())
    }

    fn from_digest(bytes: &[u8]) -> Self {
        let mut out = [0; 32];
        out.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Self(out)
    }

    /// Sixty-three bits of it, never negative: an id.
    #[must_use]
    pub fn short(&self) -> i64 {
        let head = self
            .0
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        i64::try_from(head >> 1).unwrap_or(0)
    }

    /// All of it in lower-case hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }
}

/// A secret key for one purpose, derived from the root key that lies outside the database, or from the one inside it by
/// which the database knows who is forgotten.
#[derive(Clone)]
pub struct Key(hmac::Key);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// The root key from its 32 bytes.
    #[must_use]
    pub fn root(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// The key that is a text: one that a database keeps.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes()))
    }

    /// A key for one purpose: knowing it tells nothing about the root or another purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(hmac::Key::new(
            hmac::HMAC_SHA256,
            hmac::sign(&self.0, purpose.as_bytes()).as_ref(),
        ))
    }

    /// The first `N` bytes of the seal over `message` (`N` ≤ 32).
    #[must_use]
    pub fn seal<const N: usize>(&self, message: &[u8]) -> [u8; N] {
        let mut out = [0; N];
        out.iter_mut()
            .zip(hmac::sign(&self.0, message).as_ref())
            .for_each(|(to, from)| *to = *from);
        out
    }

    /// Whether `seal` is the (truncated) seal over `message`, in constant time. A seal under 10 bytes never is.
    #[must_use]
    pub fn opens(&self, message: &[u8], seal: &[u8]) -> bool {
        let full = self.seal::<32>(message);
        seal.len() >= 10 && full.get(..seal.len()).is_some_and(|head| bool::from(head.ct_eq(seal)))
    }
}

/// Lower-case base32 without padding: survives relays that fold case.
#[must_use]
pub(super) fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_lowercase()
}

/// The bytes of [`base32`], upper or lower case.
#[must_use]
pub(super) fn from_base32(text: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(text.to_uppercase().as_bytes()).ok()
}
