//! What is asked of IAM in exchange for a credential, checked before it is asked.

use super::check_credential;
use crate::credential::{Account, Credentials, GRANTS, Temporary, TokenSource};
use crate::error::Error;
use crate::scan::{self, Kind};

/// What is asked of IAM must be whole, and there must be something to ask with.
pub(super) fn check_grants(credentials: &Credentials) -> Result<(), Error> {
    if !GRANTS {
        let asked = credentials.agency.is_some() || credentials.temporary.is_some();
        return if asked || credentials.passcode.is_some() {
            let message = "passcodes, agencies and temporary keys need the feature \"signing\"";
            Err(Error::invalid("credentials", message))
        } else {
            Ok(())
        };
    }
    if let Some(passcode) = &credentials.passcode {
        check_credential("userId", &passcode.user_id)?;
        check_credential("passcode", passcode.code.expose())?;
        if !matches!(credentials.token, Some(TokenSource::Password(_))) {
            return Err(Error::invalid(
                "passcode",
                "goes with domain, user and password",
            ));
        }
    }
    if let Some(agency) = &credentials.agency {
        let (Account::Name(account) | Account::Id(account)) = &agency.account;
        for (field, text) in [("agency", &agency.name), ("agencyDomain", account)] {
            if text.is_empty() {
                return Err(Error::invalid(field, "must not be empty"));
            }
        }
    }
    if let Some(Temporary {
        duration_seconds,
        policy,
    }) = &credentials.temporary
    {
        if !(900..=86_400).contains(duration_seconds) {
            return Err(Error::invalid(
                "temporarySeconds",
                "must be from 900 to 86400, 15 minutes to a day",
            ));
        }
        let is_object = |text: &String| scan::parse(text).map(|it| it.kind()) == Some(Kind::Object);
        if !policy.as_ref().is_none_or(is_object) {
            return Err(Error::invalid("temporaryPolicy", "must be a JSON object"));
        }
    }
    if credentials.granted().is_some() && credentials.base().is_none() {
        return Err(Error::invalid(
            "credentials",
            "an agency or temporary keys are asked for with an access key pair, a password or a token: give one of them too",
        ));
    }
    Ok(())
}
