//! Hashes that are the same on every machine and in every version, which those of the standard library
//! do not promise.

/// The hash of a text, in hexadecimal digits: it tells whether somebody changed the text, not who.
pub fn digest(text: &str) -> String {
    format!("{:016x}", fnv(FNV_OFFSET, text.as_bytes()))
}

/// FNV-1a with 64 bits. Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm".
pub(crate) fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME))
}

/// What the first call begins with.
pub(crate) const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
