//! The single tables: `segment`, `priority_score`, `commercial`, `next_step`.

use serde::{Deserialize, Serialize};

use super::Hunter;
use super::request::score_in_range;
use super::score::required;
use crate::error::Error;
use crate::rules::Consequence;
use crate::sales::{Action, Level, Timeline};
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, PriorityCategory, ProviderClass, Segment, TechnicalHeat,
};

/// Arguments of `segment`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentRequest {
    /// The readiness score, 0 to 100.
    pub score: i64,
    /// The scoring class.
    pub provider: ProviderClass,
}

/// The technical segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SegmentAnswer {
    /// The technical segment.
    pub segment: Segment,
}

/// Arguments of `priority_score`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityScoreRequest {
    /// The technical segment; `null` is in none of the lists.
    #[serde(deserialize_with = "required")]
    pub segment: Option<Segment>,
    /// The readiness score, 0 to 100; `null` where there is none.
    #[serde(deserialize_with = "required")]
    pub score: Option<i64>,
}

/// The priority score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PriorityScoreAnswer {
    /// 1 (best) to 7.
    pub priority_score: u8,
}

/// Arguments of `commercial`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommercialRequest {
    /// The technical segment.
    pub segment: Segment,
    /// The scoring class.
    pub provider: ProviderClass,
    /// The readiness score, 0 to 100.
    pub score: i64,
}

/// What follows from a segment, a class and a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `Consequence`")]
pub struct CommercialAnswer {
    pub technical_heat: TechnicalHeat,
    pub commercial_segment: CommercialSegment,
    pub commercial_heat: CommercialHeat,
    pub priority_category: PriorityCategory,
    pub priority_label: String,
    pub priority_score: u8,
}

/// Arguments of `next_step`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextStepRequest {
    /// The technical segment; `null` where there is none.
    #[serde(deserialize_with = "required")]
    pub segment: Option<Segment>,
    /// How promising the lead is, 0 to 100.
    pub opportunity_potential: i64,
    /// How urgent the lead is.
    pub urgency: Level,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NextStepAnswer {
    /// Call, e-mail or wait.
    pub action: Action,
    /// By when.
    pub timeline: Timeline,
    /// How important it is.
    pub priority: Level,
}

impl Hunter {
    /// The segment of a score and a class.
    ///
    /// # Errors
    /// `argument_range` where the score is not within 0 to 100.
    pub fn segment(&self, request: &SegmentRequest) -> Result<SegmentAnswer, Error> {
        let score = score_in_range("score", request.score)?;
        Ok(SegmentAnswer { segment: self.segment_of(score, request.provider) })
    }

    /// The same from plain values.
    #[inline]
    pub fn segment_of(&self, score: u8, provider: ProviderClass) -> Segment {
        self.rules().segment(provider, score)
    }

    /// The priority score of a segment and a score.
    ///
    /// # Errors
    /// `argument_range` where the score is not within 0 to 100.
    pub fn priority_score(
        &self,
        request: &PriorityScoreRequest,
    ) -> Result<PriorityScoreAnswer, Error> {
        let score = request.score.map(|score| score_in_range("score", score)).transpose()?;
        Ok(PriorityScoreAnswer { priority_score: self.priority_score_of(request.segment, score) })
    }

    /// The same from plain values.
    #[inline]
    pub fn priority_score_of(&self, segment: Option<Segment>, score: Option<u8>) -> u8 {
        self.rules().priority_score(segment.unwrap_or(Segment::Other), score)
    }

    /// Heats, commercial segment and category of a segment, a class and a score.
    ///
    /// # Errors
    /// `argument_range` where the score is not within 0 to 100.
    pub fn commercial(&self, request: &CommercialRequest) -> Result<CommercialAnswer, Error> {
        let score = score_in_range("score", request.score)?;
        let found = self.commercial_of(request.segment, request.provider, score);
        Ok(CommercialAnswer {
            technical_heat: found.technical_heat,
            commercial_segment: found.commercial_segment,
            commercial_heat: found.commercial_heat,
            priority_category: found.priority_category,
            priority_label: self.rules().priority_label(found.priority_category).to_owned(),
            priority_score: found.priority_score,
        })
    }

    /// The same from plain values; the label is [`RuleSet::priority_label`](crate::rules::RuleSet::priority_label)'s.
    #[inline]
    pub fn commercial_of(
        &self,
        segment: Segment,
        provider: ProviderClass,
        score: u8,
    ) -> Consequence {
        self.rules().consequence(segment, provider, score)
    }

    /// What to do next with a lead.
    ///
    /// # Errors
    /// `argument_range` where the potential is not within 0 to 100.
    pub fn next_step(&self, request: &NextStepRequest) -> Result<NextStepAnswer, Error> {
        let potential = score_in_range("opportunity_potential", request.opportunity_potential)?;
        let (action, timeline, priority) =
            self.sales().next_step(request.segment, potential, request.urgency);
        Ok(NextStepAnswer { action, timeline, priority })
    }
}
