//! `classify_batch`.

use super::super::Hunter;
use crate::provider::Basis;
use crate::vocabulary::ProviderClass;

/// Who takes the mail, a column a field; the fields are those of
/// [`ClassifyMxAnswer`](super::super::ClassifyMxAnswer). Texts lie in the fingerprint table.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(missing_docs, reason = "each column is the field of the same name of `ClassifyMxAnswer`")]
pub struct ClassifyRows<'t> {
    pub provider: Vec<Option<ProviderClass>>,
    pub provider_id: Vec<Option<&'t str>>,
    pub provider_name: Vec<Option<&'t str>>,
    pub local_provider: Vec<Option<&'t str>>,
    pub gateway: Vec<Option<&'t str>>,
    pub gateway_name: Vec<Option<&'t str>>,
    pub basis: Vec<Option<Basis>>,
    pub confidence: Vec<Option<f64>>,
}

impl<'t> ClassifyRows<'t> {
    /// Empties the columns; the buffers stay.
    pub fn clear(&mut self) {
        let Self {
            provider,
            provider_id,
            provider_name,
            local_provider,
            gateway,
            gateway_name,
            basis,
            confidence,
        } = self;
        provider.clear();
        basis.clear();
        confidence.clear();
        for texts in [provider_id, provider_name, local_provider, gateway, gateway_name] {
            texts.clear();
        }
    }

    /// Adds one row; null where the default row is given.
    pub fn push(&mut self, row: &ClassifyRow<'t>) {
        self.provider.push(row.provider);
        self.provider_id.push(row.provider_id);
        self.provider_name.push(row.provider_name);
        self.local_provider.push(row.local_provider);
        self.gateway.push(row.gateway);
        self.gateway_name.push(row.gateway_name);
        self.basis.push(row.basis);
        self.confidence.push(row.confidence);
    }
}

/// One row of [`ClassifyRows`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of `ClassifyMxAnswer`")]
pub struct ClassifyRow<'t> {
    pub provider: Option<ProviderClass>,
    pub provider_id: Option<&'t str>,
    pub provider_name: Option<&'t str>,
    pub local_provider: Option<&'t str>,
    pub gateway: Option<&'t str>,
    pub gateway_name: Option<&'t str>,
    pub basis: Option<Basis>,
    pub confidence: Option<f64>,
}

impl Hunter {
    /// Names the provider of rows of MX records (`10 host`) or hosts, behind what stands in `out`. Null
    /// gives a row of nulls; a row without records takes no mail.
    pub fn classify_batch<'t, R, S>(
        &'t self,
        rows: impl IntoIterator<Item = Option<R>>,
        out: &mut ClassifyRows<'t>,
    ) where
        R: AsRef<[S]>,
        S: AsRef<str>,
    {
        for row in rows {
            out.push(
                &row.map_or_else(ClassifyRow::default, |records| {
                    self.classify_row(records.as_ref())
                }),
            );
        }
    }

    /// One row of MX records or hosts, for callers that keep a buffer of their own.
    pub fn classify_row<S: AsRef<str>>(&self, records: &[S]) -> ClassifyRow<'_> {
        let found = self.mail_provider(records, None);
        let gateway = found.gateway();
        ClassifyRow {
            provider: Some(found.mailbox.class()),
            provider_id: found.provider.map(|provider| provider.id.as_str()),
            provider_name: found.provider.map(|provider| provider.name.as_str()),
            local_provider: found.local_provider(),
            gateway: gateway.map(|gateway| gateway.id.as_str()),
            gateway_name: gateway.map(|gateway| gateway.name.as_str()),
            basis: Some(found.basis),
            confidence: Some(found.confidence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ClassifyMxRequest;
    use super::*;

    #[test]
    fn a_batch_says_what_one_row_says() {
        let hunter = Hunter::builtin();
        let rows: [Option<&[&str]>; 6] = [
            Some(&["1 aspmx.l.google.com"]),
            None,
            Some(&[]),
            Some(&["mx1.ornek.iphmx.com"]),
            Some(&["mx.kurumsaleposta.com"]),
            Some(&["mail.ornek.com"]),
        ];
        let mut out = ClassifyRows::default();
        hunter.classify_batch(rows, &mut out);
        assert_eq!(out.provider.len(), rows.len());
        assert_eq!((out.provider[1], out.basis[1], out.confidence[1]), (None, None, None));
        for (nth, records) in rows.iter().enumerate() {
            let Some(records) = records else { continue };
            let records = records.iter().map(|record| (*record).to_owned()).collect();
            let one = hunter.classify_mx(&ClassifyMxRequest { records, domain: None });
            assert_eq!(out.provider[nth], Some(one.provider));
            assert_eq!(out.provider_id[nth], one.provider_id.as_deref());
            assert_eq!(out.local_provider[nth], one.local_provider.as_deref());
            assert_eq!(out.gateway[nth], one.gateway.as_deref());
            assert_eq!(
                (out.basis[nth], out.confidence[nth]),
                (Some(one.basis), Some(one.confidence))
            );
        }
        assert_eq!(out.gateway[3], Some("cisco-secure-email"));
        assert_eq!(out.local_provider[4], Some("Natro (team.blue)"));
        out.clear();
        assert_eq!(out, ClassifyRows::default());
    }
}
