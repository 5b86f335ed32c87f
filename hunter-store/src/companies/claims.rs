//! What sources say of a company, field by field, and which of them is believed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::db::Timestamp;

/// A field of a company that sources can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// The company's name.
    CanonicalName,
    /// Its web site.
    Website,
    /// ISO 3166-1 alpha-2 country code.
    Country,
    /// Seats, where somebody counted them.
    Seats,
    /// What kind of referral brought it.
    ReferralType,
    /// The Azure tenant id of a referral.
    AzureTenantId,
    /// An address of a contact. Every claim of this field is kept beside the others, not against them.
    ContactEmail,
}

/// Who says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// A stable word, such as `csv` or `partner_center`.
    pub name: String,
    /// How far it is believed: a higher rank wins over a lower one, whatever their dates.
    pub rank: i16,
}

/// One value that one source gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The value, as text.
    #[serde(rename = "v")]
    pub value: String,
    /// Who said it.
    #[serde(rename = "s")]
    pub source: String,
    /// The rank that the source had.
    #[serde(rename = "r")]
    pub rank: i16,
    /// When it was said, in microseconds since 1970.
    #[serde(rename = "t")]
    pub at: i64,
}

impl Claim {
    /// Which of two claims is believed: the higher rank, then the later one; what is still equal is
    /// decided by its words, so that the order in which claims come in decides nothing.
    fn weight(&self) -> (i16, i64, &str, &str) {
        (self.rank, self.at, &self.source, &self.value)
    }
}

/// All that was ever said of a company. Joining is commutative, associative and idempotent: imports may
/// come in any order, and twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Claims(BTreeMap<Field, Vec<Claim>>);

impl Claims {
    /// Adds what a source says; the same said again by the same source only renews its date.
    pub fn add(&mut self, field: Field, source: &Source, at: Timestamp, value: impl Into<String>) {
        let value = value.into();
        if value.trim().is_empty() {
            return;
        }
        let claim =
            Claim { value, source: source.name.clone(), rank: source.rank, at: at.as_micros() };
        Self::join_one(self.0.entry(field).or_default(), claim);
    }

    /// Adds all that another value knows.
    pub fn join(&mut self, other: Self) {
        for (field, claims) in other.0 {
            let mine = self.0.entry(field).or_default();
            for claim in claims {
                Self::join_one(mine, claim);
            }
        }
    }

    fn join_one(claims: &mut Vec<Claim>, new: Claim) {
        match claims.iter_mut().find(|c| c.source == new.source && c.value == new.value) {
            Some(known) => {
                if (new.rank, new.at) > (known.rank, known.at) {
                    *known = new;
                }
            }
            None => claims.push(new),
        }
        claims.sort_by(|a, b| b.weight().cmp(&a.weight()));
    }

    /// The claim that is believed.
    pub fn winner(&self, field: Field) -> Option<&Claim> {
        self.of(field).first()
    }

    /// Every claim of a field, the one that is believed first.
    pub fn of(&self, field: Field) -> &[Claim] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The believed value.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.winner(field).map(|claim| claim.value.as_str())
    }

    /// Every contact address, the best founded first.
    pub fn contact_emails(&self) -> Vec<&str> {
        let mut seen = std::collections::HashSet::new();
        self.of(Field::ContactEmail)
            .iter()
            .map(|claim| claim.value.as_str())
            .filter(|address| seen.insert(address.to_lowercase()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one() -> impl Strategy<Value = Claims> {
        let fields = prop_oneof![
            Just(Field::CanonicalName),
            Just(Field::Country),
            Just(Field::ContactEmail)
        ];
        (fields, "[abc]", "[xyz]", 0_i16..3, 0_i64..5).prop_map(|(field, value, name, rank, at)| {
            let mut claims = Claims::default();
            let at = Timestamp::from_micros(at).expect("a moment");
            claims.add(field, &Source { name, rank }, at, value);
            claims
        })
    }

    fn many() -> impl Strategy<Value = Claims> {
        proptest::collection::vec(one(), 0..12)
            .prop_map(|all| all.into_iter().fold(Claims::default(), joined))
    }

    fn joined(mut a: Claims, b: Claims) -> Claims {
        a.join(b);
        a
    }

    proptest! {
        #[test]
        fn the_order_of_imports_decides_nothing(a in many(), b in many(), c in many()) {
            prop_assert_eq!(joined(a.clone(), b.clone()), joined(b.clone(), a.clone()));
            prop_assert_eq!(
                joined(joined(a.clone(), b.clone()), c.clone()),
                joined(a, joined(b, c))
            );
        }

        #[test]
        fn an_import_may_come_twice(a in many(), b in many()) {
            prop_assert_eq!(joined(a.clone(), a.clone()), a.clone());
            let once = joined(a, b.clone());
            prop_assert_eq!(joined(once.clone(), b), once);
        }

        #[test]
        fn the_winner_outranks_and_nothing_is_lost(a in many(), b in many()) {
            let both = joined(a.clone(), b.clone());
            for field in [Field::CanonicalName, Field::Country] {
                let best = a.of(field).iter().chain(b.of(field)).map(|c| (c.rank, c.at)).max();
                prop_assert_eq!(both.winner(field).map(|c| (c.rank, c.at)), best);
                for claim in a.of(field).iter().chain(b.of(field)) {
                    prop_assert!(both.of(field).iter().any(|c| c.value == claim.value && c.source == claim.source));
                }
            }
        }
    }

    #[test]
    fn rank_goes_before_date_and_the_loser_stays() {
        let at = |micros| Timestamp::from_micros(micros).expect("a moment");
        let (crm, csv) =
            (Source { name: "crm".into(), rank: 9 }, Source { name: "csv".into(), rank: 1 });
        let mut claims = Claims::default();
        claims.add(Field::CanonicalName, &crm, at(1), "Örnek A.Ş.");
        claims.add(Field::CanonicalName, &csv, at(2), "ornek");
        claims.add(Field::CanonicalName, &csv, at(3), "  ");
        assert_eq!(claims.value(Field::CanonicalName), Some("Örnek A.Ş."));
        assert_eq!(claims.of(Field::CanonicalName).len(), 2);
        claims.add(Field::CanonicalName, &crm, at(4), "Örnek Holding");
        assert_eq!(claims.value(Field::CanonicalName), Some("Örnek Holding"));
    }
}
