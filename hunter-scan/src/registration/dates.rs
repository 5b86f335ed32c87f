//! The calendar dates that registries write.
//!
//! # Which day it is
//!
//! A time that names its zone or offset is taken at UTC, as RDAP writes it (RFC 9083 §3), so that
//! both sources give one date. A time without a zone is the registry's own, and its date is kept as
//! written: to guess a zone would move a date by a day without making it truer. Kept as written is also
//! midnight of a zone by name (`30/06/2014 00:00:00 EEST`, `2021-08-13 00:00:00 (UTC+8)`): there the
//! registry means a day, not an instant.
//!
//! # Day or month first
//!
//! `03/04/2014` says nothing of its order. Asked in turn: a hint such as `(dd/mm/yyyy)`, another date
//! of the same answer that allows only one order, and then day first, as nearly all registries write.

use time::{Date, Duration, Month, PrimitiveDateTime, Time};

mod names;
mod scan;

use names::{month, zone_minutes};
use scan::{Token, tokens};

/// The order of day and month in `03/04/2014`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DayMonth {
    /// 3 April.
    #[default]
    DayFirst,
    /// 4 March.
    MonthFirst,
}

impl DayMonth {
    /// What a text says of its order: `dd/mm/yyyy`, `MM-DD-YYYY`, `JJ/MM/AAAA`.
    pub(crate) fn hinted(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase().replace("jj", "dd");
        let day = text.find("dd")?;
        let month =
            text[..day].rfind("mm").or_else(|| text[day..].find("mm").map(|at| day + at))?;
        Some(if day < month { Self::DayFirst } else { Self::MonthFirst })
    }

    /// What a date allows: `23/04/2014` is day first, `04/23/2014` month first, `03/04/2014` either.
    pub(crate) fn proved(text: &str) -> Option<Self> {
        let found = tokens(text);
        let nth = found.windows(5).position(|five| split_numeric(five).is_some())?;
        let (first, second, _) = split_numeric(&found[nth..nth + 5])?;
        match (first > 12, second > 12) {
            (true, false) => Some(Self::DayFirst),
            (false, true) => Some(Self::MonthFirst),
            _ => None,
        }
    }
}

/// The first date in a text, at UTC where the text names its zone.
pub(crate) fn date(text: &str, order: DayMonth) -> Option<Date> {
    let tokens = tokens(text);
    let found = (0..tokens.len()).find_map(|nth| date_at(&tokens, nth, order));
    let Some((date, rest)) = found else { return before_month(&tokens) };
    let Some((time, rest)) = time_in(&tokens, rest) else { return Some(date) };
    let Some(Offset { minutes, named }) = offset_in(&tokens, rest) else { return Some(date) };
    if named && time == Time::MIDNIGHT {
        return Some(date);
    }
    PrimitiveDateTime::new(date, time)
        .checked_sub(Duration::minutes(minutes.into()))
        .map(PrimitiveDateTime::date)
}

