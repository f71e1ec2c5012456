//! Browsers: other origins, and files.

use pangulm_emulator::{Emulator, Options};
use reqwest::{Method, RequestBuilder};

use crate::platform::{Platform, ask};

fn preflight(platform: &Platform) -> RequestBuilder {
    platform
        .http
        .request(Method::OPTIONS, platform.url(&platform.chat_path()))
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "authorization,x-auth-token,x-emulator-fault",
        )
}

#[tokio::test]
async fn other_origins_are_shut_out_by_default() {
    let platform = Platform::start();
    let chat = platform
        .v1(ask("hi"))
        .header("origin", "http://localhost:3000");
    let refused = preflight(&platform).send().await.unwrap();
    assert!(refused.status().is_client_error());
    for answer in [refused, chat.send().await.unwrap()] {
        let names = answer.headers().keys();
        let cors: Vec<_> = names
            .filter(|name| name.as_str().starts_with("access-control"))
            .collect();
        assert!(cors.is_empty(), "{cors:?}");
    }
}

#[tokio::test]
async fn other_origins_may_call_when_allowed() {
    let platform = Platform::with(Options {
        cors: true,
        ..Options::default()
    });
    let allowed = preflight(&platform).send().await.unwrap();
    assert_eq!(allowed.status(), 204);
    let headers = allowed.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert!(
        headers["access-control-allow-methods"]
            .to_str()
            .unwrap()
            .contains("POST")
    );
    let asked = "authorization,x-auth-token,x-emulator-fault";
    assert_eq!(headers["access-control-allow-headers"], asked);

    let good = platform.v1(ask("hi")).send().await.unwrap();
    let refused = platform
        .http
        .get(platform.url("/v3/projects"))
        .send()
        .await
        .unwrap();
    for answer in [good, refused] {
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        let exposed = answer.headers()["access-control-expose-headers"]
            .to_str()
            .unwrap();
        for name in ["x-subject-token", "x-request-id", "retry-after"] {
            assert!(exposed.contains(name));
        }
    }
}

#[tokio::test]
async fn a_site_is_served_with_the_right_types() {
    let name = format!("pangulm-emulator-site-{}", std::process::id());
    let site = std::env::temp_dir().join(name);
    std::fs::create_dir_all(site.join("deep")).unwrap();
    for name in [
        "index.html",
        "app.js",
        "app.wasm",
        "deep/style.css",
        "deep/index.html",
    ] {
        std::fs::write(site.join(name), name).unwrap();
    }
    let platform = Platform::with(Options {
        site: Some(site.clone()),
        ..Options::default()
    });
    for (path, kind, body) in [
        ("/site/", "text/html", "index.html"),
        ("/site/app.js", "text/javascript", "app.js"),
        ("/site/app.wasm", "application/wasm", "app.wasm"),
        ("/site/deep/style.css", "text/css", "deep/style.css"),
        ("/site/deep/", "text/html", "deep/index.html"),
        ("/site/deep", "text/html", "deep/index.html"),
    ] {
        let answer = platform.http.get(platform.url(path)).send().await.unwrap();
        let actual = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(actual.starts_with(kind), "{path}: {actual}");
        assert_eq!(answer.text().await.unwrap(), body);
    }
    let outside = platform
        .http
        .get(platform.url("/site/%2e%2e/Cargo.toml"))
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), 404);
    std::fs::remove_dir_all(site).unwrap();
}

#[test]
fn a_site_that_is_no_directory_is_an_error() {
    let options = Options {
        site: Some("no/such/directory".into()),
        ..Options::default()
    };
    let error = Emulator::start(options).unwrap_err().to_string();
    assert!(error.contains("no/such/directory"), "{error}");
}
