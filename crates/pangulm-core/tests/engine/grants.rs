//! What IAM grants in exchange for another credential: an agency's token, a temporary access key
//! pair. And logging in with a passcode, which serves once.

use crate::support::{
    ACCESS_KEY, Expect, GENERATION, PASSWORD, READ, SECRET_KEY, Script, TOKEN, World, header,
    options, with_callback, with_drivers_key, with_key_pair, with_password, with_token,
};
use pangulm_core::call::{FailureKind, Request, RequestBody};
use pangulm_core::credential::{Account, Agency, Passcode, Temporary};
use pangulm_core::{Input, Operation, Options, Secret, Settings, Step};
use serde_json::{Value, json};

const SECOND_MS: u64 = 1_000;
const TOKENS: &str = "https://iam.example.com/v3/auth/tokens?nocatalog=true";
const KEYS: &str = "https://iam.example.com/v3.0/OS-CREDENTIAL/securitytokens";
const BAD_SIGNATURE: &str = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail"}"#;
const STALE: &str = r#"{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: decrypt token fail"}"#;

fn with_agency(options: &mut Options) {
    options.credentials.agency = Some(Agency {
        name: "an agency".to_owned(),
        account: Account::Name("their \"account\"".to_owned()),
    });
}

fn with_temporary(options: &mut Options) {
    options.credentials.temporary = Some(Temporary::default());
}

fn temporary_by_key(options: &mut Options) {
    with_key_pair(options);
    with_temporary(options);
}

fn with_passcode(options: &mut Options) {
    with_password(options);
    options.credentials.passcode = Some(Passcode {
        user_id: "u1".to_owned(),
        code: Secret::new("hidden-passcode"),
    });
}

fn own_body(request: &Request) -> Value {
    let RequestBody::Own(body) = &request.body else {
        panic!("{:?}", request.body);
    };
    serde_json::from_str(body).unwrap()
}

fn signer_of(request: &Request) -> &str {
    let authorization = header(request, "authorization").unwrap();
    let rest = authorization
        .strip_prefix("SDK-HMAC-SHA256 Access=")
        .unwrap();
    rest.split(',').next().unwrap()
}

impl Script<'_> {
    /// IAM's answer with a pair called `name` that ends as its expiry says.
    fn key_until(&mut self, name: &str, date: &str, expires: &str) -> Step {
        let body = json!({"credential": {
            "access": name, "secret": format!("hidden-secret-of-{name}"),
            "securitytoken": format!("hidden-token-of-{name}"), "expires_at": expires,
        }});
        self.answer(201, &[("date", date)], &body.to_string())
    }

    /// The same with the life of 15 minutes that was asked for.
    fn key(&mut self, name: &str) -> Step {
        self.key_until(
            name,
            "Sat, 31 Jan 2026 08:00:00 GMT",
            "2026-01-31T08:15:00.000000Z",
        )
    }
}

/// A client whose temporary pair was fetched just now, and has signed.
fn with_a_key(name: &str) -> World {
    let world = World::new(temporary_by_key);
    let mut script = world.call(READ);
    script.start().sent();
    script.key(name).sent();
    script.succeed();
    world
}

#[test]
fn a_permanent_pair_buys_a_temporary_one_and_never_signs_itself() {
    let world = World::new(|options| {
        temporary_by_key(options);
        options.domain_id = Some("d-1".to_owned());
    });
    let mut script = world.call(GENERATION);
    let asked = script.start().sent();
    assert_eq!((asked.method, &*asked.url), ("POST", KEYS));
    assert_eq!(signer_of(&asked), ACCESS_KEY);
    assert_eq!(header(&asked, "x-domain-id"), Some("d-1"));
    assert_eq!(header(&asked, "x-project-id"), None);
    let identity = json!({"methods": ["token"], "token": {"duration_seconds": 900}});
    assert_eq!(own_body(&asked), json!({"auth": {"identity": identity}}));
    let sent = script.key("HST1").sent();
    assert_eq!(signer_of(&sent), "HST1");
    assert_eq!(
        header(&sent, "x-security-token"),
        Some("hidden-token-of-HST1")
    );
    assert_eq!(
        script.succeed().attempts,
        1,
        "asking IAM is no attempt of the call"
    );
    assert_eq!(signer_of(&world.call(READ).start().sent()), "HST1");
}

