//! What calls are made: a mix that a seed decides, each with what must come of it.

use serde_json::{Value, json};

/// A planned call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Its own, by which the emulator counts.
    pub(super) key: String,
    pub(super) kind: Kind,
    credential: &'static str,
    pub(super) question: Question,
    pub(super) fault: Option<String>,
    timeout: Option<u64>,
    pub(super) expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Stream,
    Count,
}

/// A question that holds a word of its own, which the built-in answer quotes.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) language: usize,
    pub(super) word: String,
}

/// How a call has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Complete,
    /// With an error of this kind.
    Failed(&'static str),
}
use Expected::{Complete, Failed};

/// Stands in a question for its word.
pub(super) const PLACEHOLDER: &str = "placeholder";
/// One in each language of the built-in answer.
pub(super) const QUESTIONS: [&str; 2] = ["What does placeholder mean?", "placeholder 是什么意思？"];

/// A fault and how calls end that meet it; `None` where it does not apply.
struct Fault {
    /// Of a thousand calls, so many meet it.
    share: u64,
    /// The header's text; `N` becomes a small number.
    text: &'static str,
    timeout: Option<u64>,
    whole: Option<Expected>,
    stream: Option<Expected>,
    count: Option<Expected>,
}

const fn fault(share: u64, text: &'static str, ends: [Option<Expected>; 3]) -> Fault {
    let [whole, stream, count] = ends;
    Fault {
        share,
        text,
        timeout: None,
        whole,
        stream,
        count,
    }
}

const HEALED: Option<Expected> = Some(Complete);
const fn fails(kind: &'static str) -> Option<Expected> {
    Some(Failed(kind))
}

/// Every fault of the emulator. What is no generation is sent again and has to succeed.
const FAULTS: &[Fault] = &[
    fault(30, "status=503; times=1", [HEALED, HEALED, HEALED]),
    fault(
        10,
        "status=429; retry-after=1; times=1",
        [HEALED, HEALED, HEALED],
    ),
    fault(
        20,
        "status=500; times=1",
        [fails("service"), fails("service"), HEALED],
    ),
    fault(
        20,
        "html=502; times=1",
        [fails("service"), fails("service"), HEALED],
    ),
    fault(
        30,
        "drop; times=1",
        [fails("connect"), fails("connect"), HEALED],
    ),
    fault(
        30,
        "drop-after=N; times=1",
        [fails("truncated"), fails("truncated"), HEALED],
    ),
    fault(
        30,
        "truncate-after=N",
        [fails("unexpected_answer"), fails("truncated"), None],
    ),
    fault(10, "stall-after=N", [None, fails("stalled"), None]),
    fault(20, "error-after=N", [None, fails("in_stream"), None]),
    fault(
        20,
        "bad-json",
        [
            fails("unexpected_answer"),
            fails("malformed_event"),
            fails("unexpected_answer"),
        ],
    ),
    fault(
        10,
        "not-json",
        [
            fails("unexpected_answer"),
            fails("unexpected_answer"),
            fails("unexpected_answer"),
        ],
    ),
    fault(20, "no-done", [HEALED, HEALED, None]),
    fault(50, "delay=30", [HEALED, HEALED, HEALED]),
    Fault {
        timeout: Some(1_000),
        ..fault(
            5,
            "delay=60000",
            [fails("timeout"), fails("timeout"), fails("timeout")],
        )
    },
];

/// The calls of one language, without end.
#[derive(Debug)]
pub(super) struct Plan {
    language: &'static str,
    random: Random,
    made: u64,
}

impl Plan {
    pub(super) fn new(language: &'static str, seed: u64) -> Self {
        let mixed = language
            .bytes()
            .fold(seed, |mixed, byte| mixed.rotate_left(8) ^ u64::from(byte));
        Self {
            language,
            random: Random(mixed),
            made: 0,
        }
    }

