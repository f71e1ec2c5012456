//! What a request says about its own signature.

use base64ct::{Base64, Encoding};

use super::{
    received::{Parameter, header, parameter},
    refusal::Refusal,
};
use crate::{obs::dialect::Dialect, verify::ReceivedRequest};

/// Who signed, and how it is written.
pub(super) struct Claim<'a> {
    pub(super) dialect: Dialect,
    pub(super) access_key: &'a str,
    pub(super) signature: [u8; 20],
    /// The `Expires` of a presigned URL, as it stands there.
    pub(super) expires: Option<&'a str>,
}

pub(super) fn read<'a>(
    request: &ReceivedRequest<'a>,
    parameters: &'a [Parameter],
) -> Result<Claim<'a>, Refusal> {
    let authorization = header(request, "authorization")?;
    let signature = parameter(parameters, "Signature")?;
    match (authorization, signature) {
        (None, None) => Err(Refusal::MissingSignature),
        (Some(_), Some(_)) => Err(Refusal::TwoSignatures),
        (Some(authorization), None) => of_header(authorization),
        (None, Some(signature)) => of_url(parameters, signature),
    }
}

/// `OBS <AK>:<signature>`; Base64 has no colon, an access key id may.
fn of_header(authorization: &str) -> Result<Claim<'_>, Refusal> {
    let (scheme, rest) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let dialect = match scheme {
        "OBS" => Dialect::Obs,
        "AWS" => Dialect::AwsV2,
        _ => return Err(Refusal::WrongAlgorithm),
    };
    let (access_key, signature) = rest
        .rsplit_once(':')
        .filter(|(access_key, _)| !access_key.is_empty())
        .ok_or(Refusal::MalformedSignature(
            "<AK>:<signature> must follow the scheme",
        ))?;
    Ok(Claim {
        dialect,
        access_key,
        signature: decode(signature)?,
        expires: None,
    })
}

fn of_url<'a>(parameters: &'a [Parameter], signature: &str) -> Result<Claim<'a>, Refusal> {
    let obs = parameter(parameters, "AccessKeyId")?;
    let aws = parameter(parameters, "AWSAccessKeyId")?;
    let (dialect, access_key) = match (obs, aws) {
        (Some(access_key), None) => (Dialect::Obs, access_key),
        (None, Some(access_key)) => (Dialect::AwsV2, access_key),
        _ => {
            return Err(Refusal::MalformedSignature(
                "one of AccessKeyId and AWSAccessKeyId must go with Signature",
            ));
        }
    };
    let expires = parameter(parameters, "Expires")?.ok_or(Refusal::MalformedSignature(
        "Expires must go with Signature",
    ))?;
    Ok(Claim {
        dialect,
        access_key,
        signature: decode(signature)?,
        expires: Some(expires),
    })
}

fn decode(signature: &str) -> Result<[u8; 20], Refusal> {
    let mut bytes = [0; 20];
    match Base64::decode(signature, &mut bytes) {
        Ok(read) if read.len() == 20 => Ok(bytes),
        _ => Err(Refusal::MalformedSignature(
            "the signature must be the Base64 of 20 bytes",
        )),
    }
}
