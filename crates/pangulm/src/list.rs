//! Lists, in pages or whole, as one stream of items.

use std::collections::VecDeque;

use futures_core::Stream;
use futures_util::stream;
use pangulm_core::{Error, Operation, Pages};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::driver::{Driver, Request};

/// A list under way.
struct List {
    driver: Driver,
    operation: &'static Operation,
    parameters: Vec<(String, String)>,
    pages: Pages,
    /// Items of the last page that were not given yet.
    items: VecDeque<Value>,
}

/// The items of a list, page after page, each page when its first item is wanted.
pub(crate) fn list<T: DeserializeOwned>(
    driver: &Driver,
    operation_id: &str,
    parameters: &[(&str, &str)],
) -> Result<impl Stream<Item = Result<T, Error>> + use<T>, Error> {
    let operation = Operation::find(operation_id)?;
    let own = parameters.iter();
    let list = List {
        driver: driver.clone(),
        operation,
        parameters: own
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        pages: Pages::of(operation, parameters)?,
        items: VecDeque::new(),
    };
    Ok(stream::try_unfold(list, |mut list| async move {
        let item = list.next().await?;
        Ok(item.map(|item| (item, list)))
    }))
}

impl List {
    async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        while self.items.is_empty() {
            let Some(next) = self.pages.next() else {
                return Ok(None);
            };
            self.turn(next).await?;
        }
        let item = self.items.pop_front().unwrap_or_default();
        serde_json::from_value(item).map(Some).map_err(|error| {
            let what = format!("an item of the list is not what the operation gives: {error}");
            Error::builder(pangulm_core::ErrorKind::UnexpectedAnswer, what)
                .operation(self.operation.id)
                .build()
        })
    }

    /// Gets the page that these parameters ask for.
    async fn turn(&mut self, next: [(Option<&str>, u64); 2]) -> Result<(), Error> {
        let rules = self.pages.rules();
        let ours = next.into_iter();
        let ours = ours.filter_map(|(name, value)| Some((name?, value.to_string())));
        let ours: Vec<_> = ours.collect();
        let own = self.parameters.iter();
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        let parameters = own
            .filter(|(name, _)| !ours.iter().any(|(taken, _)| taken == name))
            .chain(ours.iter().map(|(name, value)| (*name, value.as_str())))
            .collect();
        let request = Request {
            operation: self.operation,
            parameters,
            body: None,
        };
        let response = self.driver.call(request).await?;
        let mut page: Value = response.json()?;
        let total = rules.total.and_then(|place| page.pointer(place)?.as_u64());
        match page.pointer_mut(rules.items).map(Value::take) {
            Some(Value::Array(items)) => self.items = items.into(),
            _ => return Err(response.undecodable("it holds no list of items")),
        }
        let count = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        self.pages.advance(count, total);
        Ok(())
    }
}
