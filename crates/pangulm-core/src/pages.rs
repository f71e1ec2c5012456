//! Lists, in pages or whole.

use crate::error::{Error, ErrorKind};
use crate::operation::{Operation, PageRules, PageStyle};
use crate::text::number;

/// How many items a page may have, unless the caller says so.
const LIMIT: u64 = 100;

/// Where to go on in a list. The driver gets the pages and tells how many items each had.
#[derive(Clone, Debug)]
pub struct Pages {
    rules: &'static PageRules,
    limit: u64,
    position: u64,
    seen: u64,
    over: bool,
}

impl Pages {
    /// The pages of a list, from the first one on. How many items a page may have is taken from the
    /// parameters; it is 100 if they do not say.
    ///
    /// # Errors
    /// The operation gives no list, or the size of a page is no number from 1 on.
    pub fn of(operation: &'static Operation, parameters: &[(&str, &str)]) -> Result<Self, Error> {
        let rules = operation.pages.ok_or_else(|| {
            Error::builder(
                ErrorKind::InvalidInput,
                "the answers of this operation are no lists",
            )
            .operation(operation.id)
            .build()
        })?;
        let given = parameters
            .iter()
            .find(|(name, _)| Some(*name) == rules.limit);
        let limit = match given {
            None => LIMIT,
            Some((name, limit)) => number(limit)
                .filter(|limit| *limit > 0)
                .ok_or_else(|| Error::invalid(name, "must be a whole number from 1 on"))?,
        };
        Ok(Self {
            rules,
            limit,
            position: match rules.style {
                PageStyle::Page => 1,
                PageStyle::Offset | PageStyle::Whole => 0,
            },
            seen: 0,
            over: false,
        })
    }

    /// What the description says of the list.
    #[must_use]
    pub fn rules(&self) -> &'static PageRules {
        self.rules
    }

    /// The parameters that ask for the next page: where it begins, and how many items it may have, with
    /// their names as far as the operation has them. `None` after the last page.
    #[must_use]
    pub fn next(&self) -> Option<[(Option<&'static str>, u64); 2]> {
        let rules = self.rules;
        (!self.over).then_some([(rules.position, self.position), (rules.limit, self.limit)])
    }

    /// Notes a page: how many items it had, and how many there are in all if it said so.
    ///
    /// An empty page is the last one, and so is one that is not full or completes the total. A list
    /// that comes whole has but one.
    pub fn advance(&mut self, items: u64, total: Option<u64>) {
        self.seen = self.seen.saturating_add(items);
        self.position = self.position.saturating_add(match self.rules.style {
            PageStyle::Page => 1,
            PageStyle::Offset | PageStyle::Whole => items,
        });
        let complete = total.is_some_and(|total| self.seen >= total);
        let not_full = total.is_none() && items < self.limit;
        let whole = self.rules.style == PageStyle::Whole;
        self.over = whole || items == 0 || complete || not_full;
    }
}
