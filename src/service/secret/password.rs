//! Passwords: argon2id (RFC 9106) with the cost OWASP recommends. Checking takes the same
//! work whether there is such an account or not, and tens of milliseconds: callers run it
//! where it blocks nobody.

use super::random;
use crate::domain::secret::PasswordHash;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::CryptoRng;

/// What hashing a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self {
        memory: 19 * 1024,
        passes: 2,
        lanes: 1,
    };

    /// As little as the algorithm takes: for tests, which hash by the hundred.
    pub const LEAST: Self = Self {
        memory: 8,
        passes: 1,
        lanes: 1,
    };
}

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
}

const SALT: usize = 16;

impl Passwords {
    /// With that cost; None when the algorithm does not take it.
    pub fn new(cost: Cost) -> Option<Self> {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, None).ok()?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Some(Self { argon2 })
    }

    /// Hashes a new password, which has passed the rules.
    ///
    /// # Panics
    /// Never: cost and salt were checked, and a password is shorter than 4 GiB.
    pub fn hash(&self, password: &str, rng: &mut dyn CryptoRng) -> PasswordHash {
        let salt: [u8; SALT] = random::bytes(rng);
        let hash: Phc = self
            .argon2
            .hash_password_with_salt(password.as_bytes(), &salt)
            .expect("cost, salt and password are within the limits");
        PasswordHash::from_stored(hash.to_string())
    }

    /// Whether it is the password. `stored` is None when there is no such account, or it
    /// has no password: the answer is no, after the same work.
    pub fn verify(&self, stored: Option<&PasswordHash>, password: &str) -> bool {
        match stored.and_then(|stored| Phc::new(stored.as_str()).ok()) {
            Some(hash) => self
                .argon2
                .verify_password(password.as_bytes(), &hash)
                .is_ok(),
            None => {
                let salt = [0; SALT];
                let wasted: Result<Phc, _> = self
                    .argon2
                    .hash_password_with_salt(password.as_bytes(), &salt);
                // or the compiler could see that nobody wants the result
                std::hint::black_box(wasted.is_ok());
                false
            }
        }
    }

    /// Whether it was hashed at another cost: hashed anew when its owner next signs in.
    pub fn is_outdated(&self, stored: &PasswordHash) -> bool {
        let hash = Phc::new(stored.as_str()).ok();
        let params = hash.and_then(|hash| Params::try_from(&hash).ok());
        let now = self.argon2.params();
        params.is_none_or(|then| {
            let cost = |p: &Params| (p.m_cost(), p.t_cost(), p.p_cost());
            cost(&then) != cost(now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::secret::random::tests::Counting;

    fn passwords(cost: Cost) -> Passwords {
        Passwords::new(cost).expect("a cost")
    }

    #[test]
    fn the_right_password_and_no_other() {
        let passwords = passwords(Cost::LEAST);
        let hash = passwords.hash("four horses", &mut Counting(0));
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(passwords.verify(Some(&hash), "four horses"));
        assert!(!passwords.verify(Some(&hash), "four Horses"));
        assert!(!passwords.verify(None, "four horses"));
        let broken = PasswordHash::from_stored("$argon2id$".to_owned());
        assert!(!passwords.verify(Some(&broken), "four horses"));
    }

    #[test]
    fn a_higher_cost_outdates_what_was_hashed_before() {
        let (low, owasp) = (passwords(Cost::LEAST), passwords(Cost::OWASP));
        let hash = low.hash("four horses", &mut Counting(0));
        assert!(!low.is_outdated(&hash));
        assert!(owasp.is_outdated(&hash));
        assert!(owasp.verify(Some(&hash), "four horses"), "it still opens");
    }
}
