//! No secret shows in any `Debug` or `Display` form, at any moment of any call.

use crate::support::{
    Expect, GENERATION, READ, SECRET_KEY, Script, World, options, with_api_key, with_callback,
    with_drivers_key, with_key_pair, with_password, with_temporary_pair, with_token,
};
use pangulm_core::call::{Arguments, Request, RequestBody};
use pangulm_core::{CallOptions, Input, Options, Settings, Step};
use std::fmt::Debug;

fn hides(what: &impl Debug) {
    for shown in [format!("{what:?}"), format!("{what:#?}")] {
        assert!(!shown.contains("hidden"), "{shown}");
    }
}

/// Plays a call through success, or refusal and failure, and looks at everything on the way.
fn looked_at(world: &World, operation: &str, refused: bool) {
    let traced = CallOptions {
        headers: vec![
            ("cookie", "hidden-cookie"),
            ("proxy-authorization", "hidden-proxy"),
        ],
        ..CallOptions::default()
    };
    let Ok(mut script) = world.try_call(operation, traced) else {
        return;
    };
    let mut step = script.start();
    for _ in 0..20 {
        hides(&step);
        hides(&script.call);
        hides(&world.shared);
        step = match step {
            Step::Token => script.own_token("hidden-own-token", None),
            Step::Mac(text) => script.step(Input::Mac(pangulm_signer::hmac_sha256(
                SECRET_KEY.as_bytes(),
                &text,
            ))),
            Step::Send(request) if request.url.contains("nocatalog") => {
                script.iam_day_token("hidden-iam-token")
            }
            Step::Send(request) if is_exchange(&request) && !refused => script.json(201, KEY),
            Step::Send(request) if refused => refusal(&mut script, &request),
            Step::Send(_) => script.answer(200, &[("set-cookie", "hidden-session")], "{}"),
            Step::Wait { .. } => return,
            end => return assert!(matches!(end, Step::Done(_) | Step::Fail(_)), "{end:?}"),
        };
    }
    panic!("no end");
}

const KEY: &str = r#"{"credential":{"access":"HST1","secret":"hidden-new-secret","securitytoken":"hidden-new-token","expires_at":"2026-01-31T08:15:00.000000Z"}}"#;

/// Whether the engine asks for a temporary key of its own accord.
fn is_exchange(request: &Request) -> bool {
    matches!(request.body, RequestBody::Own(_)) && request.url.ends_with("securitytokens")
}

/// A client that acts by an agency, with temporary keys, for a user with a passcode.
fn with_everything_granted(options: &mut Options) {
    with_password(options);
    for (name, value) in [
        ("userId", "u1"),
        ("passcode", "hidden-passcode"),
        ("agency", "an-agency"),
        ("agencyDomain", "an-account"),
        ("temporarySeconds", "900"),
    ] {
        options.set(name, value).unwrap();
    }
}

fn with_temporary_keys(options: &mut Options) {
    with_key_pair(options);
    options.set("temporarySeconds", "900").unwrap();
}

/// A refusal by a gateway that repeats what it was sent.
fn refusal(script: &mut Script<'_>, request: &Request) -> Step {
    let echo: Vec<&str> = request
        .headers
        .iter()
        .filter(|header| header.is_secret() && !is_the_callers(&header.name))
        .map(|header| header.value.as_str())
        .collect();
    let body = serde_json::json!({"error_code": "APIG.0301", "error_msg": echo.join("|")});
    script.json(401, &body.to_string())
}

/// Headers of the caller's own: the engine cannot know where else their values may stand.
fn is_the_callers(name: &str) -> bool {
    ["cookie", "proxy-authorization", "x-subject-token"].contains(&name)
}

#[test]
fn no_secret_shows_in_any_step_of_any_call() {
    let kinds: [fn(&mut Options); 9] = [
        with_api_key,
        with_token,
        with_callback,
        with_password,
        with_key_pair,
        with_temporary_pair,
        with_drivers_key,
        with_everything_granted,
        with_temporary_keys,
    ];
    for credentials in kinds {
        for operation in [
            GENERATION,
            READ,
            "createChatCompletionV2",
            "listProjects",
            "validateToken",
        ] {
            for refused in [false, true] {
                looked_at(&World::new(credentials), operation, refused);
            }
        }
    }
}

#[test]
fn options_and_settings_hide_what_they_hold() {
    let all = options(|options| {
        with_api_key(options);
        with_password(options);
        with_temporary_pair(options);
        with_everything_granted(options);
    });
    hides(&all);
    hides(&Settings::new(all).unwrap());
}

#[test]
fn a_password_under_way_is_hidden_too() {
    let world = World::new(with_password);
    hides(&world.call(READ).start().sent());
}

#[test]
fn arguments_show_names_and_no_values() {
    let arguments = Arguments {
        parameters: vec![("X-Subject-Token", "hidden-token")],
        body: Some(b"hidden-password"),
        options: CallOptions {
            headers: vec![("x-custom", "hidden-value")],
            ..CallOptions::default()
        },
    };
    hides(&arguments);
    let shown = format!("{arguments:?}");
    for kept in ["X-Subject-Token", "Some(15)", "x-custom"] {
        assert!(shown.contains(kept), "{shown}");
    }
    assert!(!shown.contains("104, 105"), "the body as numbers: {shown}");
}
