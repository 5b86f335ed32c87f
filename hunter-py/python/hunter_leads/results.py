"""What the operations answer. Fields have the names of the lead row, in every language.

A result never changes. Two of one class with equal fields are equal; results can be pickled, and
``to_dict()`` gives plain dictionaries and lists. ``None`` says that nobody knows, or that there is
none; fields that tell the two apart say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from . import _html
from ._native import Record

if TYPE_CHECKING:
    from .words import (
        Action,
        Basis,
        CommercialHeat,
        CommercialSegment,
        DmarcPolicy,
        Level,
        PriorityCategory,
        Provider,
        ScanStatus,
        Segment,
        TechnicalHeat,
        TenantSize,
        Timeline,
    )

__all__ = [
    "Assessment",
    "Breakdown",
    "Change",
    "Commercial",
    "Contacts",
    "DkimRecord",
    "DmarcRecord",
    "Evidence",
    "Explanation",
    "Factor",
    "Finding",
    "Hook",
    "Identity",
    "MailProvider",
    "Metadata",
    "NextStep",
    "NormalizedDomain",
    "OfferTier",
    "OpportunityRationale",
    "PriceList",
    "ProviderPoints",
    "RecordFinding",
    "Result",
    "Role",
    "SalesStep",
    "SalesSummary",
    "Score",
    "SecurityReasoning",
    "SpfRecord",
    "SpfTerm",
    "Unanswered",
]

R = TypeVar("R", bound="Result")


def _getter(position: int, doc: str) -> property:
    return property(lambda self: self._values[position], doc=doc)


class Result(Record):
    """The base of all results."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)
        for position, name in enumerate(cls._fields):
            setattr(cls, name, _getter(position, f"{name}: {cls.__annotations__[name]}"))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a result does not change: `{name}` cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a result does not change: `{name}` cannot be deleted")

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Pairs of name and value, so that ``dict(result)`` works."""
        return iter(zip(self._fields, self._values, strict=True))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_plain(value)!r}" for name, value in self)
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values == other._values

    def __hash__(self) -> int:
        return hash((type(self), _hashable(self._values)))

    def __reduce__(self) -> tuple[Any, ...]:
        values = tuple(dict(v) if isinstance(v, MappingProxyType) else v for v in self._values)
        return _rebuilt, (type(self), values)

    def to_dict(self) -> dict[str, Any]:
        """The fields by name, with plain dictionaries and lists below."""
        return {name: _plain(value) for name, value in self}


def _rebuilt(cls: type[R], values: tuple[Any, ...]) -> R:
    return cls(tuple(MappingProxyType(v) if isinstance(v, dict) else v for v in values))


def _hashable(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_hashable(item) for item in value)
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


class ProviderPoints(Result):
    """The points of a provider class."""

    name: Provider
    points: int


class Breakdown(Result):
    """The rows of a score, which add up to ``total_score``."""

    base_score: int
    provider: ProviderPoints
    signal_points: Mapping[str, int]
    risk_points: Mapping[str, int]
    adjustments: Mapping[str, int]
    total_score: int

    def _repr_html_(self) -> str:
        return _html.breakdown(self)


class Score(Result):
    """A verdict. Without an answer to the MX question what follows from it is ``None``."""

    domain: str | None
    scan_status: ScanStatus
    score: int | None
    score_low: int | None
    score_high: int | None
    partial: bool
    unknown: tuple[str, ...]
    segment: Segment | None
    segment_certain: bool | None
    technical_heat: TechnicalHeat | None
    commercial_segment: CommercialSegment | None
    commercial_heat: CommercialHeat | None
    priority_category: PriorityCategory | None
    priority_label: str | None
    priority_score: int | None
    breakdown: Breakdown | None
    rules_version: str
    rules_hash: str

    def _repr_html_(self) -> str:
        return _html.verdict(self, self.score)


class Commercial(Result):
    """What follows from a segment, a class and a score."""

    technical_heat: TechnicalHeat
    commercial_segment: CommercialSegment
    commercial_heat: CommercialHeat
    priority_category: PriorityCategory
    priority_label: str
    priority_score: int


class NextStep(Result):
    """What to do with a lead, by when, and how important it is."""

    action: Action
    timeline: Timeline
    priority: Level


class Evidence(Result):
    """A record that says so."""

    rule: str
    record: str
    matched: str | None
    sources: tuple[str, ...] | None


class Role(Result):
    """Who stands in front of the mailboxes, or sends for the domain."""

    id: str
    name: str
    confidence: float
    region: str | None
    evidence: tuple[Evidence, ...]


class Identity(Result):
    """Whose identity service knows the domain."""

    id: str
    name: str
    tenant: str | None
    strength: str
    confidence: float
    evidence: tuple[Evidence, ...]


class Finding(Result):
    """What deserves a word, with the records that prove it."""

    kind: str
    records: tuple[str, ...] | None


class Assessment(Result):
    """The lead row: everything that is concluded from an observation."""

    domain: str
    scan_status: ScanStatus
    scanned_at: str
    readiness_score: int | None
    score_low: int | None
    score_high: int | None
    partial: bool
    unknown: tuple[str, ...]
    segment: Segment | None
    segment_certain: bool | None
    technical_heat: TechnicalHeat | None
    commercial_segment: CommercialSegment | None
    commercial_heat: CommercialHeat | None
    priority_category: PriorityCategory | None
    priority_label: str | None
    priority_score: int | None
    provider: Provider
    provider_id: str | None
    provider_name: str | None
    local_provider: str | None
    gateway: str | None
    gateway_name: str | None
    basis: Basis | None
    confidence: float
    evidence: tuple[Evidence, ...]
    gateways: tuple[Role, ...]
    senders: tuple[Role, ...]
    identity: Identity | None
    mx_host: str | None
    mx_root: str | None
    spf: bool | None
    spf_record: str | None
    dkim: bool | None
    dkim_selectors: tuple[str, ...]
    dmarc: bool | None
    dmarc_policy: DmarcPolicy | None
    dmarc_coverage: int | None
    tags: tuple[str, ...]
    findings: tuple[Finding, ...]
    breakdown: Breakdown | None
    contact_quality_score: int | None
    linkedin_pattern: str | None
    tenant_size: TenantSize | None
    referral_type: str | None
    registrar: str | None
    expires_at: str | None
    nameservers: tuple[str, ...]
    country: str | None
    asn_org: str | None
    is_proxy: bool | None
    signals_hash: str
    rules_version: str
    rules_hash: str
    fingerprints_hash: str
    confidence_hash: str

    def _repr_html_(self) -> str:
        return _html.verdict(self, self.readiness_score)


class SecurityReasoning(Result):
    """What the mail's protection says."""

    risk_level: Level
    summary: str
    details: tuple[str, ...]
    sales_angle: str
    recommended_action: str