#[test]
fn a_policy_narrows_and_a_duration_is_asked_for() {
    let policy =
        json!({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["obs:*:*"]}]});
    let world = World::new(|options| {
        with_token(options);
        options.credentials.temporary = Some(Temporary {
            duration_seconds: 86_400,
            policy: Some(policy.to_string()),
        });
    });
    let asked = world.call(READ).start().sent();
    assert_eq!(
        header(&asked, "x-auth-token"),
        Some(TOKEN),
        "a token buys one too"
    );
    let identity = json!({
        "methods": ["token"], "token": {"duration_seconds": 86_400}, "policy": policy});
    assert_eq!(own_body(&asked), json!({"auth": {"identity": identity}}));
}

#[test]
fn an_agency_gives_tokens_and_temporary_pairs() {
    let world = World::new(|options| {
        with_key_pair(options);
        with_agency(options);
    });
    let mut script = world.call(READ);
    let asked = script.start().sent();
    assert_eq!((&*asked.url, signer_of(&asked)), (TOKENS, ACCESS_KEY));
    let agency = json!({"agency_name": "an agency", "domain_name": "their \"account\""});
    let identity = json!({"methods": ["assume_role"], "assume_role": agency});
    let scope = json!({"project": {"id": "p1"}});
    assert_eq!(
        own_body(&asked),
        json!({"auth": {"identity": identity, "scope": scope}})
    );
    let sent = script.iam_day_token("agency-token").sent();
    assert_eq!(header(&sent, "x-auth-token"), Some("agency-token"));
    assert_eq!(header(&sent, "authorization"), None);

    let world = World::new(|options| {
        temporary_by_key(options);
        with_agency(options);
        let agency = options.credentials.agency.as_mut().unwrap();
        agency.account = Account::Id("d9".to_owned());
    });
    let asked = world.call(READ).start().sent();
    let agency = json!({"agency_name": "an agency", "domain_id": "d9", "duration_seconds": 900});
    let identity = json!({"methods": ["assume_role"], "assume_role": agency});
    assert_eq!(
        (&*asked.url, own_body(&asked)),
        (KEYS, json!({"auth": {"identity": identity}}))
    );
}

#[test]
fn a_password_buys_an_agencys_token_by_a_token_of_its_own_account() {
    let world = World::new(|options| {
        with_password(options);
        with_agency(options);
    });
    let (mut script, mut other) = (world.call(READ), world.call(READ));
    let login = script.start().sent();
    assert_eq!(
        own_body(&login)["auth"]["scope"],
        json!({"domain": {"name": "account"}})
    );
    assert_eq!(header(&login, "x-auth-token"), None);
    other.start().waits();
    let asked = script.iam_day_token("own-token").sent();
    assert_eq!(header(&asked, "x-auth-token"), Some("own-token"));
    assert_eq!(
        own_body(&asked)["auth"]["identity"]["methods"],
        json!(["assume_role"])
    );
    let sent = script.iam_day_token("agency-token").sent();
    assert_eq!(header(&sent, "x-auth-token"), Some("agency-token"));
    assert_eq!(
        header(&other.woken().sent(), "x-auth-token"),
        Some("agency-token")
    );
}

#[test]
fn a_token_function_serves_the_exchange_and_its_failure_reaches_all_who_wait() {
    let world = World::new(|options| {
        with_callback(options);
        with_temporary(options);
    });
    let (mut script, mut other) = (world.call(READ), world.call(READ));
    assert!(matches!(script.start(), Step::Token));
    other.start().waits();
    let failure = Input::Token(Err("the vault is sealed".to_owned()));
    for error in [script.step(failure).failed(), other.woken().failed()] {
        assert!(error.message().contains("the vault is sealed"), "{error}");
    }
    let mut script = world.call(READ);
    assert!(matches!(script.start(), Step::Token));
    let asked = script.own_token("t1", None).sent();
    assert_eq!(
        (&*asked.url, header(&asked, "x-auth-token")),
        (KEYS, Some("t1"))
    );
    assert_eq!(signer_of(&script.key("HST1").sent()), "HST1");
}

