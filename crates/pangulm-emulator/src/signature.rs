//! Requests signed by access key.

use crate::call::Call;
use crate::reply::Refusal;

pub(crate) fn check(_call: &Call) -> Result<(), Refusal> {
    Err(crate::gateway::iam_refusal("APIGW.0301", "verify aksk signature fail"))
}
