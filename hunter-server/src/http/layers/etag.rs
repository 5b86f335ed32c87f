//! A tag on what is read, so that a client who has it gets it once (RFC 9110 §8.8.3).

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::Body as _;
use sha2::{Digest as _, Sha256};

/// Longer answers are streamed.
const LONGEST: u64 = 4 << 20;

/// Tags whole answers to reads, and answers 304 where the client has it.
pub async fn etag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    // Streams do not know how long they are.
    let is_whole = response.body().size_hint().exact().is_some_and(|size| size <= LONGEST);
    if !is_read || response.status() != StatusCode::OK || !is_whole {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::try_from(LONGEST).unwrap_or(usize::MAX)).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = tag(&bytes);
    let is_known = known.is_some_and(|known| matches(&known, &tag));
    parts.headers.insert(header::ETAG, tag);
    no_stale(&mut parts.headers);
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Weak, since compression changes the bytes and not what they say.
fn tag(bytes: &Bytes) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let half: [u8; 16] = std::array::from_fn(|i| digest[i]);
    HeaderValue::try_from(format!("W/\"{:032x}\"", u128::from_be_bytes(half))).expect("hexadecimal")
}

fn matches(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').any(|one| one.trim() == "*" || opaque(one) == opaque(tag))
}

/// Clients may keep what they read, and ask each time whether it still holds.
fn no_stale(headers: &mut HeaderMap) {
    let cache = HeaderValue::from_static("private, no-cache");
    headers.entry(header::CACHE_CONTROL).or_insert(cache);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_however_weak() {
        let tag = tag(&Bytes::from_static(b"{}"));
        let text = tag.to_str().unwrap();
        for known in [text, text.trim_start_matches("W/"), "*", &format!("\"x\", {text}")] {
            assert!(matches(&HeaderValue::try_from(known).unwrap(), &tag), "{known}");
        }
        assert!(!matches(&HeaderValue::from_static("\"x\""), &tag));
    }
}
