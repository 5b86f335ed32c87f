//! What stands where on the page.

use hunter_core::observation::Signal;
use hunter_core::provider::{Evidence, Fingerprints, Provider};
use hunter_core::sales::{Label, PageWords, SalesSummary};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::ProviderClass;

use super::canvas::{AMBER, BLUE, Canvas, Colour, GREEN, GREY, INK, PALE, RED, RULE, SOFT, Style};
use super::{HEIGHT, WIDTH};
use crate::services::lead_view::LeadView;

const MARGIN: f32 = 42.0;
const INNER: f32 = WIDTH - 2.0 * MARGIN;
const GUTTER: f32 = 22.0;
/// Of the two columns in the middle.
const COLUMN: f32 = (INNER - GUTTER) / 2.0;
const RIGHT: f32 = MARGIN + COLUMN + GUTTER;
/// Of the card with the score.
const CARD: f32 = 168.0;
const CARD_HEIGHT: f32 = 118.0;
/// The last line of the page.
const FOOTER: f32 = HEIGHT - 30.0;
/// What the next step takes above it.
const STEP_HEIGHT: f32 = 62.0;
const HEADING_HEIGHT: f32 = 20.0;
const BAR_ROW: f32 = 14.5;
/// The most lines of evidence.
const MOST_RECORDS: usize = 7;

const LABEL: Style = Style::regular(8.0, GREY);
const VALUE: Style = Style::bold(10.0, INK);
const HEADING: Style = Style::bold(10.5, BLUE);
const BODY: Style = Style::regular(9.5, INK);
const SMALL: Style = Style::regular(8.0, INK);

/// What the page tells.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) lead: &'a LeadView,
    pub(super) summary: &'a SalesSummary,
    pub(super) words: PageWords<'a>,
    pub(super) table: &'a Fingerprints,
}

/// One row of the chart.
struct Bar {
    name: String,
    points: i16,
}