#[test]
fn one_exchange_serves_all_who_wait_and_a_dropped_one_is_handed_over() {
    let world = World::new(temporary_by_key);
    let mut crowd: Vec<_> = (0..64).map(|_| world.call(READ)).collect();
    crowd[0].start().sent();
    for script in &mut crowd[1..] {
        script.start().waits();
    }
    crowd.remove(0);
    let woken = world.woken();
    let mut sent = Vec::new();
    for script in crowd.iter_mut().filter(|it| woken.contains(&it.call.id())) {
        match script.woken() {
            Step::Send(request) => sent.push(request.url),
            step => step.waits(),
        }
    }
    assert_eq!(sent, [KEYS]);
    crowd[0].key("HST1").sent();
    let woken = world.woken();
    for script in crowd[1..]
        .iter_mut()
        .filter(|it| woken.contains(&it.call.id()))
    {
        assert_eq!(signer_of(&script.woken().sent()), "HST1");
    }
    assert_eq!(woken.len(), 62);
}

#[test]
fn a_temporary_pair_is_renewed_early_while_the_others_go_on_with_the_valid_one() {
    let world = with_a_key("HST1");
    world.pass(721 * SECOND_MS);
    let mut renewing = world.call(READ);
    assert_eq!(signer_of(&renewing.start().sent()), ACCESS_KEY);
    assert_eq!(signer_of(&world.call(READ).start().sent()), "HST1");
    assert_eq!(signer_of(&renewing.key("HST2").sent()), "HST2");
    assert_eq!(signer_of(&world.call(READ).start().sent()), "HST2");
}

#[test]
fn a_failed_early_renewal_keeps_the_valid_pair_until_it_ends() {
    let world = with_a_key("HST1");
    world.pass(721 * SECOND_MS);
    let mut renewing = world.call(READ);
    renewing.start().sent();
    assert_eq!(signer_of(&renewing.json(400, "{}").sent()), "HST1");
    renewing.succeed();
    let mut paused = world.call(READ);
    assert_eq!(
        signer_of(&paused.start().sent()),
        "HST1",
        "a pause before the next renewal"
    );
    paused.succeed();
    world.pass(200 * SECOND_MS);
    let mut last = world.call(READ);
    assert_eq!(signer_of(&last.start().sent()), ACCESS_KEY);
    let error = last.json(400, "{}").failed();
    assert_eq!(error.operation(), Some("createTemporaryAccessKey"));
}

#[test]
fn a_pairs_life_is_counted_by_iams_own_clock() {
    let world = World::new(temporary_by_key);
    let mut script = world.call(READ);
    script.start().sent();
    let date = "Mon, 05 May 2031 00:00:00 GMT";
    script
        .key_until("HST1", date, "2031-05-05T00:01:40.000000Z")
        .sent();
    script.succeed();
    world.pass(79 * SECOND_MS);
    assert_eq!(signer_of(&world.call(READ).start().sent()), "HST1");
    world.pass(20 * SECOND_MS);
    assert_eq!(signer_of(&world.call(READ).start().sent()), ACCESS_KEY);
}

#[test]
fn a_refused_temporary_pair_is_replaced_once() {
    let world = with_a_key("HST1");
    let mut script = world.call(READ);
    script.start().sent();
    assert_eq!(script.json(401, STALE).sent().url, KEYS);
    assert_eq!(signer_of(&script.key("HST2").sent()), "HST2");
    let error = script.json(401, STALE).failed();
    assert_eq!((error.attempts(), error.code()), (2, Some("APIGW.0301")));
}

#[test]
fn calls_whose_pair_was_refused_together_wait_for_one_new_pair() {
    let world = World::new(temporary_by_key);
    let (mut first, mut second) = (world.call(READ), world.call(READ));
    first.start().sent();
    second.start().waits();
    first.key("HST1").sent();
    let mut third = world.call(READ);
    second.woken().sent();
    third.start().sent();
    assert_eq!(first.json(401, STALE).sent().url, KEYS);
    second.json(401, STALE).waits();
    first.key("HST2").sent();
    assert_eq!(signer_of(&second.woken().sent()), "HST2");
}

