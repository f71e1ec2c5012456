//! Who accounts for every call: a complete answer must be the one that the emulator makes, a
//! failure must have the name that its fault deserves, and no generation may be made twice.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use serde_json::Value;

use super::plan::{Call, Expected, Kind, PLACEHOLDER};

/// More faults are counted, but not told one by one.
const MOST_TOLD: usize = 20;

/// What the emulator said beforehand of each question: the answer, and what the question costs.
#[derive(Debug)]
pub(super) struct Promised {
    pub(super) content: String,
    pub(super) question_tokens: u64,
}

/// How the emulator counted one call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) requests: u64,
    pub(super) refused: u64,
    pub(super) generations: u64,
}

impl Tally {
    pub(super) fn read(json: &Value) -> Self {
        let number = |name| json.get(name).and_then(Value::as_u64).unwrap_or_default();
        Self {
            requests: number("requests"),
            refused: number("refused"),
            generations: number("generations"),
        }
    }
}

/// The account of one language's calls.
#[derive(Debug)]
pub(super) struct Judge<'p> {
    promised: &'p [Promised],
    /// Made, and no answer yet.
    open: HashMap<String, Call>,
    /// Answered, and not yet compared with the emulator's count. The flag: it was complete.
    untallied: HashMap<String, (Call, bool)>,
    pub(super) account: Account,
}

/// The numbers that are printed.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) calls: u64,
    pub(super) complete: u64,
    /// By name.
    pub(super) failed: BTreeMap<String, u64>,
    pub(super) retries: u64,
    pub(super) generations: u64,
    pub(super) lost: u64,
    pub(super) silently_cut: u64,
    pub(super) duplicated: u64,
    /// Anything else that is not as it has to be.
    pub(super) otherwise_wrong: u64,
    /// The first of them, in words.
    pub(super) told: Vec<String>,
}

impl Account {
    pub(super) fn is_clean(&self) -> bool {
        self.lost + self.silently_cut + self.duplicated + self.otherwise_wrong == 0
    }

    fn tell(&mut self, key: &str, what: impl FnOnce() -> String) {
        if self.told.len() < MOST_TOLD {
            self.told.push(format!("{key}: {}", what()));
        }
    }
}

impl<'p> Judge<'p> {
    pub(super) fn new(promised: &'p [Promised]) -> Self {
        Self {
            promised,
            open: HashMap::new(),
            untallied: HashMap::new(),
            account: Account::default(),
        }
    }

    /// A call was given to a worker.
    pub(super) fn planned(&mut self, call: Call) {
        self.account.calls += 1;
        self.open.insert(call.key.clone(), call);
    }

    /// A worker wrote what came of a call.
    pub(super) fn answered(&mut self, line: &str) -> Result<()> {
        let json: Value = serde_json::from_str(line)
            .with_context(|| format!("a worker wrote {line:?}, which is no JSON"))?;
        let text = |pointer| json.pointer(pointer).and_then(Value::as_str);
        let key = text("/key").unwrap_or_default();
        let Some(call) = self.open.remove(key) else {
            self.account.otherwise_wrong += 1;
            self.account
                .tell(key, || "was answered, but is not open".to_owned());
            return Ok(());
        };
        let said = text("/text").unwrap_or_default();
        let wanted = self.wanted(&call);
        let complete = json.get("error").is_none_or(Value::is_null);
        if complete {
            self.account.complete += 1;
            let ended = call.kind == Kind::Count || text("/finish") == Some("stop");
            if said != wanted || !ended {
                self.account.silently_cut += 1;
                self.account.tell(key, || {
                    format!("counts as complete, but says {said:?} instead of {wanted:?}")
                });
            }
        } else {
            let kind = text("/error/kind").unwrap_or_default().to_owned();
            let message = text("/error/message").unwrap_or_default();
            if kind.is_empty() || kind == "undefined" || message.is_empty() {
                self.account.otherwise_wrong += 1;
                self.account
                    .tell(key, || format!("failed without a name: {line}"));
            }
            if !wanted.starts_with(said) {
                self.account.otherwise_wrong += 1;
                self.account.tell(key, || {
                    format!("had {said:?} when it failed, which is not how {wanted:?} begins")
                });
            }
            self.compare(&call, &kind, message);
            *self.account.failed.entry(kind).or_default() += 1;
        }
        self.untallied.insert(key.to_owned(), (call, complete));
        Ok(())
    }

