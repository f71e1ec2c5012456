//! However a body is cut, it decodes to the same events.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pangulm_core::sse::Decoder;
use pangulm_fuzz::pieces;

type Event = (Vec<u8>, Vec<u8>, bool);

fuzz_target!(|input: &[u8]| {
    let (whole, pieces) = pieces(input);
    assert_eq!(decode(&[whole]), decode(&pieces));
});

fn decode(pieces: &[&[u8]]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        take(&mut decoder, &mut events);
    }
    decoder.end();
    take(&mut decoder, &mut events);
    events
}

fn take(decoder: &mut Decoder, events: &mut Vec<Event>) {
    while let Some(event) = decoder.next_event() {
        let event = event.expect("no input of the fuzzer is as large as the limit");
        events.push((event.name.to_vec(), event.data.to_vec(), event.cut));
    }
}
