//! How the forms that are written by hand look in an OpenAPI document.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::Domain;
use crate::rules::Points;
use crate::sales::Amount;

/// One of a closed list of words.
pub(crate) fn words(words: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

impl PartialSchema for Domain {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A domain in canonical form: lower case, A-labels."))
            .examples(["ornek.com.tr"])
            .into()
    }
}

impl ToSchema for Domain {
    fn name() -> Cow<'static, str> {
        "Domain".into()
    }
}

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("A sum of money: whole, or with its hundredths."))
            .into()
    }
}

impl ToSchema for Amount {
    fn name() -> Cow<'static, str> {
        "Amount".into()
    }
}

impl PartialSchema for Points {
    fn schema() -> RefOr<Schema> {
        let points: Schema = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .into();
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("Points by the name of their row."))
            .additional_properties(Some(RefOr::from(points)))
            .into()
    }
}

impl ToSchema for Points {
    fn name() -> Cow<'static, str> {
        "Points".into()
    }
}
