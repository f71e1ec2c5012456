//! The two names that OBS has for everything: its own and those of AWS.

/// Whose names a signature uses. OBS takes both; the algorithm is the same.
///
/// The official SDKs use [`AwsV2`](Self::AwsV2) for path-style addresses and custom domains, where
/// they cannot ask the service which one it knows, and [`Obs`](Self::Obs) elsewhere. That the
/// public cloud takes `Obs` everywhere is inferred, not documented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `Authorization: OBS ...`, headers `x-obs-*`, `AccessKeyId` in URLs. The default.
    #[default]
    Obs,
    /// `Authorization: AWS ...`, headers `x-amz-*`, `AWSAccessKeyId` in URLs.
    AwsV2,
}

impl Dialect {
    pub(crate) fn scheme(self) -> &'static str {
        match self {
            Self::Obs => "OBS ",
            Self::AwsV2 => "AWS ",
        }
    }

    pub(crate) fn access_key_parameter(self) -> &'static str {
        match self {
            Self::Obs => "AccessKeyId",
            Self::AwsV2 => "AWSAccessKeyId",
        }
    }

    pub(crate) fn date_header(self) -> &'static str {
        match self {
            Self::Obs => "x-obs-date",
            Self::AwsV2 => "x-amz-date",
        }
    }

    /// Whether a header or query parameter has the dialect's prefix, in any case.
    pub(crate) fn owns(self, name: &str) -> bool {
        let prefix = match self {
            Self::Obs => "x-obs-",
            Self::AwsV2 => "x-amz-",
        };
        name.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Obs => Self::AwsV2,
            Self::AwsV2 => Self::Obs,
        }
    }
}
