//! Columns of the input, read where they lie.

use arrow_array::cast::AsArray as _;
use arrow_array::{
    Array, ArrayRef, BooleanArray, LargeListArray, LargeStringArray, ListArray, RecordBatch,
    StringArray, StringViewArray,
};
use arrow_schema::{DataType, Schema};
use hunter_core::operations::Batch;

use crate::error::BatchError;

/// Refuses a schema with columns that the batch does not know, or without any that it knows.
pub(crate) fn check_names(schema: &Schema, batch: &Batch) -> Result<(), BatchError> {
    let known = || batch.input.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    for (nth, field) in schema.fields().iter().enumerate() {
        let name = field.name();
        if !batch.input.iter().any(|column| column.name == name) {
            let problem = format!("is not known: {} takes {}", batch.name, known());
            return Err(BatchError::column("column_unknown", name, problem));
        }
        if schema.fields()[..nth].iter().any(|other| other.name() == name) {
            return Err(BatchError::column("column_unknown", name, "stands twice: keep one"));
        }
    }
    if schema.fields().is_empty() {
        let problem = format!("give at least one of {}", known());
        return Err(BatchError::column("column_missing", batch.input[0].name, problem));
    }
    Ok(())
}

/// Refuses columns whose bytes are not what their types say, such as text that is not UTF-8. Columns that
/// another library handed over in memory must pass here before [`run`](crate::run) reads them.
///
/// # Errors
/// `arrow_syntax`, with the column.
pub fn validate(batch: &RecordBatch) -> Result<(), BatchError> {
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        array.to_data().validate_full().map_err(|fault| {
            BatchError::syntax(&format!("column `{}` is damaged: {fault}", field.name()))
        })?;
    }
    Ok(())
}

/// The column of that name, unless it holds nothing but nulls by its type.
fn column<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a ArrayRef> {
    batch.column_by_name(name).filter(|array| *array.data_type() != DataType::Null)
}

fn wrong(name: &str, array: &dyn Array, wanted: &str) -> BatchError {
    let problem = format!("is {}: use {wanted}", array.data_type());
    BatchError::column("column_type", name, problem)
}

/// A column of `bool`.
pub(crate) struct Flags<'a>(Option<&'a BooleanArray>);

impl<'a> Flags<'a> {
    pub(crate) fn of(batch: &'a RecordBatch, name: &str) -> Result<Self, BatchError> {
        let Some(array) = column(batch, name) else { return Ok(Self(None)) };
        match array.as_boolean_opt() {
            Some(flags) => Ok(Self(Some(flags))),
            None => Err(wrong(name, array, "bool")),
        }
    }

    pub(crate) fn get(&self, row: usize) -> Option<bool> {
        self.0.filter(|flags| flags.is_valid(row)).map(|flags| flags.value(row))
    }
}

/// A column of text.
pub(crate) enum Texts<'a> {
    Nothing,
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    /// For each row, which of the values it holds.
    Dictionary(Vec<Option<usize>>, Box<Self>),
}

impl<'a> Texts<'a> {
    pub(crate) fn of(batch: &'a RecordBatch, name: &str) -> Result<Self, BatchError> {
        column(batch, name).map_or(Ok(Self::Nothing), |array| {
            Self::read(array).ok_or_else(|| wrong(name, array, "utf8"))
        })
    }

    pub(crate) fn read(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Null => Some(Self::Nothing),
            DataType::Utf8 => array.as_string_opt().map(Self::Small),
            DataType::LargeUtf8 => array.as_string_opt().map(Self::Large),
            DataType::Utf8View => array.as_string_view_opt().map(Self::View),
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary_opt()?;
                let values = Self::read(dictionary.values().as_ref())?;
                if dictionary.values().is_empty() {
                    return Some(Self::Nothing);
                }
                let keys = dictionary.normalized_keys();
                let held = |(row, key)| array.is_valid(row).then_some(key);
                Some(Self::Dictionary(
                    keys.into_iter().enumerate().map(held).collect(),
                    values.into(),
                ))
            }
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Nothing => None,
            Self::Small(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::Large(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Self::Dictionary(keys, values) => values.get(keys[row]?),
        }
    }
}

/// A column of lists of text, or of one text a row, which counts as a list of one.
pub(crate) struct TextLists<'a> {
    rows: Rows<'a>,
    items: Texts<'a>,
}

enum Rows<'a> {
    Small(&'a ListArray),
    Large(&'a LargeListArray),
    /// Each row is its own item.
    Single,
}

/// A list that holds null: neither a record nor the absence of one.
#[derive(Debug)]
pub(crate) struct HoldsNull;

impl<'a> TextLists<'a> {
    pub(crate) fn of(batch: &'a RecordBatch, name: &str) -> Result<Self, BatchError> {
        let Some(array) = column(batch, name) else {
            return Ok(Self { rows: Rows::Single, items: Texts::Nothing });
        };
        Self::lists(array).ok_or_else(|| wrong(name, array, "list<utf8>"))
    }

    fn lists(array: &'a ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::List(_) => {
                let lists: &ListArray = array.as_list_opt()?;
                Some(Self { rows: Rows::Small(lists), items: Texts::read(lists.values())? })
            }
            DataType::LargeList(_) => {
                let lists: &LargeListArray = array.as_list_opt()?;
                Some(Self { rows: Rows::Large(lists), items: Texts::read(lists.values())? })
            }
            _ => None,
        }
    }

    /// The same where a column of single texts will do.
    pub(crate) fn or_single(name: &str, array: &'a ArrayRef) -> Result<Self, BatchError> {
        Self::lists(array)
            .or_else(|| Some(Self { rows: Rows::Single, items: Texts::read(array)? }))
            .ok_or_else(|| wrong(name, array, "list<utf8> or utf8"))
    }

    /// Puts the row's texts into `into`; `false` where the row is null.
    #[inline]
    pub(crate) fn get(&self, row: usize, into: &mut Vec<&'a str>) -> Result<bool, HoldsNull> {
        into.clear();
        let items = match self.rows {
            Rows::Single => {
                into.extend(self.items.get(row));
                return Ok(!into.is_empty());
            }
            Rows::Small(lists) => {
                if lists.is_null(row) {
                    return Ok(false);
                }
                let offsets = lists.value_offsets();
                index(offsets[row])..index(offsets[row + 1])
            }
            Rows::Large(lists) => {
                if lists.is_null(row) {
                    return Ok(false);
                }
                let offsets = lists.value_offsets();
                index(offsets[row])..index(offsets[row + 1])
            }
        };
        for item in items {
            into.push(self.items.get(item).ok_or(HoldsNull)?);
        }
        Ok(true)
    }
}

/// Arrow's offsets are signed and never negative.
fn index<N: TryInto<usize>>(offset: N) -> usize {
    offset.try_into().unwrap_or_default()
}