    pub(super) fn next(&mut self) -> Call {
        self.made += 1;
        let kind = match self.random.below(10) {
            0..=2 => Kind::Whole,
            3 => Kind::Count,
            _ => Kind::Stream,
        };
        // Tokens expire, so most calls use one. V2 and with it the API key count no tokens.
        let credential = match (self.random.below(4), kind) {
            (0, Kind::Whole | Kind::Stream) => "apiKey",
            (1, _) => "accessKey",
            _ => "password",
        };
        let question = Question {
            language: usize::from(self.random.below(2) == 0),
            word: letters(self.made),
        };
        let key = format!("{}-{}", self.language, self.made);
        let met = self.meet_fault(kind);
        let (fault, timeout, expected) = met.unwrap_or((None, None, Complete));
        Call {
            key,
            kind,
            credential,
            question,
            fault,
            timeout,
            expected,
        }
    }

    fn meet_fault(&mut self, kind: Kind) -> Option<(Option<String>, Option<u64>, Expected)> {
        let mut drawn = self.random.below(1_000);
        let number = 1 + self.random.below(8);
        let fault = FAULTS.iter().find(|fault| {
            let hit = drawn < fault.share;
            drawn = drawn.saturating_sub(fault.share);
            hit
        })?;
        let expected = match kind {
            Kind::Whole => fault.whole,
            Kind::Stream => fault.stream,
            Kind::Count => fault.count,
        }?;
        let text = fault.text.replace('N', &number.to_string());
        Some((Some(text), fault.timeout, expected))
    }
}

impl Call {
    /// What a worker is told.
    pub(super) fn line(&self) -> Value {
        let fault = self.fault.as_deref().unwrap_or_default();
        json!({
            "key": self.key,
            "client": self.credential,
            "kind": match self.kind {
                Kind::Whole => "whole",
                Kind::Stream => "stream",
                Kind::Count => "count",
            },
            "question": self.question.text(),
            "fault": format!("{fault}; key={}", self.key),
            "timeout": self.timeout,
        })
    }
}

impl Question {
    pub(super) fn text(&self) -> String {
        let template = QUESTIONS.get(self.language).copied().unwrap_or_default();
        template.replace(PLACEHOLDER, &self.word)
    }
}

/// A number as a word: letters alone, so that every question counts as many tokens.
fn letters(mut number: u64) -> String {
    let mut word = String::from("z");
    while number > 0 {
        let letter = u8::try_from(number % 25).unwrap_or_default();
        word.push(char::from(b'a' + letter));
        number /= 25;
    }
    word
}

/// SplitMix64: the same numbers for the same seed, on every machine.
#[derive(Debug)]
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{FAULTS, Kind, Plan};

    fn lines(language: &'static str, seed: u64) -> Vec<String> {
        let mut plan = Plan::new(language, seed);
        (0..2_000).map(|_| plan.next().line().to_string()).collect()
    }

    #[test]
    fn a_seed_makes_the_same_calls_and_another_seed_others() {
        assert_eq!(lines("rust", 7), lines("rust", 7));
        assert_ne!(lines("rust", 7), lines("rust", 8));
        assert_ne!(lines("rust", 7), lines("node", 7));
    }

    #[test]
    fn every_call_has_a_word_of_its_own_and_every_fault_strikes() {
        let mut plan = Plan::new("rust", 1);
        let calls: Vec<_> = (0..20_000).map(|_| plan.next()).collect();
        let words: HashSet<_> = calls
            .iter()
            .map(|call| call.question.word.clone())
            .collect();
        assert_eq!(words.len(), calls.len());
        for fault in FAULTS {
            let name = fault.text.split(['=', ';']).next().unwrap();
            let struck = |kind| {
                let met = |text: &String| text.starts_with(name);
                calls
                    .iter()
                    .any(|call| call.kind == kind && call.fault.as_ref().is_some_and(met))
            };
            assert_eq!(struck(Kind::Stream), fault.stream.is_some(), "{name}");
            assert_eq!(struck(Kind::Whole), fault.whole.is_some(), "{name}");
        }
        let faultless = calls.iter().filter(|call| call.fault.is_none()).count();
        assert!(faultless > calls.len() / 2, "{faultless}");
    }
}