    /// A failure has to be the one that was asked for.
    fn compare(&mut self, call: &Call, kind: &str, message: &str) {
        if !matches!(call.expected, Expected::Failed(wanted) if wanted == kind) {
            self.account.otherwise_wrong += 1;
            let (fault, expected) = (&call.fault, call.expected);
            self.account.tell(&call.key, || {
                format!(
                    "failed as {kind} ({message}) with the fault {fault:?}; expected {expected:?}"
                )
            });
        }
    }

    fn wanted(&self, call: &Call) -> String {
        let Some(promised) = self.promised.get(call.question.language) else {
            return String::new();
        };
        match call.kind {
            Kind::Count => promised.question_tokens.to_string(),
            Kind::Whole | Kind::Stream => {
                promised.content.replace(PLACEHOLDER, &call.question.word)
            }
        }
    }

    /// The calls that the emulator has not been asked about.
    pub(super) fn untallied(&self) -> Vec<String> {
        self.untallied.keys().cloned().collect()
    }

    /// What the emulator counted of a call.
    pub(super) fn tallied(&mut self, key: &str, tally: Tally) {
        let Some((call, complete)) = self.untallied.remove(key) else {
            return;
        };
        let Tally {
            requests,
            refused,
            generations,
        } = tally;
        // A token that had expired is refused, and such a refusal uses up a fault that strikes once.
        if complete && call.expected != Expected::Complete && refused == 0 {
            self.account.silently_cut += 1;
            self.account.tell(key, || {
                format!("is complete in spite of its fault: {call:?}")
            });
        }
        self.account.retries += requests.saturating_sub(1);
        self.account.generations += generations;
        let chat = call.kind != Kind::Count;
        // Whatever was not refused may have begun: there must be no other request after it.
        if chat && (generations > 1 || requests > refused + 1) {
            self.account.duplicated += 1;
            self.account
                .tell(key, || format!("may have been generated twice: {tally:?}"));
        }
        let unknown = complete && (requests == 0 || (chat && generations == 0));
        if unknown {
            self.account.otherwise_wrong += 1;
            self.account.tell(key, || {
                format!("is complete, but the emulator knows: {tally:?}")
            });
        }
    }

