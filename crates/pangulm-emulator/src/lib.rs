//! Huawei Cloud's Pangu platform on your own machine: a real HTTP server on loopback that plays
//! IAM, the gateway and the models, for demos, tests and fault drills.
//!
//! What it knows of the platform is what is documented or was seen; what is inferred says so where
//! it is written. What it answers by itself is marked as emulated: JSON by the member
//! `"x_emulated": true`, and all of it, streams too, by the header `x-emulated: true`; what an
//! upstream said has the header `x-emulator-upstream` instead. Error codes that begin with
//! `EMULATOR.` are its own, for cases where the platform's code is not known.
//!
//! # Use
//!
//! As a program, `pangulm-emulator --port 8787` prints one line of JSON ([`Info`]) and serves. As a
//! library, in tests:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), pangulm_emulator::Error> {
//! use pangulm_emulator::{Emulator, Options};
//!
//! let running = Emulator::start(Options::default())?;
//! println!("point your client at {}", running.info.url);
//! running.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Flags
//!
//! | flag | meaning | default |
//! |---|---|---|
//! | `--port PORT` | TCP port on 127.0.0.1; 0 takes any free one | 0 |
//! | `--cors` | browsers on other origins may call | off, as on the platform's gateway |
//! | `--site DIR` | serves the files of DIR under `/site/` | none |
//! | `--upstream URL` | an OpenAI-compatible server answers the chats, at `URL/chat/completions`; its key is in `PANGULM_UPSTREAM_API_KEY` | the built-in answer |
//! | `--upstream-model NAME` | the model to ask for there | none |
//! | `--token-lifetime SECONDS` | how long an IAM token lives | 86400 |
//! | `--qps N` | more than N requests a second to the models are refused with `PANGU.3267` | no limit |
//! | `--pace MS` | pause before each streamed chunk; [`Options`] starts from 0 | 25 |
//! | `--seed demo` | begins with [something to look at](#demonstration) | nothing |
//! | `--until-stdin-closes` | stops when stdin ends | off |
//!
//! # Operations
//!
//! | call | credentials |
//! |---|---|
//! | `POST /v1/{project_id}/deployments/{deployment_id}/chat/completions` | `X-Auth-Token`, `X-Apig-AppCode` or a signature |
//! | `POST /api/v2/chat/completions` | `Authorization: Bearer <API key>` only |
//! | `POST /v1/{project_id}/deployments/{deployment_id}/caltokens` | as the V1 chat |
//! | `POST /v1/{project_id}/deployments/{deployment_id}/text/completions` | as the V1 chat |
//! | `POST /v2/{project_id}/pools/{pool_id}/deployments/{deployment_id}/chat/completions`, `…/text/completions` | as the V1 chat |
//! | `POST /pangu/search/v1/vector/query`, `/pangu/search/v1/rerank`, `/app/search/v1/planning` | as the V1 chat |
//! | `POST /v1/{project_id}/agents/{agent_id}/conversations/{conversation_id}`, `…/workflows/{workflow_id}/…`, and both under `agent-run/` | as the V1 chat |
//! | `GET /v1/{project_id}/workspaces/{workspace_id}/data-management/lineages`, `POST …/dataset/permanent-delete` | `X-Auth-Token` or a signature |
//! | `POST /v3/auth/tokens` | name and password in the body, with the passcode or without; by the agency `X-Auth-Token` or a signature |
//! | `POST /v3.0/OS-CREDENTIAL/securitytokens` | `X-Auth-Token`, a signature, or a token in the body |
//! | `GET /v3/auth/tokens`, `GET /v3/projects`; users, groups, permissions, access keys, accounts | `X-Auth-Token` or a signature |
//! | `POST /v1/{project_id}/infer-api/proxy/service/{deployment_id}/…`: models of vision and prediction | as the V1 chat |
//! | `POST` and `GET /v1/{project_id}/infer-api/proxy/service/{deployment_id}/tasks[/{task_id}]`, `…/v2/{scope_id}/tasks[/{task_id}]` | as the V1 chat |
//! | `POST` and `GET /v1/{project_id}/alg-infer/{kind}/service/{deployment_id}/videos[/{video_task_id}]` | as the V1 chat |
//! | `GET …/service/{deployment_id}/v1/items`, `POST …/v1/predictions`, `…/v1/feat-importance`, `…/v1/inference`, `GET …/v1/{infer_task_id}/status` | as the V1 chat |
//!
//! Request bodies are checked against the schemas of the spec; members it does not know are let
//! through. Signatures (SDK-HMAC-SHA256) are verified: 15 minutes of skew, 12 MB of body, and after
//! five failures in a row the key is locked for five minutes.
//!
//! The user's MFA device always shows the passcode `271828`, and the emulator takes it any number of
//! times; the platform takes one once. There is one account, so the agency `emulator-agency` leads
//! from it to itself. Temporary access keys expire; a request signed with one must carry the
//! security token given out with it. They are not locked, and a `policy` is not enforced.
//!
//! # Users and permissions
//!
//! The user and the access key of the info line belong to the account and may do everything. A user
//! that IAM's calls make may do nothing until a group it is in is granted a permission, in the account
//! or in the project: `Tenant Administrator` for models, data and objects, `Security Administrator`
//! for IAM, `Pangu OBSReadOnly` and `Pangu OBSWriteOnly` for objects. The names are documented; which
//! call needs which is the emulator's choice, as are its code `EMULATOR.PERMISSION` (403) and the
//! permissions' ids. Changes count at once and end the tokens of whom they concern; the platform
//! takes up to 30 minutes. A user has at most two access keys. There are at most 1000 users and 100
//! groups.
//!
//! # Objects
//!
//! OBS has one bucket, `emulator-bucket`, at `obsUrl`: `/emulator-bucket/key`, or `/key` with the host
//! `emulator-bucket.localhost`. It takes PUT, GET (with `Range`), HEAD and DELETE of objects, lists,
//! uploads in parts, and the bucket's CORS rules, which alone decide what pages may do there. Requests
//! are signed in OBS's way, in the header or in the URL, with the names of OBS or of AWS (V2). It keeps
//! at most 256 MB, 10000 objects and 1000 unfinished uploads, in memory.
//!
//! # The built-in answer
//!
//! It quotes the last question, in Chinese if that holds Chinese, and says that it is emulated. It
//! costs what [a simple tokeniser](#tokens) counts, and `max_tokens` cuts it. The model and the
//! deployment whose name ends with `-think`, a `model` member that contains `think`, and a request
//! with `"enable_thinking": true`, `"thinking": {"type": "enabled"}` or
//! `"chat_template_kwargs": {"thinking": true}` reason first (`reasoning_content`).
//!
//! If `tools` are given, the first one is called whose name or description shares a word of four
//! letters, or two neighbouring Chinese characters, with the question; with `"tool_choice": "auto"`
//! one is called in any case, with `"none"` never. Text arguments quote the question. When the last
//! message is a tool's result (`role: tool`), the answer quotes that.
//!
//! A text completion answers as a chat does, an agent too, with the question before when the
//! conversation goes on; asked about the weather it sends plugin events. One workflow answers at once,
//! the other asks for a time first and answers when it is run again in the same conversation. What is
//! not documented is made up and says so: the members of `plugin`, all events of a streamed workflow,
//! and the answer to `rerank`, which only shows what arrived. There are three data sets, made one out
//! of the other from `emulator-bucket/rivers`.
//!
//! # Vision and prediction
//!
//! Their models share paths, so each is a deployment of its own; `GET /_emulator/info` lists them by
//! operation. What they answer follows from the request alone: things lie where the bytes of the
//! image put them, series go on with the period that fits best, rows are judged by their numbers.
//!
//! # Jobs
//!
//! Forecasts and videos wait half a second and run for one and a half, on the server's clock, which
//! can be turned. A job fails if nothing is under its input in OBS, or if its request holds the text
//! `emulate-failure`. Forecasts of V1 write one small file to the output they are given, when their
//! end is first told. `video_url` leads to a file without pictures. A finished video is in the state
//! `EMULATED_FINISHED`: the platform's own word is not known. Each model has a deployment of its own;
//! `GET /_emulator/info` lists them. Up to 10,000 jobs are kept.
//!
//! # Demonstration
//!
//! With `--seed demo` there are from the start, and after a reset: the forecasts
//! `demo-forecast-finished`, `demo-forecast-failed` and `demo-forecast-begun` and the video
//! `demo-video-finished`; objects under `rivers/`, `weather/` and `sales/`, to which the lineages of
//! the data sets lead; the user `demo-analyst` with the password `Demo-analyst-1` in the group
//! `demo-readers`, which may read objects, and `demo-engineer` with `Demo-engineer-1` in
//! `demo-builders`, which may use the models; and an agent's conversation
//! `0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d` in which the weather was asked for.
//!
//! # Tokens
//!
//! A Chinese character, a word, a number or a punctuation mark is one token, in usage as in
//! `caltokens`. Real models count differently.
//!
//! # Faults
//!
//! The request header `x-emulator-fault` is a list, separated by `;`. One fault at a time:
//!
//! | fault | what happens |
//! |---|---|
//! | `status=503` | this status with the documented body; `retry-after=SECONDS` and `code=PANGU.3267` may go with it |
//! | `html=502` | an HTML error page |
//! | `not-json` | 200 with a text |
//! | `bad-json` | the answer, or the first event of the stream, cut in half |
//! | `redirect` | 302 to `/elsewhere`, where nothing is |
//! | `drop` | the connection closes before any answer |
//! | `drop-after=N` | the connection is torn down after N events |
//! | `truncate-after=N` | the body ends cleanly after N events |
//! | `stall-after=N` | nothing comes after N events; the connection stays open |
//! | `error-after=N` | a service error as an event after N events, then the end |
//! | `oversized-after=N` | one event of 64 MiB after N events, then the rest |
//! | `no-done` | everything but `[DONE]` |
//! | `finish=REASON` | the answer ends for this reason: `length`, `content_filter` or `insufficient_system_resource` |
//!
//! and with it, or alone: `delay=MS` before the answer (up to 600000), `key=NAME` to find the
//! request in the records, `times=K` to strike only the first K requests with that key. In an answer
//! that is no stream, N counts bytes instead of events, and `error-after`, `oversized-after` and
//! `no-done` do nothing.
//!
//! `POST /_emulator/fault` asks for a fault without a header: it strikes every request that has no
//! such header of its own, until the next call of it or a reset. There `times=K` needs no key, and
//! strikes the first K of these requests.
//!
//! Two faults are states of the emulator: its clock and its limit of requests a second.
//!
//! # Administration
//!
//! | call | what it does |
//! |---|---|
//! | `GET /_emulator/info` | [`Info`], and under `deployments` the deployment id of each operation whose model has one of its own |
//! | `GET /_emulator/videos/ID.mp4` | the file of a video |
//! | `GET /_emulator/requests?key=NAME` | `{"requests": [...]}`: the last 1000 requests, or those with the key, oldest first, without secrets: time, operation, method, path, query, headers, status (null while there is none), and whether the client went away early |
//! | `GET /_emulator/answer?question=TEXT` | `{"content": TEXT, "questionTokens": N}`: what the built-in answer to a question is, and what the question costs |
//! | `POST /_emulator/tallies` `{"keys": [NAME, ...]}` | `{"tallies": {NAME: {"requests": N, "refused": N, "generations": N}}}`: how often each of the last 10000 keys came, how often it was answered with 401, 429 or 503 before anything began, and how often it began an answer of a model |
//! | `POST /_emulator/clock` `{"offsetSeconds": N}` | sets the server's clock N seconds off; it rules skew, expiry, locks and the `Date` header |
//! | `POST /_emulator/qps` `{"limit": N}` | as `--qps N`; 0 is no limit. How the platform counts is not known: here a bucket holds a second's worth and fills evenly. Status 429 is inferred |
//! | `POST /_emulator/fault` `{"fault": "status=503; times=2", "operationId": "createToken"}` | the fault for all requests, or those of one operation; an empty one ends it |
//! | `POST /_emulator/revoke-tokens` | ends all tokens and temporary access keys given out so far |
//! | `POST /_emulator/reset` | forgets the clock's offset, tokens, jobs, locks, records, tallies, faults and their counts, objects, and what IAM's calls have made; the limit is again that of `--qps` |

mod admin;
mod agents;
mod bend;
mod calendar;
mod call;
mod chat;
mod clock;
mod cors;
mod count_tokens;
mod data;
mod error;
mod faults;
mod front;
mod gateway;
mod iam;
mod identity;
mod info;
mod jobs;
mod keys;
mod obs;
mod options;
mod prediction;
mod qps;
mod random;
mod records;
mod reply;
mod routes;
mod schemas;
mod science;
mod search;
mod securitytokens;
mod seed;
mod server;
mod service;
mod signature;
mod state;
mod supply_chain;
mod tallies;
mod temporary;
mod text;
mod tokenizer;
mod tokens;
mod upstream;
mod video;
mod vision;
mod whole;
mod wire;

pub use error::Error;
pub use info::{IamUser, Info};
pub use options::{Options, Seed, Upstream};
pub use server::{Emulator, Running};