class PriceList(Result):
    """Where the prices are from."""

    currency: str
    as_of: str
    source: str


class OfferTier(Result):
    """What to offer."""

    tier: str
    license: str
    price_per_user_per_month: float
    migration_fee: float
    defender_price_per_user_per_month: float | None
    consulting_fee: float | None
    recommendation: str
    price_list: PriceList | None


class Factor(Result):
    """A part of the potential."""

    name: str
    weight: float
    raw: int | str | None
    score: int
    comment: str


class OpportunityRationale(Result):
    """Why the potential is what it is."""

    total: int
    factors: tuple[Factor, ...]
    tuning_factor: float
    summary: str


class SalesStep(Result):
    """What to do next, in words."""

    action: Action
    timeline: Timeline
    priority: Level
    message: str
    internal_note: str


class Metadata(Result):
    """What a summary was made of."""

    domain: str
    provider: Provider | None
    segment: Segment | None
    readiness_score: int | None
    priority_score: int | None
    tenant_size: TenantSize | None
    local_provider: str | None
    generated_at: str


class Hook(Result):
    """A dated fact that the records prove."""

    id: str
    text: str


class SalesSummary(Result):
    """What to say and do with a lead."""

    domain: str
    one_liner: str
    segment_explanation: str
    provider_reasoning: str
    security_reasoning: SecurityReasoning | None
    call_script: tuple[str, ...]
    discovery_questions: tuple[str, ...]
    offer_tier: OfferTier
    opportunity_potential: int
    opportunity_rationale: OpportunityRationale
    urgency: Level
    next_step: SalesStep
    metadata: Metadata
    urgency_reason: str | None
    hooks: tuple[Hook, ...]
    unknown: tuple[str, ...]