    /// The worker has ended: what is open now is lost.
    pub(super) fn ended(&mut self) {
        for (key, call) in std::mem::take(&mut self.open) {
            self.account.lost += 1;
            self.account
                .tell(&key, || format!("was never answered: {call:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::plan::{Call, Expected, Kind, PLACEHOLDER, Plan};
    use super::{Account, Judge, Promised, Tally};

    const ONCE: Tally = Tally {
        requests: 1,
        refused: 0,
        generations: 1,
    };

    fn promised() -> Vec<Promised> {
        let content = |quote: &str| format!("{quote}{PLACEHOLDER}; so far.");
        let promise = |quote| Promised {
            content: content(quote),
            question_tokens: 5,
        };
        vec![promise("You asked: "), promise("您的问题是：")]
    }

    fn chat(expected: Expected) -> Call {
        let mut plan = Plan::new("rust", 1);
        let fits = |call: &Call| call.kind != Kind::Count && call.expected == expected;
        std::iter::repeat_with(|| plan.next())
            .find(|call| fits(call))
            .unwrap()
    }

    fn whole(promised: &[Promised], call: &Call) -> String {
        let content = &promised[call.question.language].content;
        content.replace(PLACEHOLDER, &call.question.word)
    }

    /// The account of one call that ended like this and was counted like that.
    fn account(call: &Call, answer: serde_json::Value, tally: Tally) -> Account {
        let promised = promised();
        let mut judge = Judge::new(&promised);
        judge.planned(call.clone());
        if !answer.is_null() {
            judge.answered(&answer.to_string()).unwrap();
            judge.tallied(&call.key, tally);
        }
        judge.ended();
        assert!(judge.untallied().is_empty());
        judge.account
    }

    fn complete(call: &Call, text: &str) -> serde_json::Value {
        json!({"key": call.key, "text": text, "finish": "stop", "error": null})
    }

    fn failed(call: &Call, kind: &str) -> serde_json::Value {
        let text = whole(&promised(), call);
        let some: String = text.chars().take(4).collect();
        json!({"key": call.key, "text": some, "error": {"kind": kind, "message": "words"}})
    }

    #[test]
    fn a_whole_answer_made_once_is_clean() {
        let call = chat(Expected::Complete);
        let text = whole(&promised(), &call);
        let clean = account(&call, complete(&call, &text), ONCE);
        assert!(clean.is_clean(), "{clean:?}");
        assert_eq!((clean.calls, clean.complete, clean.retries), (1, 1, 0));
        let refused_before = Tally {
            requests: 2,
            refused: 1,
            generations: 1,
        };
        let clean = account(&call, complete(&call, &text), refused_before);
        assert!(clean.is_clean() && clean.retries == 1, "{clean:?}");
    }

    #[test]
    fn a_failure_with_its_name_is_clean_and_under_another_name_it_is_not() {
        let call = chat(Expected::Failed("truncated"));
        let clean = account(&call, failed(&call, "truncated"), ONCE);
        assert!(clean.is_clean(), "{clean:?}");
        assert_eq!(clean.failed["truncated"], 1);
        for kind in ["stalled", "undefined", ""] {
            let wrong = account(&call, failed(&call, kind), ONCE);
            assert!(wrong.otherwise_wrong > 0, "{kind}: {wrong:?}");
        }
    }

    #[test]
    fn a_lost_answer_is_found() {
        let call = chat(Expected::Complete);
        assert_eq!(account(&call, json!(null), ONCE).lost, 1);
    }

    #[test]
    fn a_silent_truncation_is_found() {
        let call = chat(Expected::Complete);
        let text = whole(&promised(), &call);
        let cut = account(&call, complete(&call, &text[..text.len() - 1]), ONCE);
        assert_eq!(cut.silently_cut, 1, "{cut:?}");
        let mut unfinished = complete(&call, &text);
        unfinished["finish"] = json!(null);
        assert_eq!(account(&call, unfinished, ONCE).silently_cut, 1);
        let broken = chat(Expected::Failed("truncated"));
        let text = whole(&promised(), &broken);
        let kept_quiet = account(&broken, complete(&broken, &text), ONCE);
        assert_eq!(kept_quiet.silently_cut, 1, "{kept_quiet:?}");
    }

    #[test]
    fn a_duplicate_generation_is_found_even_if_only_possible() {
        let call = chat(Expected::Complete);
        let text = whole(&promised(), &call);
        let twice = Tally {
            requests: 2,
            refused: 0,
            generations: 2,
        };
        assert_eq!(account(&call, complete(&call, &text), twice).duplicated, 1);
        let perhaps = Tally {
            generations: 1,
            ..twice
        };
        assert_eq!(
            account(&call, complete(&call, &text), perhaps).duplicated,
            1
        );
    }

    #[test]
    fn another_calls_answer_and_an_unasked_one_are_found() {
        let call = chat(Expected::Complete);
        let other = whole(&promised(), &call).replace(&call.question.word, "zother");
        assert_eq!(
            account(&call, complete(&call, &other), ONCE).silently_cut,
            1
        );
        let text = whole(&promised(), &call);
        let from_nowhere = account(&call, complete(&call, &text), Tally::default());
        assert_eq!(from_nowhere.otherwise_wrong, 1, "{from_nowhere:?}");
        let promised = promised();
        let mut judge = Judge::new(&promised);
        judge.answered(&complete(&call, &text).to_string()).unwrap();
        assert!(!judge.account.is_clean());
    }
}
