//! A summary as plain text for a terminal.

use fluent_bundle::FluentArgs;

use super::catalogue::{Catalogue, Message, Variable};
use super::speech;
use super::summary::{Level, SalesSummary};

/// The summary under headings in the catalogue's language; one paragraph or list point a line.
pub(super) fn render(catalogue: &Catalogue, summary: &SalesSummary) -> String {
    let mut page = Page { catalogue, text: String::with_capacity(4096) };
    page.line(&summary.one_liner);
    page.section(Message::HeadingSegment, None, [summary.segment_explanation.as_str()]);
    page.section(Message::HeadingProvider, None, [summary.provider_reasoning.as_str()]);
    if let Some(security) = &summary.security_reasoning {
        page.section(Message::HeadingSecurity, None, [security.summary.as_str()]);
        page.points(&security.details);
        page.line(&security.sales_angle);
        page.line(&security.recommended_action);
    }
    page.section(Message::HeadingScript, None, []);
    page.points(&summary.call_script);
    if !summary.hooks.is_empty() {
        page.section(Message::HeadingHooks, None, []);
        page.points(summary.hooks.iter().map(|hook| &hook.text));
    }
    page.section(Message::HeadingQuestions, None, []);
    page.points(&summary.discovery_questions);
    page.section(Message::HeadingOffer, None, [summary.offer_tier.recommendation.as_str()]);
    let rationale = [summary.opportunity_rationale.summary.as_str()];
    page.section(Message::HeadingPotential, None, rationale);
    let reason = summary.urgency_reason.as_deref();
    page.section(Message::HeadingUrgency, Some(summary.urgency), reason);
    page.section(Message::HeadingNextStep, None, [summary.next_step.message.as_str()]);
    page.section(Message::HeadingNote, None, [summary.next_step.internal_note.as_str()]);
    page.text
}

struct Page<'a> {
    catalogue: &'a Catalogue,
    text: String,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An empty line, the heading (with a level behind it, where there is one) and its lines.
    fn section<'l>(
        &mut self,
        heading: Message,
        level: Option<Level>,
        lines: impl IntoIterator<Item = &'l str>,
    ) {
        self.text.push('\n');
        self.catalogue.write(&mut self.text, heading.id(), &FluentArgs::new());
        if let Some(level) = level {
            let variables = [(Variable::Level, level.as_str().into())];
            self.text.push_str(": ");
            self.text.push_str(&speech::phrase(self.catalogue, Message::LevelName, &variables));
        }
        self.text.push('\n');
        for line in lines {
            self.line(line);
        }
    }

    fn points<'l>(&mut self, points: impl IntoIterator<Item = &'l String>) {
        for point in points {
            self.text.push_str("- ");
            self.line(point);
        }
    }
}
