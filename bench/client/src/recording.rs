//! A long answer as a stream: what a service sends of it, event by event.

/// How many events carry text.
pub const EVENTS: usize = 20_000;

const WORDS: [&str; 12] = [
    "长江",
    "发源",
    "于",
    "青藏高原",
    "，",
    "全长",
    "6300",
    "公里",
    "。",
    "\\n",
    "它",
    "的",
];

/// The body of the answer, ended by `[DONE]`.
pub fn body() -> Vec<u8> {
    let mut body = String::new();
    for at in 0..EVENTS {
        body += &event(
            &format!(r#"{{"content":"{}"}}"#, WORDS[at % WORDS.len()]),
            "null",
        );
    }
    body += &event("{}", r#""stop""#);
    body += "data: [DONE]\n\n";
    body.into_bytes()
}

/// How many bytes of text the answer has, to see that nobody is measured doing less.
pub fn text_bytes() -> usize {
    let length = |at: usize| match WORDS[at % WORDS.len()] {
        "\\n" => 1,
        word => word.len(),
    };
    (0..EVENTS).map(length).sum()
}

fn event(delta: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"chat-5f2b9c1d7e3a48069b1c2d3e4f5a6b7c\",\
         \"object\":\"chat.completion.chunk\",\"created\":1740816000,\"model\":\"pangu-nlp-n2\",\
         \"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}]}}\n\n"
    )
}

/// The body in the pieces that it is measured in, by the name of the column.
pub fn pieces(body: &[u8], cut: Cut) -> Vec<&[u8]> {
    match cut {
        Cut::Event => {
            let mut pieces = Vec::new();
            let mut rest = body;
            while let Some(end) = rest.windows(2).position(|pair| pair == b"\n\n") {
                let (event, after) = rest.split_at(end + 2);
                pieces.push(event);
                rest = after;
            }
            pieces
        }
        Cut::Large => body.chunks(16 << 10).collect(),
        Cut::Tiny => body.chunks(7).collect(),
    }
}

#[derive(Clone, Copy)]
pub enum Cut {
    Event,
    Large,
    Tiny,
}

pub const CUTS: [(Cut, &str); 3] = [
    (Cut::Event, "event"),
    (Cut::Large, "16k"),
    (Cut::Tiny, "7b"),
];
