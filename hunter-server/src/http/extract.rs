//! What handlers take from a request, with problems instead of the framework's own words.

use std::convert::Infallible;

use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use hunter_core::Domain;
use serde::de::DeserializeOwned;

use super::layers::identify::Caller;
use super::problem::Problem;
use crate::services::keys::Actor;

/// A JSON body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Whole::from_request(request, state).await?.read().map(Self)
    }
}

/// A JSON body as it was sent, for what is signed byte for byte.
#[derive(Debug, Clone)]
pub(crate) struct Whole(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new("media_type", "the body must be `application/json`"));
        }
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|rejection| self::body(&rejection))
    }
}

impl Whole {
    /// The body as what it says.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read(&self.0)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()) else {
        return false;
    };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.len() > 17 && kind.to_ascii_lowercase().ends_with("+json"))
}

fn body(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new("body_too_large", "the body is larger than this path takes");
    }
    Problem::new("json_syntax", "the body ended before it was whole")
}

/// Reads JSON; of a field that is wrong the pointer is told.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        if inner.is_data() {
            Problem::field(pointer(error.path()), inner.to_string())
        } else {
            Problem::new("json_syntax", inner.to_string())
        }
    })?;
    deserializer.end().map_err(|error| Problem::new("json_syntax", error.to_string()))?;
    Ok(value)
}

/// A path of serde as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// Query parameters. A name that is not known is refused: a filter that is not understood would be
/// answered with leads that nobody asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameters(&given(parts)).map(Self)
    }
}

/// Query parameters of two kinds, as several paths share one of them. What the first does not know is the
/// second's to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Queries<A, B>(pub A, pub B);

impl<S: Send + Sync, A: DeserializeOwned, B: DeserializeOwned> FromRequestParts<S>
    for Queries<A, B>
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let names = names::<A>();
        let of_first = |pair: &Pair<'_>| names.contains(&&*pair.0);
        let (first, second): (Vec<_>, Vec<_>) = given(parts).into_iter().partition(of_first);
        Ok(Self(parameters(&first)?, parameters(&second)?))
    }
}

type Pair<'q> = (std::borrow::Cow<'q, str>, std::borrow::Cow<'q, str>);

/// The parameters of a request. An empty one is one that was left out, as forms send it.
fn given(parts: &Parts) -> Vec<Pair<'_>> {
    let query = parts.uri.query().unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

fn parameters<T: DeserializeOwned>(pairs: &[Pair<'_>]) -> Result<T, Problem> {
    let deserializer = serde::de::value::MapDeserializer::new(
        pairs.iter().map(|(name, value)| (name.as_ref(), Text(value))),
    );
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let pointer = if path == "." { String::new() } else { path };
        Problem::field(pointer, error.inner().to_string())
    })
}

/// The names of the fields of a struct.
fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    struct Names<'a>(&'a mut &'static [&'static str]);

    impl<'de> serde::Deserializer<'de> for Names<'_> {
        type Error = serde::de::value::Error;

        fn deserialize_any<V: serde::de::Visitor<'de>>(
            self,
            _: V,
        ) -> Result<V::Value, Self::Error> {
            Err(serde::de::Error::custom("only a struct has names"))
        }

        fn deserialize_struct<V: serde::de::Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
            unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut names: &'static [&'static str] = &[];
    // It always fails: it only asks.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// The text of a parameter, which is read as what its field is.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl<'de> serde::de::IntoDeserializer<'de, serde::de::value::Error> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $kind:ty, $name:literal;)*) => {$(
        fn $method<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let value: $kind = self.0.parse().map_err(|_| {
                serde::de::Error::custom(format_args!(concat!("`{}` is no ", $name), self.0))
            })?;
            visitor.$visit(value)
        }
    )*};
}

impl<'de> serde::Deserializer<'de> for Text<'de> {
    type Error = serde::de::value::Error;

    parsed! {
        deserialize_bool visit_bool bool, "`true` or `false`";
        deserialize_i8 visit_i8 i8, "whole number that is taken here";
        deserialize_i16 visit_i16 i16, "whole number that is taken here";
        deserialize_i32 visit_i32 i32, "whole number that is taken here";
        deserialize_i64 visit_i64 i64, "whole number that is taken here";
        deserialize_u8 visit_u8 u8, "whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "whole number from 0 on";
        deserialize_u32 visit_u32 u32, "whole number from 0 on";
        deserialize_u64 visit_u64 u64, "whole number from 0 on";
        deserialize_f32 visit_f32 f32, "number";
        deserialize_f64 visit_f64 f64, "number";
    }

    fn deserialize_any<V: serde::de::Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(serde::de::value::BorrowedStrDeserializer::new(self.0))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// The domain in a path, in whatever form people write it.