class Unanswered(Result):
    """A question without an answer."""

    name: str
    record_type: str
    reason: str


class Explanation(Result):
    """Everything about one domain."""

    lead: Assessment
    sales: SalesSummary
    script: str
    unanswered: tuple[Unanswered, ...]

    def _repr_html_(self) -> str:
        return self.lead._repr_html_()


class NormalizedDomain(Result):
    """A domain, and what may have been meant."""

    domain: str
    unicode: str
    registrable: str | None
    suggestion: str | None


class RecordFinding(Result):
    """A fault of a record, or advice."""

    code: str
    effect: str
    text: str


class SpfTerm(Result):
    """A mechanism or modifier."""

    name: str
    qualifier: str
    target: str | None
    prefix_v4: int | None
    prefix_v6: int | None


class SpfRecord(Result):
    """An SPF record (RFC 7208)."""

    is_record: bool
    valid: bool
    all: str | None
    redirect: str | None
    includes: tuple[str, ...]
    lookups: int
    terms: tuple[SpfTerm, ...]
    findings: tuple[RecordFinding, ...]


class DkimRecord(Result):
    """A DKIM key record (RFC 6376 §3.6.1)."""

    is_record: bool
    valid: bool
    revoked: bool
    key_type: str | None
    bits: int | None
    testing: bool
    strict: bool
    findings: tuple[RecordFinding, ...]


class DmarcRecord(Result):
    """A DMARC record (RFC 7489 §6.3)."""

    is_record: bool
    valid: bool
    dmarc_policy: DmarcPolicy | None
    policy: DmarcPolicy | None
    subdomain_policy: DmarcPolicy | None
    non_existent_policy: DmarcPolicy | None
    testing: bool
    dmarc_coverage: int | None
    dkim_alignment: str | None
    spf_alignment: str | None
    aggregate_reports: tuple[str, ...]
    failure_reports: tuple[str, ...]
    findings: tuple[RecordFinding, ...]


class MailProvider(Result):
    """Who takes a domain's mail."""

    provider: Provider
    undetermined: bool
    provider_id: str | None
    provider_name: str | None
    local_provider: str | None
    gateway: str | None
    gateway_name: str | None
    basis: Basis
    confidence: float
    evidence: tuple[Evidence, ...]


class Change(Result):
    """What differs between two scans, with the alert that it raises."""

    kind: str
    before: str | None
    after: str
    alert: str | None


class Contacts(Result):
    """What a lead's e-mail addresses say."""

    count: int
    own: int
    own_domain_share: float | None
    contact_quality_score: int
    generic: tuple[str, ...]
    linkedin_pattern: str | None
    repeated: int
    rejected: tuple[str, ...]


# The native part makes of each structure of the core the class that stands here under its name.
BY_CORE_NAME: dict[str, type[Result]] = {
    "Breakdown": Breakdown,
    "Change": Change,
    "ClassifyMxAnswer": MailProvider,
    "CommercialAnswer": Commercial,
    "ContactsAnswer": Contacts,
    "Evidence": Evidence,
    "ExplainAnswer": Explanation,
    "Factor": Factor,
    "Finding": Finding,
    "HookText": Hook,
    "IdentityFact": Identity,
    "Metadata": Metadata,
    "NextStep": SalesStep,
    "NextStepAnswer": NextStep,
    "NormalizeDomainAnswer": NormalizedDomain,
    "OfferTier": OfferTier,
    "OpportunityRationale": OpportunityRationale,
    "ParseDkimAnswer": DkimRecord,
    "ParseDmarcAnswer": DmarcRecord,
    "ParseSpfAnswer": SpfRecord,
    "PriceList": PriceList,
    "ProviderPoints": ProviderPoints,
    "RecordFinding": RecordFinding,
    "RoleFact": Role,
    "Row": Assessment,
    "SalesSummary": SalesSummary,
    "ScoreAnswer": Score,
    "SecurityReasoning": SecurityReasoning,
    "SpfTermAnswer": SpfTerm,
    "Unanswered": Unanswered,
}
