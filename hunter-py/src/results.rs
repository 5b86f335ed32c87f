//! Answers as Python objects: a serde serializer that gives each structure the class of its name.

use std::collections::HashMap;

use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyMappingProxy, PyString, PyTuple, PyType};
use serde::Serialize;
use serde::ser::{
    self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer as _,
};

use crate::errors;

/// A class of `hunter_leads.results`.
struct Class {
    class: Py<PyType>,
    fields: Vec<String>,
}

/// The classes by the names of the core's structures.
fn classes(py: Python<'_>) -> PyResult<&'static HashMap<String, Class>> {
    static CLASSES: PyOnceLock<HashMap<String, Class>> = PyOnceLock::new();
    CLASSES.get_or_try_init(py, || {
        let table = py.import("hunter_leads.results")?.getattr("BY_CORE_NAME")?;
        let table: HashMap<String, Bound<'_, PyType>> = table.extract()?;
        table
            .into_iter()
            .map(|(name, class)| {
                let fields = class.getattr("_fields")?.extract()?;
                Ok((name, Class { class: class.unbind(), fields }))
            })
            .collect()
    })
}

/// A serializer into Python objects. Structures become results, lists tuples, maps read-only
/// mappings; an answer with one field becomes the value of that field.
#[derive(Clone, Copy)]
pub(crate) struct ToPython<'py>(pub(crate) Python<'py>);

type Object<'py> = Bound<'py, PyAny>;

/// What Python said while an object was made.
#[derive(Debug)]
pub(crate) struct Fault(PyErr);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(pyo3::exceptions::PyRuntimeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        fault.0
    }
}

/// An answer of the core as a Python object, or its error as an exception.
pub(crate) fn answer<A: Serialize>(
    py: Python<'_>,
    answer: Result<A, hunter_core::Error>,
) -> PyResult<Object<'_>> {
    let answer = answer.map_err(|error| errors::raised(py, &error))?;
    Ok(answer.serialize(ToPython(py))?)
}

impl<'py> ToPython<'py> {
    fn object<T: IntoPyObject<'py>>(self, value: T) -> Result<Object<'py>, Fault> {
        Ok(value.into_bound_py_any(self.0)?)
    }
}

macro_rules! plain {
    ( $( $method:ident($type:ty) )+ ) => { $(
        fn $method(self, value: $type) -> Result<Self::Ok, Fault> {
            self.object(value)
        }
    )+ };
}

impl<'py> ser::Serializer for ToPython<'py> {
    type Ok = Object<'py>;
    type Error = Fault;
    type SerializeSeq = List<'py>;
    type SerializeTuple = List<'py>;
    type SerializeTupleStruct = Impossible<Object<'py>, Fault>;
    type SerializeTupleVariant = Impossible<Object<'py>, Fault>;
    type SerializeMap = Map<'py>;
    type SerializeStruct = Fields<'py>;
    type SerializeStructVariant = Impossible<Object<'py>, Fault>;

    plain! {
        serialize_bool(bool)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_f32(f32) serialize_f64(f64)
        serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
    }

    fn serialize_none(self) -> Result<Self::Ok, Fault> {
        Ok(self.0.None().into_bound(self.0))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Self::Ok, Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Self::Ok, Fault> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Self::Ok, Fault> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Self::Ok, Fault> {
        Ok(PyString::intern(self.0, variant).into_any())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Self::Ok, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        _value: &T,
    ) -> Result<Self::Ok, Fault> {
        Err(no_form(name, variant))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'py>, Fault> {
        Ok(List { to: self, items: Vec::with_capacity(length.unwrap_or_default()) })
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'py>, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, Fault> {
        Err(no_form(name, "a tuple"))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Fault> {
        Err(no_form(name, variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Map<'py>, Fault> {
        Ok(Map { to: self, entries: PyDict::new(self.0), key: None })
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Fields<'py>, Fault> {
        let class = classes(self.0)?.get(name);
        if class.is_none() && length != 1 {
            return Err(no_form(name, "a structure"));
        }
        let values = Vec::with_capacity(class.map_or(1, |class| class.fields.len()));
        Ok(Fields { to: self, name, class, values })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Fault> {
        Err(no_form(name, variant))
    }
}

fn no_form(name: &str, part: &str) -> Fault {
    ser::Error::custom(format_args!("hunter_leads.results has no class for {name} ({part})"))
}

/// A list on its way to a tuple.
pub(crate) struct List<'py> {
    to: ToPython<'py>,
    items: Vec<Object<'py>>,
}

impl<'py> List<'py> {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.items.push(value.serialize(self.to)?);
        Ok(())
    }

    fn tuple(self) -> Result<Object<'py>, Fault> {
        Ok(PyTuple::new(self.to.0, self.items)?.into_any())
    }
}

impl<'py> SerializeSeq for List<'py> {
    type Ok = Object<'py>;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.add(value)
    }

    fn end(self) -> Result<Object<'py>, Fault> {
        self.tuple()
    }
}

impl<'py> SerializeTuple for List<'py> {
    type Ok = Object<'py>;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.add(value)
    }

    fn end(self) -> Result<Object<'py>, Fault> {
        self.tuple()
    }
}

/// Entries on their way to a read-only mapping.
pub(crate) struct Map<'py> {
    to: ToPython<'py>,
    entries: Bound<'py, PyDict>,
    key: Option<Object<'py>>,
}

impl<'py> SerializeMap for Map<'py> {
    type Ok = Object<'py>;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.key = Some(key.serialize(self.to)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = self.key.take().ok_or_else(|| no_form("a map", "a value without a key"))?;
        Ok(self.entries.set_item(key, value.serialize(self.to)?)?)
    }

    fn end(self) -> Result<Object<'py>, Fault> {
        Ok(PyMappingProxy::new(self.to.0, self.entries.as_mapping()).into_any())
    }
}

/// Fields on their way to a result.
pub(crate) struct Fields<'py> {
    to: ToPython<'py>,
    name: &'static str,
    class: Option<&'static Class>,
    values: Vec<Object<'py>>,
}

impl<'py> SerializeStruct for Fields<'py> {
    type Ok = Object<'py>;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        if let Some(class) = self.class {
            // A field that the core leaves out stands as None.
            let nth = class.fields[self.values.len()..].iter().position(|field| field == key);
            let left_out = nth.ok_or_else(|| no_form(self.name, key))?;
            for _ in 0..left_out {
                self.values.push(self.to.serialize_none()?);
            }
        }
        self.values.push(value.serialize(self.to)?);
        Ok(())
    }

    fn end(mut self) -> Result<Object<'py>, Fault> {
        let Some(class) = self.class else {
            return self.values.pop().ok_or_else(|| no_form(self.name, "nothing"));
        };
        while self.values.len() < class.fields.len() {
            self.values.push(self.to.serialize_none()?);
        }
        let values = PyTuple::new(self.to.0, self.values)?;
        Ok(class.class.bind(self.to.0).call1((values,))?)
    }
}
