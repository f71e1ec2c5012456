//! How an emulator is started.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Settings of an emulator. The default is a free port, no CORS, no pause between chunks.
///
/// ```
/// use pangulm_emulator::Options;
///
/// let options = Options { cors: true, ..Options::default() };
/// assert_eq!(options.port, 0);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// TCP port on 127.0.0.1; 0 takes any free one. Default: 0.
    pub port: u16,
    /// Whether browsers on other origins may call. Default: no, as on the platform's gateway.
    pub cors: bool,
    /// A directory to serve under `/site/`. Default: none.
    pub site: Option<PathBuf>,
    /// An OpenAI-compatible server that answers chats. Default: none, the built-in answer.
    pub upstream: Option<Upstream>,
    /// How long an IAM token lives. Default: 24 hours.
    pub token_lifetime: Duration,
    /// How many requests a second may go to the models; 0 is no limit. Default: 0.
    pub qps: u32,
    /// The pause before each streamed chunk. Default: none (the binary's default is 25 ms).
    pub pace: Duration,
    /// What the emulator holds from the start, and again after a reset. Default: nothing.
    pub seed: Option<Seed>,
}

/// Content to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// Something of every kind, to look at: jobs, objects, users and groups, a conversation.
    Demo,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            cors: false,
            site: None,
            upstream: None,
            token_lifetime: Duration::from_secs(24 * 60 * 60),
            qps: 0,
            pace: Duration::ZERO,
            seed: None,
        }
    }
}

/// A server that speaks OpenAI's chat completions.
#[derive(Clone)]
pub struct Upstream {
    /// Its base address; chats go to `{url}/chat/completions`.
    pub url: String,
    /// The model to name in its requests.
    pub model: String,
    /// The key for `Authorization: Bearer`, if it wants one.
    pub api_key: Option<String>,
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("url", &self.url)
            .field("model", &self.model)
            .field("api_key", &self.api_key.as_ref().map(|_| "***"))
            .finish()
    }
}
