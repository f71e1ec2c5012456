//! A limit on retries over all calls of a client, so that an outage is not made worse.

const FULL: u32 = 100;
const RETRY_COSTS: u32 = 5;
const SUCCESS_EARNS: u32 = 1;

/// Tokens that retries spend and successes earn back.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    tokens: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self { tokens: FULL }
    }
}

impl RetryBudget {
    /// Takes the price of one retry, if there is enough left.
    pub(crate) fn spend(&mut self) -> bool {
        let left = self.tokens.checked_sub(RETRY_COSTS);
        self.tokens = left.unwrap_or(self.tokens);
        left.is_some()
    }

    pub(crate) fn earn(&mut self) {
        self.tokens = (self.tokens + SUCCESS_EARNS).min(FULL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_stop_when_the_budget_is_spent_and_successes_fill_it() {
        let mut budget = RetryBudget::default();
        let spent = std::iter::repeat_with(|| budget.spend())
            .take_while(|granted| *granted)
            .count();
        assert_eq!(spent, 20);
        for _ in 0..RETRY_COSTS {
            assert!(!budget.spend());
            budget.earn();
        }
        assert!(budget.spend());
    }
}