#[test]
fn a_call_that_waits_for_a_new_pair_gives_its_turn_to_sign_to_whoever_fetches_it() {
    let world = with_a_key("HST1");
    world.pass(721 * SECOND_MS);
    let mut first = world.call(READ);
    first.start().sent();
    // From here on signed calls go one at a time again, and it is this one's turn.
    assert_eq!(signer_of(&first.json(401, BAD_SIGNATURE).sent()), "HST1");
    world.pass(200 * SECOND_MS);
    let mut fetching = world.call(READ);
    fetching.start().waits();
    first.json(401, STALE).waits();
    assert_eq!(world.woken(), [fetching.call.id()]);
    assert_eq!(fetching.woken().sent().url, KEYS);
    assert_eq!(signer_of(&fetching.key("HST2").sent()), "HST2");
    assert_eq!(signer_of(&first.woken().sent()), "HST2");
}

#[test]
fn a_wrong_clock_is_corrected_in_the_exchange_and_serves_the_call() {
    let world = World::new(temporary_by_key);
    let mut script = world.call(READ);
    script.start().sent();
    let late = "Sat, 31 Jan 2026 12:00:00 GMT";
    let again = script.answer(401, &[("date", late)], BAD_SIGNATURE).sent();
    assert_eq!(again.url, KEYS);
    assert_eq!(header(&again, "x-sdk-date"), Some("20260131T120000Z"));
    let sent = script
        .key_until("HST1", late, "2026-01-31T12:15:00.000000Z")
        .sent();
    assert_eq!(header(&sent, "x-sdk-date"), Some("20260131T120000Z"));
}

#[test]
fn after_two_refused_exchanges_nothing_is_sent_with_the_permanent_key() {
    let world = World::new(temporary_by_key);
    for _ in 0..2 {
        let mut script = world.call(READ);
        script.start().sent();
        let error = script.json(401, BAD_SIGNATURE).failed();
        assert_eq!(error.operation(), Some("createTemporaryAccessKey"));
    }
    let error = world.call(READ).start().failed();
    assert!(
        error.is_auth() && error.to_string().contains("refused this access key"),
        "{error}"
    );
}

#[test]
fn a_key_that_only_signs_buys_a_temporary_pair_too() {
    let world = World::new(|options| {
        with_drivers_key(options);
        with_temporary(options);
    });
    let mut script = world.call(READ);
    let Step::Mac(text) = script.start() else {
        panic!("the driver holds the key");
    };
    let mac = pangulm_signer::hmac_sha256(SECRET_KEY.as_bytes(), &text);
    let asked = script.step(Input::Mac(mac)).sent();
    assert_eq!((&*asked.url, signer_of(&asked)), (KEYS, ACCESS_KEY));
    assert_eq!(
        signer_of(&script.key("HST1").sent()),
        "HST1",
        "the new secret is held"
    );
}

#[test]
fn an_unusable_answer_of_iams_is_told_as_such_and_never_shown() {
    for answer in [
        "{}",
        "<html>",
        r#"{"credential":{"access":"HST1","secret":"hidden"}}"#,
    ] {
        let world = World::new(temporary_by_key);
        let mut script = world.call(READ);
        script.start().sent();
        let error = script.json(201, answer).failed();
        assert_eq!(error.operation(), Some("createTemporaryAccessKey"));
        assert!(error.message().contains("securitytoken"), "{error}");
        assert!(
            !format!("{error:?} {:?}", error.body()).contains("hidden"),
            "{error}"
        );
    }
}

#[test]
fn iams_passing_failures_are_retried_in_the_exchange() {
    let world = World::new(temporary_by_key);
    let mut script = world.call(READ);
    script.start().sent();
    let step = script.json(503, "");
    let (_, step) = script.sleep(step);
    assert_eq!(step.sent().url, KEYS);
    let step = script.break_off(FailureKind::Broken);
    let (_, step) = script.sleep(step);
    assert_eq!(step.sent().url, KEYS);
    assert_eq!(signer_of(&script.key("HST1").sent()), "HST1");
}