/// `before Aug-1996`, of what was registered before the registry kept days: the first of that month.
fn before_month(tokens: &[Token<'_>]) -> Option<Date> {
    let nth = tokens.iter().position(|token| token.is_word_of(&["before"]))?;
    let month = tokens.get(skip_between(tokens, nth + 1))?.month()?;
    let year = tokens[nth..].iter().find_map(|token| token.year())?;
    calendar(year, month, 1)
}

/// The date that starts at a token, and where the text goes on.
fn date_at(tokens: &[Token<'_>], nth: usize, order: DayMonth) -> Option<(Date, usize)> {
    let rest = &tokens[nth..];
    compact(rest)
        .or_else(|| year_first(rest))
        .or_else(|| numeric(rest, order))
        .or_else(|| day_name(rest))
        .or_else(|| month_name(rest))
        .map(|(date, taken)| (date, nth + taken))
}

/// `20140921`, `20120903121852`.
fn compact(tokens: &[Token<'_>]) -> Option<(Date, usize)> {
    let Some(Token::Number { text, .. }) = tokens.first() else { return None };
    if text.len() != 8 && text.len() != 14 {
        return None;
    }
    let number = |from: usize, to: usize| text[from..to].parse::<u16>().ok();
    Some((calendar(number(0, 4)?, number(4, 6)?, number(6, 8)?)?, 1))
}

/// `2013-07-08`, `2010/07/07`, `2003.03.25`, `2010. 08. 12.`, `2001-Aug-23`.
fn year_first(tokens: &[Token<'_>]) -> Option<(Date, usize)> {
    let [year, first, middle, second, day, ..] = tokens else { return None };
    let year = year.year()?;
    let (Token::Mark(a), Token::Mark(b)) = (first, second) else { return None };
    if a != b || !matches!(a, '-' | '/' | '.' | ' ') {
        return None;
    }
    let month = middle.small().or_else(|| middle.month())?;
    Some((calendar(year, month, day.small()?)?, 5))
}

/// `30.01.2006`, `15/03/2004`, `06-04-2004`.
fn numeric(tokens: &[Token<'_>], order: DayMonth) -> Option<(Date, usize)> {
    let (first, second, year) = split_numeric(tokens.get(..5)?)?;
    let (day, month) = match order {
        DayMonth::DayFirst => (first, second),
        DayMonth::MonthFirst => (second, first),
    };
    let (day, month) = if month > 12 { (month, day) } else { (day, month) };
    Some((calendar(year, month, day)?, 5))
}

fn split_numeric(five: &[Token<'_>]) -> Option<(u16, u16, u16)> {
    let [first, Token::Mark(a), second, Token::Mark(b), year] = five else { return None };
    let alike = a == b && matches!(a, '-' | '/' | '.');
    alike.then_some(())?;
    Some((first.small()?, second.small()?, year.year()?))
}

/// `13-MAY-2009`, `2nd April, 2001`, `23 de agosto de 2012`, `11-Oct-99`.
fn day_name(tokens: &[Token<'_>]) -> Option<(Date, usize)> {
    let day = tokens.first()?.small()?;
    let mut nth = 1;
    if tokens.get(nth).is_some_and(|token| token.is_word_of(&["st", "nd", "rd", "th"])) {
        nth += 1;
    }
    nth = skip_between(tokens, nth);
    let month = tokens.get(nth)?.month()?;
    nth = skip_between(tokens, nth + 1);
    let year = tokens.get(nth)?;
    // Two digits only where the month is spelt: `05-11-12` has three readings.
    let year = year.year().or_else(|| year.short_year())?;
    Some((calendar(year, month, day)?, nth + 1))
}

/// `May 22 2002`, `October  9, 2012`, `Tue Feb 10 09:42:42 2004`, `Tue Oct 04 21:44:27 GMT 2005`.
fn month_name(tokens: &[Token<'_>]) -> Option<(Date, usize)> {
    let month = tokens.first()?.month()?;
    let mut nth = skip_between(tokens, 1);
    let day = tokens.get(nth)?.small()?;
    nth += 1;
    if tokens.get(nth).is_some_and(|token| token.is_word_of(&["st", "nd", "rd", "th"])) {
        nth += 1;
    }
    nth = skip_between(tokens, nth);
    if let Some(year) = tokens.get(nth)?.year() {
        return Some((calendar(year, month, day)?, nth + 1));
    }
    // The time, and perhaps its zone, stand between the day and the year: they are read from there.
    let far = tokens[nth..].iter().take(9).position(|token| token.year().is_some())?;
    Some((calendar(tokens[nth + far].year()?, month, day)?, nth))
}

fn skip_between(tokens: &[Token<'_>], from: usize) -> usize {
    let between = |token: &&Token<'_>| {
        matches!(token, Token::Mark('-' | '/' | '.' | ' ' | ',')) || token.is_word_of(&["de", "of"])
    };
    from + tokens[from.min(tokens.len())..].iter().take_while(between).count()
}

fn calendar(year: u16, month: u16, day: u16) -> Option<Date> {
    // 2999 is how some registries write "never".
    if !(1970..=2999).contains(&year) {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
}

/// The time of day that follows a date directly: `12:20:05`, `00:00`.
fn time_in(tokens: &[Token<'_>], from: usize) -> Option<(Time, usize)> {
    let lead = tokens.get(from..)?.iter();
    let skipped = lead
        .take_while(|t| {
            matches!(t, Token::Mark(' ' | ',' | '(' | '.')) || t.is_word_of(&["t", "at"])
        })
        .count();
    let at = from + skipped;
    let (hour, minute) = match tokens.get(at..at + 3)? {
        [hour, Token::Mark(':'), minute] => (hour.small()?, minute.small()?),
        _ => return None,
    };
    let mut next = at + 3;
    let mut second = 0;
    if let Some([Token::Mark(':'), seconds]) = tokens.get(next..next + 2)
        && let Some(seconds) = seconds.small()
    {
        second = seconds;
        next += 2;
    }
    if let Some([Token::Mark('.'), Token::Number { .. }]) = tokens.get(next..next + 2) {
        next += 2;
    }
    let part = |value: u16| u8::try_from(value).ok();
    Time::from_hms(part(hour)?, part(minute)?, part(second)?.min(59)).ok().map(|time| (time, next))
}

/// An offset from UTC.
struct Offset {
    minutes: i16,
    /// By the name of a zone, other than UTC itself.
    named: bool,
}

/// The offset that follows a time: `Z`, `+03:00`, `+0300`, `+03`, `(JST)`, `EEST`, `UTC+8`.
fn offset_in(tokens: &[Token<'_>], from: usize) -> Option<Offset> {
    let rest = tokens.get(from..)?;
    let blank = rest.iter().take_while(|token| matches!(token, Token::Mark(' ' | '('))).count();
    let rest = &rest[blank..];
    match rest.first()? {
        Token::Mark(sign @ ('+' | '-')) => {
            Some(Offset { minutes: signed_offset(*sign, &rest[1..])?, named: false })
        }
        Token::Word(word) => {
            let minutes = zone_minutes(word)?;
            match rest.get(1..) {
                Some([Token::Mark(sign @ ('+' | '-')), after @ ..]) if minutes == 0 => {
                    Some(Offset { minutes: signed_offset(*sign, after)?, named: true })
                }
                _ => Some(Offset { minutes, named: minutes != 0 }),
            }
        }
        _ => None,
    }
}

fn signed_offset(sign: char, rest: &[Token<'_>]) -> Option<i16> {
    let Some(Token::Number { text, .. }) = rest.first() else { return None };
    let (hours, minutes) = match (text.len(), rest.get(1..3)) {
        (4, _) => (text[..2].parse::<i16>().ok()?, text[2..].parse::<i16>().ok()?),
        (1 | 2, Some([Token::Mark(':'), Token::Number { text: minutes, .. }])) => {
            (text.parse().ok()?, minutes.parse().ok()?)
        }
        (1 | 2, _) => (text.parse().ok()?, 0),
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    let total = hours * 60 + minutes;
    Some(if sign == '-' { -total } else { total })
}

#[cfg(test)]
mod tests;
