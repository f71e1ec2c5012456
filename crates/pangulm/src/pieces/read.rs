//! Reading chunks into types. The engine has checked and taken them apart, so nothing is parsed again
//! but what stands deeper than that.

use pangulm_core::chat_stream::{Chunk, Node, Nodes};
use pangulm_core::scan::Kind;
use pangulm_core::{Error, ErrorKind};
use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

type Json = serde_json::Error;

/// Reads a chunk. What cannot be read is the error that serde_json has for its text.
pub(crate) fn read<T: DeserializeOwned>(chunk: &Chunk<'_>) -> Result<T, Error> {
    T::deserialize(Apart(chunk)).or_else(|_| {
        let json = chunk.to_json();
        serde_json::from_str(&json).map_err(|error| {
            let message = format!("an event cannot be read: {error}");
            let error = Error::builder(ErrorKind::MalformedEvent, message);
            error
                .excerpt_of(json.as_bytes())
                .body(json.as_bytes())
                .build()
        })
    })
}

/// A chunk as serde sees it.
struct Apart<'a, 'de>(&'a Chunk<'de>);

impl<'de> Deserializer<'de> for Apart<'_, 'de> {
    type Error = Json;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Json> {
        visitor.visit_map(Entries::of(self.0.members()))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What is inside an object or an array.
struct Entries<'de> {
    nodes: Nodes<'de>,
    /// The one whose name was asked for last.
    named: Option<Node<'de>>,
}

impl<'de> Entries<'de> {
    fn of(nodes: Nodes<'de>) -> Self {
        Self { nodes, named: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Json;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Json> {
        self.named = self.nodes.next();
        let name = self.named.map(|node| CowStrDeserializer::new(node.name()));
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Json> {
        match self.named {
            Some(node) => seed.deserialize(Value(node)),
            None => Err(serde::de::Error::custom(
                "a value was asked for before its name",
            )),
        }
    }
}

impl<'de> SeqAccess<'de> for Entries<'de> {
    type Error = Json;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Json> {
        let node = self.nodes.next();
        node.map(|node| seed.deserialize(Value(node))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.nodes.clone().count())
    }
}

/// A value of a chunk as serde sees it.
struct Value<'de>(Node<'de>);

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Json;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Json> {
        let value = self.0.value();
        if let Some(children) = self.0.children() {
            let inside = Entries::of(children);
            return match value.kind() {
                Kind::Array => visitor.visit_seq(inside),
                _ => visitor.visit_map(inside),
            };
        }
        match value.raw().as_bytes() {
            [b'"', text @ .., b'"'] if !text.contains(&b'\\') => {
                visitor.visit_borrowed_str(value.raw_string().unwrap_or_default())
            }
            b"null" => visitor.visit_unit(),
            _ => match value.unsigned() {
                Some(number) => visitor.visit_u64(number),
                None => serde_json::Deserializer::from_str(value.raw()).deserialize_any(visitor),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Json> {
        if self.0.value().is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Json> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Json> {
        serde_json::Deserializer::from_str(self.0.value().raw())
            .deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Json> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}
