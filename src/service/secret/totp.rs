//! Codes of the second factor: HOTP (RFC 4226) over half minutes (RFC 6238), with HMAC-SHA1
//! and six digits, which is what every authenticator app understands. Written out here, in
//! a dozen lines on `hmac`, because a code has to be refused the second time: the libraries
//! answer yes or no, and not which half minute a code belongs to.

use super::random;
use crate::domain::second_factor::{STEP_SECONDS, Step, window};
use crate::domain::time::Timestamp;
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha1::Sha1;
use std::fmt;
use subtle::ConstantTimeEq;
use url::Url;
use zeroize::Zeroizing;

/// The secret an authenticator app is given: 160 bits, as RFC 4226 recommends.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Zeroizing<[u8; 20]>);

const DIGITS: usize = 6;

impl TotpSecret {
    /// A new secret.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self(Zeroizing::new(random::bytes(rng)))
    }

    /// Reads the base32 text.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).ok()?;
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// The base32 text: what is typed into an app, and what is sealed for the database.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&*self.0))
    }

    /// The link an app takes from a QR code.
    ///
    /// # Panics
    /// Never: the link begins with a fixed text that is one.
    pub fn link(&self, issuer: &str, user_name: &str) -> Zeroizing<String> {
        let mut link = Url::parse("otpauth://totp/").expect("a link");
        link.set_path(&format!("{issuer}:{user_name}"));
        link.query_pairs_mut()
            .append_pair("secret", &self.reveal())
            .append_pair("issuer", issuer)
            .append_pair("period", &STEP_SECONDS.to_string());
        // the key URI format has %20 where forms have a plus
        Zeroizing::new(String::from(link).replace('+', "%20"))
    }

    /// The half minute whose code was entered; spaces are forgiven. All of the window is
    /// compared, in the same time whatever was entered.
    pub fn matched(&self, entered: &str, now: Timestamp) -> Option<Step> {
        let entered: String = entered.chars().filter(|c| !c.is_whitespace()).collect();
        window(now).fold(None, |found, step| {
            let same = self.code(step).as_bytes().ct_eq(entered.as_bytes());
            bool::from(same).then_some(step).or(found)
        })
    }

    /// The code of a half minute.
    fn code(&self, step: Step) -> String {
        format!(
            "{:0DIGITS$}",
            self.truncated(step) % 10u32.pow(DIGITS as u32)
        )
    }

    /// RFC 4226, 5.3: four bytes from where the last half byte points, without the sign.
    fn truncated(&self, step: Step) -> u32 {
        let mac = Hmac::<Sha1>::new_from_slice(&*self.0);
        let mut mac = mac.expect("HMAC takes keys of any length");
        mac.update(&step.number().to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash.last().copied().unwrap_or(0) & 0x0f);
        let four = hash.iter().skip(offset).take(4);
        four.fold(0u32, |n, byte| n << 8 | u32::from(*byte)) & 0x7fff_ffff
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn published() -> TotpSecret {
        TotpSecret(Zeroizing::new(*b"12345678901234567890"))
    }

    #[test]
    fn published_codes() {
        // appendix B has eight digits; six are their end
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let now = Timestamp::from_micros(seconds * 1_000_000);
            assert_eq!(published().code(Step::at(now)), code[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_says_which_half_minute_it_is_of() {
        let now = Timestamp::from_micros(1_111_111_109_000_000);
        let step = Step::at(now).number();
        assert_eq!(published().matched("081 804", now), Some(Step::new(step)));
        assert_eq!(
            published().matched("050471", now),
            Some(Step::new(step + 1))
        );
        for wrong in ["", "081805", "81804", "0818040", "０81804"] {
            assert_eq!(published().matched(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn apps_get_a_link() {
        assert_eq!(
            published().link("定岗", "wang li").as_str(),
            "otpauth://totp/%E5%AE%9A%E5%B2%97:wang%20li\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%AE%9A%E5%B2%97&period=30"
        );
        let text = published().reveal();
        assert_eq!(TotpSecret::read(&text), Some(published()));
        assert_eq!(TotpSecret::read("GEZDGNBV"), None);
    }
}
