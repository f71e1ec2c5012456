//! A driver that does nothing by itself: the test hands it every answer and moves the clock.

use pangulm_core::call::{Answer, Arguments, Failure, FailureKind, FreshToken, Request};
use pangulm_core::credential::{AccessKey, Password, SigningSecret, TokenSource};
use pangulm_core::error::Error;
use pangulm_core::shared::CallId;
use pangulm_core::{
    Call, CallOptions, ChatStream, Input, Moment, Operation, Options, Secret, Settings, Shared,
    Step,
};
use std::cell::Cell;
use std::sync::Arc;

pub(crate) const API_KEY: &str = "hidden-api-key";
pub(crate) const TOKEN: &str = "hidden-token";
pub(crate) const PASSWORD: &str = "hidden-password";
pub(crate) const ACCESS_KEY: &str = "AKEXAMPLE";
pub(crate) const SECRET_KEY: &str = "hidden-secret-key";
pub(crate) const SECURITY_TOKEN: &str = "hidden-security-token";

pub(crate) const READ: &str = "countTokens";
pub(crate) const GENERATION: &str = "createChatCompletionV1";
pub(crate) const STREAM: &str = "createChatCompletionV1Stream";

/// 2026-01-31T08:00:00Z.
pub(crate) const MORNING_MS: u64 = 1_769_846_400_000;

/// A client and the clocks it is shown.
pub(crate) struct World {
    pub(crate) shared: Arc<Shared>,
    clock: Cell<Moment>,
}

/// One call of a client.
pub(crate) struct Script<'w> {
    world: &'w World,
    pub(crate) call: Call,
}

/// The options of a client for project `p1` and deployment `d1`, and what `change` makes of them.
pub(crate) fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options {
        endpoint: Some("https://pangu.example.com".to_owned()),
        iam_endpoint: Some("https://iam.example.com".to_owned()),
        project_id: Some("p1".to_owned()),
        deployment: Some("d1".to_owned()),
        ..Options::default()
    };
    change(&mut options);
    options
}

impl World {
    pub(crate) fn new(change: impl FnOnce(&mut Options)) -> Self {
        Self::seeded(7, change)
    }

    pub(crate) fn seeded(seed: u64, change: impl FnOnce(&mut Options)) -> Self {
        let settings = Settings::new(options(change)).unwrap();
        Self {
            shared: Shared::new(settings, seed),
            clock: Cell::new(Moment {
                wall_ms: MORNING_MS,
                steady_ms: 5_000,
            }),
        }
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.get()
    }

    pub(crate) fn pass(&self, milliseconds: u64) {
        let Moment { wall_ms, steady_ms } = self.now();
        self.clock.set(Moment {
            wall_ms: wall_ms + milliseconds,
            steady_ms: steady_ms + milliseconds,
        });
    }

    /// Sets the wall clock alone, as a user or a time server does.
    pub(crate) fn set_wall(&self, wall_ms: u64) {
        self.clock.set(Moment {
            wall_ms,
            ..self.now()
        });
    }

    pub(crate) fn call(&self, operation: &str) -> Script<'_> {
        self.call_with(operation, CallOptions::default())
    }

    pub(crate) fn call_with(&self, operation: &str, options: CallOptions<'_>) -> Script<'_> {
        self.try_call(operation, options).unwrap()
    }

    pub(crate) fn try_call(
        &self,
        operation: &str,
        options: CallOptions<'_>,
    ) -> Result<Script<'_>, Error> {
        let operation = Operation::find(operation).unwrap();
        let arguments = Arguments {
            parameters: parameters(operation),
            body: body(operation),
            options,
        };
        let call = Call::new(&self.shared, operation, arguments)?;
        Ok(Script { world: self, call })
    }

    /// The calls that may go on, in order of their numbers.
    pub(crate) fn woken(&self) -> Vec<CallId> {
        let mut woken = self.shared.take_woken();
        woken.sort_unstable();
        woken
    }
}

fn parameters(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let checked = operation.id == "validateToken";
    checked
        .then_some(("X-Subject-Token", "hidden-subject-token"))
        .into_iter()
        .collect()
}

