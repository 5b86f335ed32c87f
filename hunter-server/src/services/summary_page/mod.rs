//! A lead on one page, to be printed or sent: `GET /leads/{domain}/summary.pdf`.
//!
//! All words are those of the catalogues. What is unknown is said to be unknown; what does not fit is cut
//! and ends with an ellipsis, so that it is always one page. The same lead gives the same bytes.

mod canvas;
mod font;
mod layout;

use hunter_core::provider::Fingerprints;
use hunter_core::sales::{PageWords, SalesSummary};
use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;

use super::lead_view::LeadView;
use canvas::Canvas;

/// A4, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;

/// The page could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be made: {0}")]
pub struct PageError(String);

/// Draws the page.
///
/// # Errors
/// What the writer of PDF said: a fault of this program.
pub fn render(
    lead: &LeadView,
    summary: &SalesSummary,
    words: PageWords<'_>,
    table: &Fingerprints,
) -> Result<Vec<u8>, PageError> {
    let mut document = Document::new();
    let size = PageSettings::from_wh(WIDTH, HEIGHT)
        .ok_or_else(|| PageError("A4 is no size of a page".to_owned()))?;
    let mut page = document.start_page_with(size);
    let content = layout::Content { lead, summary, words, table };
    let mut canvas = Canvas::new(page.surface());
    content.draw(&mut canvas);
    drop(canvas);
    page.finish();
    let metadata = Metadata::new()
        .title(font::printable(&content.title()))
        .language(words.lang().to_owned())
        .creator("Hunter".to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|error| PageError(format!("{error:?}")))
}
