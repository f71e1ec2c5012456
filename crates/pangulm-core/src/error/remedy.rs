//! What to do about an error, by the platform's code table (facts: inference.md 11.2).

const BY_CODE: [(&str, &str); 20] = [
    ("APIG.0301", AUTH),
    ("APIGW.0301", AUTH),
    (
        "PANGU.0010",
        "Compare the parameters with the API reference",
    ),
    ("PANGU.0011", AUTH),
    (
        "PANGU.0012",
        "Give the client an API key, an IAM token or an access key pair",
    ),
    (
        "PANGU.0031",
        "This is a fault inside the platform: contact its support with the request id",
    ),
    (
        "PANGU.3254",
        "Check project id and deployment id, and that the service is running",
    ),
    (
        "PANGU.3259",
        "Check in the console that the deployment is running",
    ),
    (
        "PANGU.3267",
        "Lower the request rate; the client retries such refusals by itself a few times",
    ),
    ("PANGU.3278", "Check for a missing or misspelt parameter"),
    (
        "PANGU.3306",
        "This deployment serves another kind of model: check the deployment id",
    ),
    (
        "PANGU.3307",
        "Open this API for your account in the console first",
    ),
    (
        "PANGU.3308",
        "This deployment does not serve this API: check the deployment id",
    ),
    ("PANGU.3315", "Your account may not use this model instance"),
    ("PANGU.3317", "Choose a max_tokens inside the model's range"),
    (
        "PANGU.3318",
        "Shorten or complete the messages: their total length is out of range",
    ),
    ("PANGU.3320", "Without streaming, n may be 1 or 2"),
    ("PANGU.3321", "With streaming, n must be 1"),
    (
        "PANGU.3342",
        "See the details in the body; a forced tool_choice is one known cause",
    ),
    (
        "PANGU.0001",
        "Contact the platform's support with the request id",
    ),
];

const AUTH: &str =
    "Check the credential: is it complete, not expired, and of the right project and region?";

/// The remedy for a code, else for a status.
pub(super) fn remedy(code: Option<&str>, status: Option<u16>) -> Option<&'static str> {
    let by_code = BY_CODE
        .iter()
        .find(|(known, _)| Some(*known) == code)
        .map(|(_, remedy)| *remedy);
    by_code.or(match status? {
        401 => Some(AUTH),
        403 => Some("The credential is known but may not do this: check its permissions"),
        404 => Some("Check the endpoint, the project id and the deployment id"),
        413 => Some("Send a smaller body"),
        429 => Some("Lower the request rate"),
        _ => None,
    })
}