#[test]
fn the_login_with_a_passcode_is_the_documented_one() {
    let world = World::new(with_passcode);
    let body = own_body(&world.call(READ).start().sent());
    let expected = json!({"auth": {
        "identity": {
            "methods": ["password", "totp"],
            "totp": {"user": {"id": "u1", "passcode": "hidden-passcode"}},
            "password": {"user": {
                "name": "user", "password": PASSWORD, "domain": {"name": "account"}}}},
        "scope": {"project": {"id": "p1"}},
    }});
    assert_eq!(body, expected);
}

#[test]
fn a_passcode_is_sent_once() {
    let world = World::new(with_passcode);
    let mut script = world.call(READ);
    script.start().sent();
    let step = script.break_off(FailureKind::NotConnected);
    let (_, step) = script.sleep(step);
    assert_eq!(step.sent().url, TOKENS, "it provably never arrived");
    let sent = script.iam_day_token("t1").sent();
    assert_eq!(header(&sent, "x-auth-token"), Some("t1"));
    script.succeed();
    world.pass(23 * 3_600 * SECOND_MS + SECOND_MS);
    let mut late = world.call(READ);
    let sent = late.start().sent();
    assert_eq!(
        header(&sent, "x-auth-token"),
        Some("t1"),
        "no early renewal, but still valid"
    );
    world.pass(3_600 * SECOND_MS);
    let error = world.call(READ).start().failed();
    assert_eq!(
        (error.field(), error.attempts()),
        (Some("passcode"), 0),
        "{error}"
    );
    assert!(
        error.is_auth() && error.message().contains("token function"),
        "{error}"
    );

    for failure in [None, Some(FailureKind::Broken), Some(FailureKind::TimedOut)] {
        let world = World::new(with_passcode);
        let mut script = world.call(READ);
        script.start().sent();
        let step = match failure {
            Some(kind) => script.break_off(kind),
            None => script.json(503, "{}"),
        };
        step.failed();
        assert_eq!(world.call(READ).start().failed().field(), Some("passcode"));
    }
}

#[test]
fn a_login_refused_with_an_echo_does_not_show_the_password() {
    let world = World::new(with_passcode);
    let mut script = world.call(READ);
    script.start().sent();
    let error = script.json(
        401,
        r#"{"error":{"message":"no hidden-password","code":401}}"#,
    );
    assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
}

#[test]
fn what_cannot_be_granted_is_refused_by_name_before_anything_is_sent() {
    let refused = |change: &dyn Fn(&mut Options)| {
        let error = Settings::new(options(|options| change(options))).unwrap_err();
        error.to_string()
    };
    let set = |name: &'static str, value: &'static str| {
        move |options: &mut Options| {
            with_key_pair(options);
            options.set(name, value).unwrap();
        }
    };
    type Change<'a> = &'a dyn Fn(&mut Options);
    let cases: [(Change<'_>, &str); 8] = [
        (
            &with_temporary,
            "credentials: an agency or temporary keys are asked for with",
        ),
        (
            &set("temporarySeconds", "899"),
            "temporarySeconds: must be from 900 to 86400",
        ),
        (
            &set("temporarySeconds", "86401"),
            "temporarySeconds: must be from 900 to 86400",
        ),
        (
            &set("temporaryPolicy", "[]"),
            "temporaryPolicy: must be a JSON object",
        ),
        (&set("agency", "a"), "agencyDomain: must not be empty"),
        (&set("agencyDomain", "d"), "agency: must not be empty"),
        (&set("passcode", "271828"), "userId: "),
        (
            &|options: &mut Options| {
                with_passcode(options);
                with_token(options);
            },
            "passcode: goes with domain, user and password",
        ),
    ];
    for (change, expected) in cases {
        let refused = refused(change);
        assert!(refused.starts_with(expected), "{refused}\nnot {expected}");
    }
}

#[test]
fn with_grants_an_operation_that_takes_none_of_them_is_refused() {
    let world = World::new(temporary_by_key);
    let v2 = world.try_call(
        "createChatCompletionV2",
        pangulm_core::CallOptions::default(),
    );
    assert!(v2.err().unwrap().is_auth());
    assert!(
        Operation::find("createTemporaryAccessKey")
            .unwrap()
            .idempotent
    );
}
