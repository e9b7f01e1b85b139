//! Randomness: a parameter everywhere, so that tests repeat; this is where it begins.

#[expect(
    clippy::disallowed_types,
    reason = "the one place where randomness is taken"
)]
use getrandom::SysRng;
use rand_core::{CryptoRng, UnwrapErr};

/// The operating system's generator. For main and for adapters; it panics when the system
/// has no randomness to give, since nothing safe can be done without.
pub fn system() -> impl CryptoRng + Copy + Send + Sync {
    UnwrapErr(SysRng)
}

/// Random bytes: keys, nonces, salts, the random part of a record's key.
pub fn bytes<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
pub mod tests {
    use rand_core::{TryCryptoRng, TryRng};
    use std::convert::Infallible;

    /// Counts instead of rolling dice: no two draws are the same, every run is.
    pub struct Counting(pub u64);

    impl TryRng for Counting {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            self.try_next_u64().map(|n| n as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            self.0 += 1;
            Ok(self.0)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            for chunk in bytes.chunks_mut(8) {
                let next = self.try_next_u64()?.to_le_bytes();
                chunk.copy_from_slice(&next[..chunk.len()]);
            }
            Ok(())
        }
    }

    impl TryCryptoRng for Counting {}

    #[test]
    fn draws_differ() {
        let mut rng = super::system();
        let first: [u8; 32] = super::bytes(&mut rng);
        assert_ne!(first, super::bytes(&mut rng));
    }
}
