//! A price book: one that is accepted prices every size, and its sums can be spoken.

#![no_main]

use hunter_core::sales::{PriceBook, SalesEngine};
use hunter_core::vocabulary::TenantSize;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(book) = PriceBook::from_toml("fuzz.toml", text) else { return };
    assert_eq!(book.currency.len(), 3);
    for size in TenantSize::ALL {
        assert!(!book.tier(*size).tier.trim().is_empty());
    }
    SalesEngine::builder().price_book(book).build().expect("an engine takes any price book");
});
