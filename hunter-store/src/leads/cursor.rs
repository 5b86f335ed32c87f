//! Cursors: the place in a list after which the next page begins.
//!
//! Opaque to clients: hexadecimal digits of the version, the order, a mark of the filter, the key of the
//! last row and a checksum. A cursor that was made for another list is refused instead of giving a page
//! that means nothing.

use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};

/// Raised whenever the form, or the meaning of a key, changes.
const VERSION: u8 = 1;
const CHECK: usize = 4;

/// The key of a row in some order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// Which list: sort, direction and filter.
    pub(super) list: [u8; 8],
    pub(super) key: Key,
    pub(super) company_id: i64,
}

impl Cursor {
    pub(super) fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend(self.list);
        bytes.extend(self.company_id.to_be_bytes());
        match &self.key {
            Key::Number(number) => {
                bytes.push(0);
                bytes.extend(number.to_be_bytes());
            }
            Key::Text(text) => {
                bytes.push(1);
                bytes.extend(text.as_bytes());
            }
        }
        bytes.extend(checksum(&bytes));
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            text
        })
    }

    pub(super) fn decode(text: &str, list: [u8; 8]) -> Result<Self> {
        let invalid = |problem| StoreError::request("cursor_invalid", "cursor", problem);
        let broken = || invalid("is not one that a list gave: start again from the first page");
        let bytes = bytes(text).ok_or_else(broken)?;
        let (body, check) = bytes.split_last_chunk::<CHECK>().ok_or_else(broken)?;
        if checksum(body) != *check {
            return Err(broken());
        }
        let (version, rest) = body.split_first().ok_or_else(broken)?;
        if *version != VERSION {
            return Err(invalid(
                "is of another version of the program: start again from the first page",
            ));
        }
        let (made_for, rest) = rest.split_first_chunk::<8>().ok_or_else(broken)?;
        if *made_for != list {
            return Err(invalid(
                "belongs to a list with other filters or another order: repeat those, or start again",
            ));
        }
        let (id, rest) = rest.split_first_chunk::<8>().ok_or_else(broken)?;
        let (kind, rest) = rest.split_first().ok_or_else(broken)?;
        let key = match kind {
            0 => Key::Number(i64::from_be_bytes(rest.try_into().map_err(|_| broken())?)),
            _ => Key::Text(String::from_utf8(rest.to_vec()).map_err(|_| broken())?),
        };
        Ok(Self { list, key, company_id: i64::from_be_bytes(*id) })
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|i| digest[i])
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![any::<i64>().prop_map(Key::Number), "\\PC{0,20}".prop_map(Key::Text)]
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back_for_its_own_list_only(key in key(), company_id: i64, list: [u8; 8]) {
            let cursor = Cursor { list, key, company_id };
            let text = cursor.encode();
            prop_assert_eq!(Cursor::decode(&text, list).unwrap(), cursor);
            let mut other = list;
            other[3] ^= 1;
            prop_assert_eq!(Cursor::decode(&text, other).unwrap_err().code(), "cursor_invalid");
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}", digits in "[0-9a-f]{0,80}") {
            for text in [text, digits] {
                if let Err(error) = Cursor::decode(&text, [0; 8]) {
                    prop_assert_eq!(error.code(), "cursor_invalid");
                }
            }
        }

        #[test]
        fn one_changed_digit_is_noticed(company_id: i64, at in 0_usize..30) {
            let text = Cursor { list: [7; 8], key: Key::Number(1), company_id }.encode();
            let mut digits: Vec<char> = text.chars().collect();
            digits[at] = if digits[at] == '0' { '1' } else { '0' };
            let changed: String = digits.into_iter().collect();
            prop_assert_eq!(Cursor::decode(&changed, [7; 8]).unwrap_err().code(), "cursor_invalid");
        }
    }
}
