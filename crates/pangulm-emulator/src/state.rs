//! What all requests share.

use crate::agents::Conversations;
use crate::clock::Clock;
use crate::data::Datasets;
use crate::faults::{Counts, Standing};
use crate::identity;
use crate::info::Info;
use crate::jobs::Jobs;
use crate::keys::Keys;
use crate::obs;
use crate::options::Options;
use crate::qps::Qps;
use crate::records::Records;
use crate::schemas::Schemas;
use crate::tallies::Tallies;
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
    pub(crate) tallies: Tallies,
    pub(crate) standing: Standing,
    pub(crate) qps: Qps,
    pub(crate) conversations: Conversations,
    pub(crate) datasets: Datasets,
    pub(crate) obs: obs::Store,
    pub(crate) identity: identity::Store,
}