#[derive(Debug, Clone)]
pub(crate) struct DomainPath(pub Domain);

impl<S: Send + Sync> FromRequestParts<S> for DomainPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        #[derive(serde::Deserialize)]
        struct Named {
            domain: String,
        }
        let Path(Named { domain }) =
            Path::from_request_parts(parts, state).await.map_err(|rejection| path(&rejection))?;
        Ok(Self(domain_of(&domain, "domain")?))
    }
}

/// The number of a row in a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdPath(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IdPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        #[derive(serde::Deserialize)]
        struct Named {
            id: String,
        }
        let Path(Named { id }) =
            Path::from_request_parts(parts, state).await.map_err(|rejection| path(&rejection))?;
        id.parse().map(Self).map_err(|_| Problem::field("id", format!("`{id}` is no number")))
    }
}

/// Who asks, for the audit log.
impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let caller = parts.extensions.get().cloned().unwrap_or(Caller::Nobody);
        Ok(caller.actor(parts.extensions.get()))
    }
}

fn path(rejection: &PathRejection) -> Problem {
    Problem::new("path_not_found", rejection.body_text())
}

/// A domain from a field of a request.
pub(crate) fn domain_of(text: &str, pointer: &str) -> Result<Domain, Problem> {
    let reading = Domain::from_cell(text).map_err(|error| {
        let error = hunter_core::Error::from(error);
        let mut problem = Problem::from(error);
        let detail = problem.detail.clone();
        problem = problem.and(pointer, detail);
        problem
    })?;
    Ok(reading.domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        name: Option<String>,
        size: Option<u32>,
        on: Option<bool>,
    }

    async fn ask(query: &str) -> Result<Asked, Problem> {
        let request = axum::http::Request::builder().uri(format!("/?{query}")).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        Query::from_request_parts(&mut parts, &()).await.map(|Query(asked)| asked)
    }

    #[tokio::test]
    async fn parameters_are_read_by_their_type() {
        let asked = ask("name=12&size=7&on=true").await.unwrap();
        let expected = Asked { name: Some("12".into()), size: Some(7), on: Some(true) };
        assert_eq!(asked, expected);
        assert_eq!(ask("size=&name=").await.unwrap(), Asked { name: None, size: None, on: None });
    }

    #[tokio::test]
    async fn parameters_of_two_kinds_are_told_apart() {
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct More {
            page: Option<u32>,
        }
        assert_eq!(names::<Asked>(), ["name", "size", "on"]);
        let ask = async |query: &str| {
            let request =
                axum::http::Request::builder().uri(format!("/?{query}")).body(()).unwrap();
            let (mut parts, ()) = request.into_parts();
            Queries::<Asked, More>::from_request_parts(&mut parts, &()).await
        };
        let Queries(asked, more) = ask("page=3&size=7").await.unwrap();
        assert_eq!((asked.size, more), (Some(7), More { page: Some(3) }));
        let unknown = ask("pages=3").await.unwrap_err();
        assert!(unknown.errors[0].detail.contains("pages"), "{unknown:?}");
        let wrong = ask("size=many&page=1").await.unwrap_err();
        assert_eq!(wrong.errors[0].pointer, "size");
    }

    #[tokio::test]
    async fn a_wrong_parameter_is_named() {
        for (query, pointer) in [("size=many", "size"), ("on=1", "on"), ("sise=7", "sise")] {
            let problem = ask(query).await.unwrap_err();
            assert_eq!(problem.code, "validation");
            assert!(
                problem.errors[0].pointer == pointer || problem.errors[0].detail.contains(pointer),
                "{problem:?}"
            );
        }
    }

    #[test]
    fn a_wrong_field_has_a_pointer() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its shape counts")]
        struct Body {
            list: Vec<u8>,
        }
        let problem = read::<Body>(br#"{"list": [1, "x"]}"#).unwrap_err();
        assert_eq!((problem.code, problem.errors[0].pointer.as_str()), ("validation", "/list/1"));
        for text in ["{", r#"{"list": []} {}"#, "", "\u{feff}{}"] {
            assert_eq!(read::<Body>(text.as_bytes()).unwrap_err().code, "json_syntax", "{text}");
        }
    }
}
