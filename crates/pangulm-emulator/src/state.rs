//! What all requests share.

use crate::clock::Clock;
use crate::faults::Counts;
use crate::info::Info;
use crate::jobs::Jobs;
use crate::keys::Keys;
use crate::options::Options;
use crate::records::Records;
use crate::schemas::Schemas;
use crate::temporary::TemporaryKeys;
use crate::tokens::Tokens;
use crate::upstream::Upstream;

pub(crate) struct State {
    pub(crate) info: Info,
    pub(crate) options: Options,
    pub(crate) schemas: &'static Schemas,
    pub(crate) upstream: Option<Upstream>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) jobs: Jobs,
    pub(crate) keys: Keys,
    pub(crate) temporary: TemporaryKeys,
    pub(crate) records: Records,
    pub(crate) faults: Counts,
}