impl Content<'_> {
    fn label(&self, label: Label) -> String {
        self.words.label(label)
    }

    fn domain(&self) -> String {
        self.lead.assessment.domain.to_unicode()
    }

    /// A provider as people call it.
    fn short(&self, id: Option<&str>, name: Option<&str>) -> Option<String> {
        let listed = id.and_then(|id| self.table.provider(id)).map(Provider::short_name);
        listed.or(name).map(str::to_owned)
    }

    /// Who holds the mailboxes.
    fn provider(&self) -> Option<String> {
        let a = &self.lead.assessment;
        let named = self.short(a.provider_id.as_deref(), a.provider_name.as_deref());
        // A server of the company's own has no name but is known.
        let is_known = a.verdict.is_some() && a.provider != ProviderClass::Unknown;
        named.or_else(|| is_known.then(|| self.words.class(a.provider)))
    }

    /// What the document is called.
    pub(super) fn title(&self) -> String {
        let domain = self.domain();
        let name = self.lead.row.canonical_name.as_deref().filter(|name| !name.trim().is_empty());
        name.map_or_else(|| domain.clone(), |name| format!("{name} – {domain}"))
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>) {
        let y = self.head(canvas);
        self.score(canvas, y);
        self.facts(canvas, y);
        let y = y + CARD_HEIGHT + 26.0;
        let left = self.breakdown(canvas, y);
        let right = self.proof(canvas, y);
        let summary = self.summary;
        let y = self.points(canvas, left.max(right) + 18.0, Label::Script, &summary.call_script);
        let security = summary.security_reasoning.as_ref().map(|security| &security.summary);
        let y = self.points(canvas, y, Label::Security, security);
        let hooks = summary.hooks.iter().map(|hook| &hook.text);
        let y = self.points(canvas, y, Label::Hooks, hooks);
        self.points(canvas, y, Label::Questions, &summary.discovery_questions);
        self.next_step(canvas);
        self.foot(canvas);
    }

    /// Name, domain, the lead in one sentence; gives where what follows begins.
    fn head(&self, canvas: &mut Canvas<'_>) -> f32 {
        let mut y = MARGIN + 6.0;
        canvas.text(MARGIN, y, INNER, &self.label(Label::Title), Style::bold(8.5, BLUE));
        y += 26.0;
        let domain = self.domain();
        let name = self.lead.row.canonical_name.as_deref().filter(|name| !name.trim().is_empty());
        let name_style = Style::bold(20.0, INK);
        let shown = name.unwrap_or(&domain);
        let is_wide = name_style.width(shown) > INNER;
        let name_style = if is_wide { Style::bold(15.0, INK) } else { name_style };
        y = canvas.paragraph((MARGIN, y), INNER, 2, shown, name_style) - name_style.leading();
        if name.is_some() {
            y += 17.0;
            canvas.text(MARGIN, y, INNER, &domain, Style::regular(11.0, GREY));
        }
        y += 20.0;
        let line = Style::regular(10.0, INK);
        y = canvas.paragraph((MARGIN, y), INNER, 3, &self.summary.one_liner, line);
        y + 2.0
    }

    /// The score, on a scale with all that it may be.
    fn score(&self, canvas: &mut Canvas<'_>, y: f32) {
        canvas.area(MARGIN, y, CARD, CARD_HEIGHT, SOFT);
        let (x, width) = (MARGIN + 12.0, CARD - 24.0);
        canvas.text(x, y + 18.0, width, &self.label(Label::Score), LABEL);
        let Some(verdict) = &self.lead.assessment.verdict else {
            canvas.text(x, y + 52.0, width, &self.label(Label::NotKnown), Style::bold(16.0, AMBER));
            canvas.paragraph((x, y + 74.0), width, 3, &self.label(Label::ScoreNone), SMALL);
            return;
        };
        let number = verdict.score.to_string();
        let style = Style::bold(36.0, INK);
        canvas.text(x, y + 58.0, width, &number, style);
        let beside = x + style.width(&number) + 4.0;
        canvas.text(beside, y + 58.0, 60.0, "/ 100", Style::regular(11.0, GREY));
        let (low, high) = (f32::from(verdict.score_low), f32::from(verdict.score_high));
        let (bar, at) = (y + 74.0, |score: f32| x + width * score / 100.0);
        canvas.area(x, bar, width, 7.0, RULE);
        if low < high {
            canvas.area(at(low), bar, at(high) - at(low), 7.0, PALE);
            canvas.area(at(f32::from(verdict.score)) - 1.5, bar - 3.0, 3.0, 13.0, BLUE);
            let range = self.words.score_range(verdict.score_low, verdict.score_high);
            canvas.paragraph((x, y + 97.0), width, 2, &range, Style::regular(8.0, AMBER));
        } else {
            canvas.area(x, bar, at(f32::from(verdict.score)) - x, 7.0, BLUE);
            canvas.text(x, y + 97.0, 20.0, "0", LABEL);
            canvas.text_to(x + width, y + 97.0, 30.0, "100", LABEL);
        }
    }

    /// What is known of the lead, in two columns beside the score.
    fn facts(&self, canvas: &mut Canvas<'_>, y: f32) {
        let a = &self.lead.assessment;
        let verdict = a.verdict.as_ref();
        let unknown = || (self.label(Label::NotKnown), None);
        let priority = verdict.map_or_else(unknown, |verdict| {
            let category = verdict.priority_category;
            (category.to_string(), Some(self.words.category(category)))
        });
        let segment = verdict
            .map_or_else(unknown, |verdict| (self.words.segment(Some(verdict.segment)), None));
        let provider = self
            .provider()
            .map_or_else(unknown, |name| (name, Some(self.words.confidence(a.confidence))));
        let gateway =
            a.gateways.iter().find(|g| Some(g.name.as_str()) == a.gateway_name.as_deref());
        let gateway = self
            .short(a.gateway.as_deref(), a.gateway_name.as_deref())
            .map(|name| (name, gateway.map(|role| self.words.confidence(role.confidence))));
        let size = a.tenant_size.map_or_else(unknown, |size| (self.words.size(Some(size)), None));
        let expiry = a.expires_at.map_or_else(unknown, |day| (self.words.date(day), None));
        let mut facts = vec![
            (Label::Priority, priority),
            (Label::Provider, provider),
            (Label::Segment, segment),
        ];
        facts.extend(gateway.map(|gateway| (Label::Gateway, gateway)));
        facts.extend([(Label::Size, size), (Label::Expiry, expiry)]);
        let left = MARGIN + CARD + GUTTER;
        let width = (MARGIN + INNER - left - 14.0) / 2.0;
        for (nth, (label, (value, beneath))) in facts.into_iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "of six")]
            let (column, row) = ((nth % 2) as f32, (nth / 2) as f32);
            let (x, y) = (left + column * (width + 14.0), y + 10.0 + row * 42.0);
            canvas.text(x, y, width, &self.label(label), LABEL);
            let is_unknown = value == self.label(Label::NotKnown);
            let style = if is_unknown { Style::regular(10.0, AMBER) } else { VALUE };
            canvas.text(x, y + 13.5, width, &value, style);
            if let Some(beneath) = beneath {
                canvas.text(x, y + 25.0, width, &beneath, LABEL);
            }
        }
    }

    fn heading(&self, canvas: &mut Canvas<'_>, x: f32, y: f32, width: f32, label: Label) -> f32 {
        canvas.text(x, y, width, &self.label(label), HEADING);
        canvas.area(x, y + 5.0, width, 0.7, RULE);
        y + HEADING_HEIGHT
    }

    fn bars(&self) -> Vec<Bar> {
        let Some(breakdown) = &self.lead.assessment.breakdown else { return Vec::new() };
        let mut bars = Vec::new();
        let mut add = |name: String, points: i16| bars.push(Bar { name, points });
        if breakdown.base_score != 0 {
            add(self.words.points("base"), breakdown.base_score);
        }
        let provider = self.provider().unwrap_or_else(|| self.words.points("provider"));
        add(provider, breakdown.provider.points);
        for points in [&breakdown.signal_points, &breakdown.risk_points, &breakdown.adjustments] {
            for (row, points) in points.iter() {
                add(self.words.points(row), points);
            }
        }
        // A lead that fails by rule has no rows: its score is no sum.
        bars.retain(|bar| bar.points != 0);
        bars
    }

    /// The points behind the score, as bars from a common line.
    fn breakdown(&self, canvas: &mut Canvas<'_>, y: f32) -> f32 {
        let mut y = self.heading(canvas, MARGIN, y, COLUMN, Label::Breakdown);
        let bars = self.bars();
        if bars.is_empty() {
            return canvas.paragraph((MARGIN, y), COLUMN, 2, &self.label(Label::NoBreakdown), BODY);
        }
        let (names, numbers) = (COLUMN * 0.5, 26.0);
        let room = COLUMN - names - numbers - 8.0;
        let most = |positive: bool| {
            let of = bars.iter().map(|bar| bar.points).filter(|points| (*points > 0) == positive);
            f32::from(of.map(i16::saturating_abs).max().unwrap_or(0))
        };
        let (down, up) = (most(false), most(true));
        let scale = room / (down + up).max(1.0);
        let axis = MARGIN + names + down * scale;
        let top = y - 9.0;
        for bar in &bars {
            canvas.text(MARGIN, y, names - 8.0, &bar.name, SMALL);
            let length = f32::from(bar.points.saturating_abs()) * scale;
            let (x, colour) = if bar.points > 0 { (axis, GREEN) } else { (axis - length, RED) };
            canvas.area(x, y - 7.0, length.max(1.0), 8.0, colour);
            let sign = if bar.points > 0 { "+" } else { "–" };
            let points = format!("{sign}{}", bar.points.saturating_abs());
            canvas.text_to(MARGIN + COLUMN, y, numbers, &points, Style::bold(8.0, colour));
            y += BAR_ROW;
        }
        canvas.area(axis - 0.35, top, 0.7, y - BAR_ROW + 4.0 - top, GREY);
        canvas.area(MARGIN, y - 8.0, COLUMN, 0.7, RULE);
        y += 4.0;
        canvas.text(MARGIN, y, names, &self.label(Label::Total), Style::bold(8.5, INK));
        if let Some(breakdown) = &self.lead.assessment.breakdown {
            let total = breakdown.total_score.to_string();
            canvas.text_to(MARGIN + COLUMN, y, numbers, &total, Style::bold(8.5, INK));
        }
        y + 10.0
    }

    /// What is published, the records that say so, and what is not known.
    fn proof(&self, canvas: &mut Canvas<'_>, y: f32) -> f32 {
        let a = &self.lead.assessment;
        let mut y = self.heading(canvas, RIGHT, y, COLUMN, Label::Evidence);
        let signals = &a.authentication.signals;
        let dmarc = match signals.dmarc {
            DmarcSignal::Policy(policy) => policy.to_string(),
            DmarcSignal::Absent => self.words.fact(Signal::Missing),
            DmarcSignal::Unknown => self.words.fact(Signal::Unknown),
        };
        let facts = [
            ("SPF", self.words.fact(signals.spf), colour(signals.spf)),
            ("DKIM", self.words.fact(signals.dkim), colour(signals.dkim)),
            ("DMARC", dmarc, colour(signals.dmarc.presence())),
        ];
        let width = COLUMN / 3.0;
        let mut x = RIGHT;
        for (name, fact, colour) in facts {
            canvas.text(x, y, width, name, LABEL);
            let beside = LABEL.width(name) + 4.0;
            canvas.text(x + beside, y, width - beside - 4.0, &fact, Style::bold(8.0, colour));
            x += width;
        }
        y += 15.0;
        let records: Vec<&Evidence> = a
            .evidence
            .iter()
            .chain(a.gateways.iter().flat_map(|gateway| &gateway.evidence))
            .chain(a.identity.iter().flat_map(|identity| &identity.evidence))
            .collect();
        let mut seen: Vec<&str> = Vec::new();
        for evidence in records {
            let record = evidence.record.as_str();
            if seen.contains(&record) {
                continue;
            }
            seen.push(record);
        }
        if seen.is_empty() {
            y = canvas.paragraph((RIGHT, y), COLUMN, 1, &self.label(Label::NoEvidence), SMALL);
        }
        let more = seen.len().saturating_sub(MOST_RECORDS);
        for (nth, record) in seen.iter().take(MOST_RECORDS).enumerate() {
            let cut = more > 0 && nth + 1 == MOST_RECORDS;
            let record = if cut { format!("{record} …") } else { (*record).to_owned() };
            canvas.text(RIGHT, y, COLUMN, &record, SMALL);
            y += SMALL.leading() + 1.0;
        }
        y += 14.0;
        y = self.heading(canvas, RIGHT, y, COLUMN, Label::Unknown);
        if a.unknown.is_empty() && a.verdict.is_some() {
            return canvas.paragraph((RIGHT, y), COLUMN, 2, &self.label(Label::AllKnown), SMALL);
        }
        let unknown = Style::bold(8.5, AMBER);
        canvas.paragraph((RIGHT, y), COLUMN, 2, &self.words.unknown(&a.unknown), unknown)
    }

    /// A heading and its points, as far as there is room; gives where what follows begins.
    fn points<'s>(
        &self,
        canvas: &mut Canvas<'_>,
        y: f32,
        label: Label,
        points: impl IntoIterator<Item = &'s String>,
    ) -> f32 {
        let mut points = points.into_iter().peekable();
        // A heading alone tells nothing.
        if points.peek().is_none() || lines_at(y + HEADING_HEIGHT) == 0 {
            return y;
        }
        let mut y = self.heading(canvas, MARGIN, y, INNER, label);
        for point in points {
            let room = lines_at(y);
            if room == 0 {
                break;
            }
            canvas.area(MARGIN + 1.0, y - 4.4, 3.0, 3.0, BLUE);
            y = canvas.paragraph((MARGIN + 12.0, y), INNER - 12.0, room, point, BODY) + 3.0;
        }
        y + 12.0
    }

    fn next_step(&self, canvas: &mut Canvas<'_>) {
        let y = FOOTER - STEP_HEIGHT - 6.0;
        canvas.area(MARGIN, y, INNER, STEP_HEIGHT - 10.0, SOFT);
        canvas.area(MARGIN, y, 3.0, STEP_HEIGHT - 10.0, BLUE);
        let (x, width) = (MARGIN + 14.0, INNER - 26.0);
        canvas.text(x, y + 15.0, width, &self.label(Label::NextStep), Style::bold(9.0, BLUE));
        canvas.paragraph((x, y + 29.0), width, 2, &self.summary.next_step.message, BODY);
    }

    fn foot(&self, canvas: &mut Canvas<'_>) {
        let a = &self.lead.assessment;
        let line = self.words.footer(a.observed_at.date(), &a.rules_version);
        canvas.text(MARGIN, FOOTER + 4.0, INNER, &line, Style::regular(7.5, GREY));
    }
}

/// How many lines there are from here to the next step.
fn lines_at(y: f32) -> usize {
    let room = (FOOTER - STEP_HEIGHT - 18.0 - y) / BODY.leading();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page has a few dozen lines; below none there is none"
    )]
    let lines = room.max(0.0) as usize;
    lines
}

const fn colour(signal: Signal) -> Colour {
    match signal {
        Signal::Present => GREEN,
        Signal::Missing => RED,
        Signal::Unknown => AMBER,
    }
}
