//! Lists that come in pages.

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
    /// The operation's answers do not come in pages, or the size of a page is no number from 1 on.
    pub fn of(operation: &'static Operation, parameters: &[(&str, &str)]) -> Result<Self, Error> {
        let rules = operation.pages.ok_or_else(|| {
            Error::builder(
                ErrorKind::InvalidInput,
                "the answers of this operation do not come in pages",
            )
            .operation(operation.id)
            .build()
        })?;
        let limit = match parameters.iter().find(|(name, _)| *name == rules.limit) {
            None => Some(LIMIT),
            Some((_, limit)) => number(limit).filter(|limit| *limit > 0),
        };
        Ok(Self {
            rules,
            limit: limit
                .ok_or_else(|| Error::invalid(rules.limit, "must be a whole number from 1 on"))?,
            position: match rules.style {
                PageStyle::Page => 1,
                PageStyle::Offset => 0,
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

    /// The value of the parameter `limit` for every page: how many items it may have.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The value of the parameter `position` for the next page; `None` after the last one.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        (!self.over).then_some(self.position)
    }

    /// Notes a page: how many items it had, and how many there are in all if it said so.
    ///
    /// An empty page is the last one, and so is one that is not full or completes the total.
    pub fn advance(&mut self, items: u64, total: Option<u64>) {
        self.seen = self.seen.saturating_add(items);
        self.position = self.position.saturating_add(match self.rules.style {
            PageStyle::Page => 1,
            PageStyle::Offset => items,
        });
        let complete = total.is_some_and(|total| self.seen >= total);
        let not_full = total.is_none() && items < self.limit;
        self.over = items == 0 || complete || not_full;
    }
}
