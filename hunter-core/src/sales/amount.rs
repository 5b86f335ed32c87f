//! Sums of money, exact to the hundredth.

use serde::de::{Deserializer, Error as _, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// The largest sum that a price book may name, in whole units.
const LARGEST: u64 = 1_000_000_000;

/// A sum of money in hundredths of a currency unit. It reads and writes a plain number: whole sums
/// as an integer (`10`), others with their fraction (`10.83`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    hundredths: u64,
}

impl Amount {
    /// A sum in hundredths.
    pub const fn from_hundredths(hundredths: u64) -> Self {
        Self { hundredths }
    }

    /// The whole units.
    pub const fn whole(self) -> u64 {
        self.hundredths / 100
    }

    /// The hundredths beyond the whole units, 0–99.
    pub const fn fraction(self) -> u64 {
        self.hundredths % 100
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.fraction() == 0 {
            return serializer.serialize_u64(self.whole());
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 1e11, exact in f64")]
        serializer.serialize_f64(self.hundredths as f64 / 100.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Amount;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a sum from 0 to 1000000000 with at most two decimals")
            }

            fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<Amount, E> {
                if whole > LARGEST {
                    return Err(E::invalid_value(serde::de::Unexpected::Unsigned(whole), &self));
                }
                Ok(Amount { hundredths: whole * 100 })
            }

            fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<Amount, E> {
                let unsigned = u64::try_from(whole)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(whole), &self))?;
                self.visit_u64(unsigned)
            }

            fn visit_f64<E: serde::de::Error>(self, sum: f64) -> Result<Amount, E> {
                let hundredths = (sum * 100.0).round();
                let exact = (sum * 100.0 - hundredths).abs() < 1e-6;
                #[expect(clippy::cast_precision_loss, reason = "the bound is exact in f64")]
                let in_range = (0.0..=LARGEST as f64).contains(&sum);
                if !(exact && in_range) {
                    return Err(E::invalid_value(serde::de::Unexpected::Float(sum), &self));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number within 0..=1e11"
                )]
                Ok(Amount { hundredths: hundredths as u64 })
            }
        }
        deserializer.deserialize_any(Number).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_sums_stay_integers_and_fractions_stay_exact() {
        for text in ["0", "5", "50000", "10.83", "5.2", "0.07"] {
            let amount: Amount = serde_json::from_str(text).expect("a sum");
            assert_eq!(serde_json::to_string(&amount).expect("a number"), text);
        }
        let amount: Amount = serde_json::from_str("10.83").expect("a sum");
        assert_eq!((amount.whole(), amount.fraction()), (10, 83));
    }

    #[test]
    fn sums_out_of_range_are_refused() {
        for text in ["-1", "-0.5", "1000000001", "1.005", "1e300", "\"5\""] {
            assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
        }
    }
}