/// The smallest body that an operation takes.
pub(crate) fn body(operation: &Operation) -> Option<&'static [u8]> {
    match operation.id {
        "createChatCompletionV1" => Some(br#"{"messages":[{"role":"user","content":"hi"}]}"#),
        "createChatCompletionV1Stream" => {
            Some(br#"{"messages":[{"role":"user","content":"hi"}],"stream":true}"#)
        }
        "createChatCompletionV2" => {
            Some(br#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#)
        }
        "createChatCompletionV2Stream" => {
            Some(br#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#)
        }
        "countTokens" => Some(br#"{"data":["hi"]}"#),
        "createToken" => Some(br#"{"auth":{"identity":{"methods":["password"]}}}"#),
        "createWeatherTask" | "createOceanTask" => Some(
            br#"{"name":"n","input":{"type":"obs","data":[{"bucket":"b","path":"in/"}]},
            "output":{"obs":{"bucket":"b","path":"out/"}},
            "config":{"start_time_begin":"2017010100","start_time_end":"2017010200"}}"#,
        ),
        "createScienceTask" => Some(br#"{"data_dirs":{"global-weather":"obs://b/in/"}}"#),
        "createImageVideo" => Some(br#"{"image":"https://example.com/first.png"}"#),
        "createTemporaryAccessKey" => Some(br#"{"auth":{"identity":{"methods":["token"]}}}"#),
        _ => None,
    }
}

impl Script<'_> {
    pub(crate) fn step(&mut self, input: Input) -> Step {
        self.call.step(self.world.now(), input)
    }

    pub(crate) fn start(&mut self) -> Step {
        self.step(Input::Start)
    }

    pub(crate) fn woken(&mut self) -> Step {
        self.step(Input::Woken)
    }

    pub(crate) fn head(&mut self, status: u16, headers: &[(&str, &str)]) -> Step {
        let headers = headers.iter().copied().collect();
        self.step(Input::Head { status, headers })
    }

    /// Hands over a whole answer; the body in the way the engine asks for it.
    pub(crate) fn answer(&mut self, status: u16, headers: &[(&str, &str)], body: &str) -> Step {
        use pangulm_core::call::BodyWanted;
        match self.head(status, headers) {
            Step::ReadBody(BodyWanted::Keep { .. }) => self.step(Input::BodyKept),
            Step::ReadBody(BodyWanted::Bytes { limit }) => {
                let end = body.len().min(limit);
                self.step(Input::Body(body.as_bytes()[..end].to_vec()))
            }
            other => other,
        }
    }

    pub(crate) fn json(&mut self, status: u16, body: &str) -> Step {
        self.answer(status, &[("content-type", "application/json")], body)
    }

    /// A success, with whatever body.
    pub(crate) fn succeed(&mut self) -> Answer {
        self.json(200, "{}").done()
    }

    pub(crate) fn break_off(&mut self, kind: FailureKind) -> Step {
        let message = "told by the transport".to_owned();
        self.step(Input::Failed(Failure { kind, message }))
    }

    /// Sleeps as long as the step says. Returns that time, and what comes next.
    pub(crate) fn sleep(&mut self, step: Step) -> (u64, Step) {
        let Step::Sleep { milliseconds, .. } = step else {
            panic!("expected a sleep, not {step:?}");
        };
        self.world.pass(milliseconds);
        (milliseconds, self.step(Input::Slept))
    }

    /// IAM's answer with a token that lives as long as it says.
    pub(crate) fn iam_token(&mut self, token: &str, issued: &str, expires: &str) -> Step {
        let body = format!(r#"{{"token":{{"expires_at":"{expires}","issued_at":"{issued}"}}}}"#);
        self.answer(201, &[("x-subject-token", token)], &body)
    }

    /// The same with the usual life of a day.
    pub(crate) fn iam_day_token(&mut self, token: &str) -> Step {
        self.iam_token(
            token,
            "2026-01-31T08:00:00.000000Z",
            "2026-02-01T08:00:00.000000Z",
        )
    }

    pub(crate) fn own_token(&mut self, token: &str, lifetime_ms: Option<u64>) -> Step {
        self.step(Input::Token(Ok(FreshToken {
            token: Secret::new(token),
            lifetime_ms,
        })))
    }
}

/// What a step must be.
pub(crate) trait Expect {
    fn sent(self) -> Request;
    fn done(self) -> Answer;
    fn stream(self) -> ChatStream;
    fn failed(self) -> Error;
    fn waits(self);
}

impl Expect for Step {
    fn sent(self) -> Request {
        match self {
            Step::Send(request) => request,
            other => panic!("expected a request, not {other:?}"),
        }
    }

    fn done(self) -> Answer {
        match self {
            Step::Done(answer) => answer,
            other => panic!("expected success, not {other:?}"),
        }
    }

    fn stream(self) -> ChatStream {
        match self {
            Step::Stream(_, stream) => *stream,
            other => panic!("expected a stream, not {other:?}"),
        }
    }

    fn failed(self) -> Error {
        match self {
            Step::Fail(error) => error,
            other => panic!("expected failure, not {other:?}"),
        }
    }

    fn waits(self) {
        assert!(
            matches!(self, Step::Wait { .. }),
            "expected a wait, not {self:?}"
        );
    }
}

/// The value of a request's header; there must not be two.
pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut values = request.headers.iter().filter(|header| header.name == name);
    let value = values.next().map(|header| header.value.as_str());
    assert!(values.next().is_none(), "{name} is sent twice");
    value
}

pub(crate) fn with_api_key(options: &mut Options) {
    options.credentials.api_key = Some(Secret::new(API_KEY));
}

pub(crate) fn with_token(options: &mut Options) {
    options.credentials.token = Some(TokenSource::Static(Secret::new(TOKEN)));
}

pub(crate) fn with_callback(options: &mut Options) {
    options.credentials.token = Some(TokenSource::Callback);
}

pub(crate) fn with_password(options: &mut Options) {
    options.credentials.token = Some(TokenSource::Password(Password {
        domain: "account".to_owned(),
        user: "user".to_owned(),
        password: Secret::new(PASSWORD),
    }));
}

pub(crate) fn with_key_pair(options: &mut Options) {
    options.credentials.access_key = Some(AccessKey {
        id: ACCESS_KEY.to_owned(),
        secret: SigningSecret::Held(Secret::new(SECRET_KEY)),
        security_token: None,
    });
}

pub(crate) fn with_temporary_pair(options: &mut Options) {
    with_key_pair(options);
    let pair = options.credentials.access_key.as_mut().unwrap();
    pair.security_token = Some(Secret::new(SECURITY_TOKEN));
}

pub(crate) fn with_drivers_key(options: &mut Options) {
    with_key_pair(options);
    let pair = options.credentials.access_key.as_mut().unwrap();
    pair.secret = SigningSecret::WithDriver;
}
