//! What a call does: a company is taken in with its contacts, in one unit of work with the name of the
//! call, where it has one.

use std::sync::Arc;

use hunter_core::Domain;
use hunter_core::contacts::normalize_address;
use hunter_store::api_keys::ApiKey;
use hunter_store::bulk::LeadRecorder;
use hunter_store::companies::{Arrival, Companies as _, Source};
use hunter_store::leads::Leads as _;
use hunter_store::observations::Observations as _;
use hunter_store::webhooks::{DoneCall, FailedCall, WebhookRetries as _, WebhookRetry};
use hunter_store::{Db, ErrorKind, StoreError, Unit};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Pace;

/// How far a call is believed: as far as what somebody sends by hand; a higher rank wins.
const RANK: i16 = 10;

/// A call that was read. It is kept in this form where it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Whom it is about.
    pub domain: Domain,
    /// The company's name.
    pub company_name: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// Addresses of contacts.
    pub contact_emails: Vec<String>,
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
    /// The whole call, with what is not understood of it.
    pub body: serde_json::Value,
}

/// The name that a sender gave a call, and what was sent under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Among all calls.
    pub name: String,
    /// What tells one call from another under the same name.
    pub fingerprint: String,
}

impl Named {
    /// The name of a call with this body.
    pub fn new(name: String, body: &[u8]) -> Self {
        Self { name, fingerprint: fingerprint(body) }
    }

    /// The identifier of every call of this name.
    fn id(&self) -> Uuid {
        let digest = Sha256::digest(self.name.as_bytes());
        let bytes: [u8; 16] = std::array::from_fn(|i| digest[i]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It was done, now or when it first came.
    Done {
        /// Whether it had come before.
        before: bool,
        /// Whether it brought contacts.
        enriched: bool,
    },
    /// It failed and is tried again.
    Kept(Uuid),
    /// It had come before, and was given up.
    GivenUp(Uuid),
}

/// Why a call is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The owner of the domain does not want it.
    #[error("the owner of `{0}` opted out")]
    OptedOut(Domain),
    /// Its name was given to another call.
    #[error("the name of the call was used for another body")]
    OtherCall,
    /// It failed, and could not be kept either.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is kept of a call.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fingerprint: Option<String>,
    /// The call itself, for as long as it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) call: Option<Call>,
    #[serde(default)]
    pub(super) enriched: bool,
}

/// Takes calls. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks {
    pub(super) db: Db,
    recorder: Arc<LeadRecorder>,
    pub(super) pace: Pace,
}

impl Webhooks {
    /// Over a database, with whatever assesses a lead anew.
    pub fn new(db: Db, recorder: LeadRecorder) -> Self {
        Self { db, recorder: Arc::new(recorder), pace: Pace::default() }
    }

    /// With another pace of retries.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// Does a call, or keeps it to be done later. One that has a name is done once.
    ///
    /// # Errors
    /// Why it is not taken: then it is not kept either.
    pub async fn take(
        &self,
        call: Call,
        named: Option<Named>,
        key: &ApiKey,
    ) -> Result<Taken, Refused> {
        let failed = match self.once(&call, named.as_ref(), key).await {
            Ok(taken) => return Ok(taken),
            // What the caller did wrong is not tried again.
            Err(Refused::Store(error)) if error.kind() != ErrorKind::Request => error,
            Err(refused) => return Err(refused),
        };
        let code = failed.code();
        tracing::warn!(error = %failed, code, domain = %call.domain, "a webhook call failed and is kept");
        let now = OffsetDateTime::now_utc();
        let retry_id = named.as_ref().map_or_else(Uuid::now_v7, Named::id);
        let fingerprint = named.map(|named| named.fingerprint);
        let (domain, enriched) = (call.domain.clone(), !call.contact_emails.is_empty());
        let kept = Kept { fingerprint: fingerprint.clone(), call: Some(call), enriched };
        let mut unit = self.db.begin().await?;
        let is_new = unit
            .keep_call(FailedCall {
                retry_id,
                key_id: Some(key.key_id),
                domain: Some(domain),
                payload: payload(&kept),
                error: code.to_owned(),
                at: now.into(),
                due_at: (now + self.pace.after(0)).into(),
            })
            .await?;
        if !is_new {
            return before(&mut unit, retry_id, fingerprint.as_deref()).await;
        }
        unit.commit().await?;
        Ok(Taken::Kept(retry_id))
    }

    async fn once(
        &self,
        call: &Call,
        named: Option<&Named>,
        key: &ApiKey,
    ) -> Result<Taken, Refused> {
        let mut unit = self.db.begin().await?;
        if let Some(named) = named {
            let retry_id = named.id();
            let fingerprint = Some(named.fingerprint.clone());
            let enriched = !call.contact_emails.is_empty();
            let kept = Kept { fingerprint, call: None, enriched };
            let done = DoneCall {
                retry_id,
                key_id: Some(key.key_id),
                domain: call.domain.clone(),
                payload: payload(&kept),
                at: OffsetDateTime::now_utc().into(),
            };
            if !unit.note_call(done).await? {
                return before(&mut unit, retry_id, Some(&named.fingerprint)).await;
            }
        }
        let enriched = self.perform(&mut unit, call).await?;
        unit.commit().await?;
        Ok(Taken::Done { before: false, enriched })
    }

    /// Takes the company in, and assesses its lead anew with what is told of it now, where there is one.
    pub(super) async fn perform(&self, unit: &mut Unit, call: &Call) -> Result<bool, Refused> {
        let source = Source { name: "webhook".into(), rank: RANK };
        let arrival = Arrival {
            company_name: call.company_name.clone(),
            website: call.website.clone(),
            contact_emails: call.contact_emails.clone(),
            payload: call.body.clone(),
            ..Arrival::new(call.domain.clone(), source, call.received_at)
        };
        let imported = unit.import(vec![arrival]).await?;
        if imported.first().and_then(|imported| imported.company_id).is_none() {
            return Err(Refused::OptedOut(call.domain.clone()));
        }
        let row = unit.lead(&call.domain).await?;
        if let Some(id) = row.and_then(|row| row.observation_id)
            && let Some(seen) = unit.observation(id).await?
        {
            self.recorder.keep(unit, &[seen.observation]).await?;
        }
        Ok(!call.contact_emails.is_empty())
    }
}

/// The contacts of a call that are addresses, and the texts that are none.
pub(crate) fn contacts(given: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut addresses, mut rejected) = (Vec::new(), Vec::new());
    for text in given.iter().filter(|text| !text.trim().is_empty()) {
        match normalize_address(text) {
            Some(address) => addresses.push(address),
            None => rejected.push(text.clone()),
        }
    }
    (addresses, rejected)
}

pub(super) fn payload(kept: &Kept) -> serde_json::Value {
    serde_json::to_value(kept).expect("text, flags and JSON")
}

/// What became of a call of this name when it came before.
async fn before(
    unit: &mut Unit,
    retry_id: Uuid,
    fingerprint: Option<&str>,
) -> Result<Taken, Refused> {
    let Some(WebhookRetry { status, payload, .. }) = unit.kept_call(retry_id).await? else {
        // It was forgotten in between: whoever sends it again begins anew.
        return Err(Refused::OtherCall);
    };
    let kept: Kept = serde_json::from_value(payload).unwrap_or_default();
    if kept.fingerprint.as_deref() != fingerprint {
        return Err(Refused::OtherCall);
    }
    Ok(match status.as_str() {
        "done" => Taken::Done { before: true, enriched: kept.enriched },
        "waiting" => Taken::Kept(retry_id),
        _ => Taken::GivenUp(retry_id),
    })
}
