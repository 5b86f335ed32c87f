//! Every message that the engine speaks, with the variables that it may use.
//!
//! A catalogue is complete when it has each of these; the check at load time holds it to the
//! variables named here, so that no sentence can fail later.

use super::variables::Variable;

macro_rules! messages {
    ( $( $variant:ident = $id:literal ( $( $variable:ident ),* ) ),+ $(,)? ) => {
        /// A message of the catalogues.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::sales) enum Message { $( $variant ),+ }

        impl Message {
            /// Every message.
            pub(in crate::sales) const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The id in the catalogues.
            pub(in crate::sales) const fn id(self) -> &'static str {
                match self { $( Self::$variant => $id ),+ }
            }

            /// The variables that it may use.
            pub(in crate::sales) const fn variables(self) -> &'static [Variable] {
                match self { $( Self::$variant => &[ $( Variable::$variable ),* ] ),+ }
            }
        }
    };
}

/// What the message of a hook may use.
pub(super) const HOOK_VARIABLES: &[Variable] = &[Variable::Domain, Variable::Date];

messages! {
    // names.ftl
    Date = "date" (Day, Month, Year),
    Sum = "sum" (Amount, Currency),
    NumberGroup = "number-group" (),
    NumberDecimal = "number-decimal" (),
    ListComma = "list-comma" (First, Last),
    ListAnd = "list-and" (First, Last),
    Timeline = "timeline" (Timeline),
    SegmentName = "segment-name" (Segment),
    SizeName = "size-name" (Size),
    LevelName = "level-name" (Level),
    ClassName = "class-name" (Class),
    SignalName = "signal-name" (Signal),
    CountryName = "country-name" (Country),
    HeadingSegment = "heading-segment" (),
    HeadingProvider = "heading-provider" (),
    HeadingSecurity = "heading-security" (),
    HeadingScript = "heading-script" (),
    HeadingHooks = "heading-hooks" (),
    HeadingQuestions = "heading-questions" (),
    HeadingOffer = "heading-offer" (),
    HeadingPotential = "heading-potential" (),
    HeadingUrgency = "heading-urgency" (),
    HeadingNextStep = "heading-next-step" (),
    HeadingNote = "heading-note" (),

    // lead.ftl
    StandingNamed = "standing-named" (Provider),
    StandingBehindGateway = "standing-behind-gateway" (Gateway, Provider),
    StandingOwn = "standing-own" (),
    StandingUnlisted = "standing-unlisted" (Host),
    StandingTraces = "standing-traces" (Host, Provider),
    StandingGateway = "standing-gateway" (Gateway),
    StandingUndetermined = "standing-undetermined" (),
    StandingNullMx = "standing-null-mx" (),
    StandingNoMx = "standing-no-mx" (),
    StandingUnanswered = "standing-unanswered" (),
    StandingTenantWithoutMail = "standing-tenant-without-mail" (),
    StandingTenantElsewhere = "standing-tenant-elsewhere" (Host),
    StandingTenantOnly = "standing-tenant-only" (),
    OneLinerMigration = "one-liner-migration" (Domain, Standing, Band, Score, Tails),
    OneLinerExisting = "one-liner-existing" (Domain, Standing, Band, Score, Tails),
    OneLinerCold = "one-liner-cold" (Domain, Standing, Band, Score, Tails),
    OneLinerSkip = "one-liner-skip" (Domain, Standing, Band, Score, Tails),
    OneLinerNone = "one-liner-none" (Domain, Standing, Band, Score, Tails),
    TailSize = "tail-size" (Size),
    TailCountry = "tail-country" (CountryName),
    TailProxy = "tail-proxy" (),
    SegmentMigration = "segment-migration" (Standing),
    SegmentExisting = "segment-existing" (Standing),
    SegmentCold = "segment-cold" (Standing),
    SegmentSkip = "segment-skip" (Standing),
    SegmentNone = "segment-none" (Standing),
    SegmentScore = "segment-score" (Score),
    SegmentScoreRange = "segment-score-range" (Score, Low, High),
    SegmentScoreUnknown = "segment-score-unknown" (),
    SegmentScoreAlone = "segment-score-alone" (Score),
    SegmentByTenant = "segment-by-tenant" (),
    SegmentWithoutMail = "segment-without-mail" (),
    SegmentAdviceMigration = "segment-advice-migration" (),
    SegmentAdviceExisting = "segment-advice-existing" (),
    SegmentAdviceCold = "segment-advice-cold" (),
    SegmentAdviceSkip = "segment-advice-skip" (),
    SegmentAdviceNone = "segment-advice-none" (),
    UnknownFacts = "unknown-facts" (Unknown),
    EvidenceMx = "evidence-mx" (Host),
    EvidenceNamedListed = "evidence-named-listed" (Provider),
    EvidenceNamedUnconfirmed = "evidence-named-unconfirmed" (Provider),
    EvidenceBehindGateway = "evidence-behind-gateway" (Gateway, Provider),
    EvidenceOwn = "evidence-own" (),
    EvidenceUnlisted = "evidence-unlisted" (),
    EvidenceTraces = "evidence-traces" (Provider),
    EvidenceGateway = "evidence-gateway" (Gateway),
    EvidenceUndetermined = "evidence-undetermined" (),
    EvidenceNullMx = "evidence-null-mx" (),
    EvidenceNoMx = "evidence-no-mx" (),
    EvidenceUnanswered = "evidence-unanswered" (),
    EvidenceTenantWithoutMail = "evidence-tenant-without-mail" (),
    EvidenceTenantElsewhere = "evidence-tenant-elsewhere" (),
    EvidenceTenantOnly = "evidence-tenant-only" (),
    EvidenceSpf = "evidence-spf" (SpfInclude),
    EvidenceDkim = "evidence-dkim" (DkimTarget),
    EvidenceTenant = "evidence-tenant" (),
    EvidenceLicence = "evidence-licence" (),

    // security.ftl
    SecurityClauses = "security-clauses" (Spf, Dkim, Dmarc, Policy, Coverage),
    SecuritySummary = "security-summary" (Risk, Clauses),
    SecuritySummaryPartial = "security-summary-partial" (Risk, Clauses),
    DetailSpf = "detail-spf" (Spf),
    DetailDkim = "detail-dkim" (Dkim),
    DetailSelectors = "detail-selectors" (Selectors),
    DetailDmarc = "detail-dmarc" (Dmarc),
    DetailTesting = "detail-testing" (Written),
    DetailCoverage = "detail-coverage" (Coverage),
    Angle = "angle" (Consequence),
    RemedyUnknown = "remedy-unknown" (Unknown),
    RemedySpf = "remedy-spf" (Spf),
    RemedyDkim = "remedy-dkim" (Dkim),
    RemedyDmarc = "remedy-dmarc" (Dmarc),
    RemedyTesting = "remedy-testing" (),
    RemedyCoverage = "remedy-coverage" (),
    RemedyNothing = "remedy-nothing" (),

    // script.ftl
    Greeting = "greeting" (Seller, SellerName, SellerCompany),
    ScriptColdOpening = "script-cold-opening" (Greeting, Who),
    ScriptColdObservationHigh = "script-cold-observation-high" (Domain, Clauses),
    ScriptColdObservationMedium = "script-cold-observation-medium" (Domain, Clauses),
    ScriptColdObservationLow = "script-cold-observation-low" (Domain, Clauses),
    ScriptColdObservationUnknown = "script-cold-observation-unknown" (Domain),
    ScriptColdInvitation = "script-cold-invitation" (),
    Effect = "effect" (Consequence),
    ScriptMigrationOpeningNamed = "script-migration-opening-named" (Greeting, Provider),
    ScriptMigrationOpeningOwn = "script-migration-opening-own" (Greeting),
    ScriptMigrationOpeningOther = "script-migration-opening-other" (Greeting, Domain),
    ScriptMigrationProxy = "script-migration-proxy" (),
    ScriptMigrationValue = "script-migration-value" (Size),
    ScriptMigrationClosing = "script-migration-closing" (Band),
    ScriptExistingOpeningNamed = "script-existing-opening-named" (Greeting, Provider),
    ScriptExistingOpeningOther = "script-existing-opening-other" (Greeting),
    ScriptExistingHardening = "script-existing-hardening" (Risk, Domain, Clauses, Effect),
    ScriptExistingHardeningUnknown = "script-existing-hardening-unknown" (Domain),
    ScriptExistingClosing = "script-existing-closing" (Band),
    ScriptSkipOpening = "script-skip-opening" (Greeting, Who),
    ScriptSkipWithoutMail = "script-skip-without-mail" (Domain),
    ScriptSkipClosing = "script-skip-closing" (),
    ScriptNoneQuestion = "script-none-question" (),
    AskMigrationPain = "ask-migration-pain" (),
    AskMigrationDate = "ask-migration-date" (),
    AskExistingLicence = "ask-existing-licence" (),
    AskExistingSupport = "ask-existing-support" (),
    AskColdToday = "ask-cold-today" (),
    AskColdChange = "ask-cold-change" (),
    AskSkipDomain = "ask-skip-domain" (),
    AskSkipChange = "ask-skip-change" (),
    AskNoneSystem = "ask-none-system" (),
    AskProvider = "ask-provider" (Class),
    AskOwnServer = "ask-own-server" (),
    AskGateway = "ask-gateway" (Gateway),
    AskTenant = "ask-tenant" (),
    AskSize = "ask-size" (Size),
    AskBudget = "ask-budget" (),
    AskDecision = "ask-decision" (),
    AskTime = "ask-time" (),

    // plan.ftl
    OfferPrice = "offer-price" (License, Price),
    OfferMigrationFee = "offer-migration-fee" (Fee),
    OfferDefender = "offer-defender" (Defender),
    OfferConsulting = "offer-consulting" (Consulting),
    OfferExisting = "offer-existing" (),
    OfferCold = "offer-cold" (),
    OfferSkip = "offer-skip" (),
    OfferSizeUnknown = "offer-size-unknown" (),
    OfferAsOf = "offer-as-of" (AsOf),
    FactorSegment = "factor-segment" (SegmentName, Points),
    FactorReadiness = "factor-readiness" (Score, Points),
    FactorReadinessNone = "factor-readiness-none" (Points),
    FactorReadinessZero = "factor-readiness-zero" (Points),
    FactorPriority = "factor-priority" (Priority, Points),
    FactorPriorityNone = "factor-priority-none" (Points),
    FactorSize = "factor-size" (SizeName, Points),
    FactorContact = "factor-contact" (Quality, Points),
    PotentialParts = "potential-parts" (SegmentPoints, ReadinessPoints, PriorityPoints, SizePoints),
    PotentialPartsContact = "potential-parts-contact" (Parts, ContactPoints),
    PotentialPlain = "potential-plain" (Total, Parts),
    PotentialTuned = "potential-tuned" (Total, Parts, Sum, Factor),
    PotentialCapped = "potential-capped" (Total, Parts, Sum, Factor),
    UrgencyPriority = "urgency-priority" (Priority),
    UrgencyScore = "urgency-score" (SegmentName, Score),
    UrgencyNothing = "urgency-nothing" (),
    RegistrationEnded = "registration-ended" (Days, Date),
    RegistrationEndsToday = "registration-ends-today" (Date),
    RegistrationEnds = "registration-ends" (Days, Date),
    RegistrationRegistrar = "registration-registrar" (Registrar),
    StepCall = "step-call" (TimelineName, Segment),
    StepEmail = "step-email" (TimelineName, Segment),
    StepWait = "step-wait" (TimelineName),
    NoteSummary = "note-summary" (Potential, LevelName),
    NoteRefusal = "note-refusal" (),
}
