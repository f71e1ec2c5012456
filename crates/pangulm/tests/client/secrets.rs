//! No secret is ever shown.

use std::fmt::Write;
use std::time::Duration;

use crate::support::*;
use crate::traces::Everything;
use pangulm::{Account, Token};

#[tokio::test]
async fn no_secret_is_in_debug_in_errors_or_in_traces() {
    let traced = Everything::default();
    // For all threads: what other tests do meanwhile is looked at too.
    tracing::subscriber::set_global_default(traced.subscriber()).unwrap();
    let running = start();
    let (info, iam) = (&running.info, &running.info.iam);
    let mut shown = String::new();
    let token = "MIIPsecretToken";
    let builders = [
        bare(&running).api_key(&info.api_key),
        bare(&running).api_key("wrong-api-key"),
        bare(&running).token(token),
        bare(&running).token_function(move || async move { Ok(Token::new(token)) }),
        bare(&running).password(&iam.domain, &iam.user, &iam.password),
        bare(&running).password(&iam.domain, &iam.user, "wrong-secret-password"),
        bare(&running).access_key(&info.access_key_id, &info.secret_access_key),
        bare(&running).temporary_access_key(&info.access_key_id, "wrong-sk", "security-token"),
        with_password(&running).passcode(&iam.user_id, "wrong-passcode"),
        with_password(&running)
            .passcode(&iam.user_id, &iam.passcode)
            .agency(&iam.agency, Account::Id(iam.domain_id.clone())),
        bare(&running)
            .access_key(&info.access_key_id, &info.secret_access_key)
            .temporary_keys(Duration::from_secs(900)),
        bare(&running)
            .access_key(&info.access_key_id, "wrong-base-sk")
            .temporary_keys(Duration::from_secs(900)),
    ];
    for builder in builders {
        write!(shown, "{builder:?}").unwrap();
        let client = builder.build().unwrap();
        write!(shown, "{client:?} {:?} {:?}", client.chat(), client.pangu()).unwrap();
        for fault in ["delay=0", "html=502", "drop", "status=400"] {
            let client = faulty(&client, fault);
            let whole = client.chat().create(v1(&running, "hello")).await;
            let stream = client.chat().stream(v1(&running, "hello")).await;
            write!(shown, "{whole:?} {stream:?}").unwrap();
            if let Err(error) = whole {
                write!(shown, "{error} {error:#?}").unwrap();
            }
        }
    }
    write!(shown, "{:?}", Token::new(token)).unwrap();
    let traces = traced.text();
    // Were nothing traced, nothing would have been looked at.
    for part in [
        "span pangulm",
        "operation=\"createChatCompletionV1\"",
        "request_id=",
    ] {
        assert!(traces.contains(part), "{part}: {traces}");
    }
    let secrets = [
        &*info.api_key,
        "wrong-api-key",
        token,
        &*iam.password,
        "wrong-secret-password",
        &*info.secret_access_key,
        "wrong-sk",
        "security-token",
        "wrong-passcode",
        &*iam.passcode,
        "wrong-base-sk",
        // How the emulator's tokens, and the temporary keys' security tokens, begin.
        "MIIemulator",
        "emulator-security-token-",
    ];
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is shown");
        assert!(!traces.contains(secret), "{secret} is traced");
    }
}
