//! TLS: who is believed, and who is not.

use std::sync::Arc;

use crate::support::*;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

const ANSWER: &str =
    r#"{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}"#;

/// Serves answers by TLS, under a certificate for `name` by an authority of its own. Returns the
/// address and the authority's certificate in PEM form.
async fn serve(name: &str) -> (String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            // A client that does not believe the certificate hangs up.
            let Ok(mut connection) = acceptor.accept(connection).await else {
                continue;
            };
            let _ = connection.read(&mut [0; 4096]).await;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{ANSWER}", ANSWER.len());
            let _ = connection.write_all(answer.as_bytes()).await;
            let _ = connection.shutdown().await;
        }
    });
    (format!("https://{address}"), authority.pem())
}

#[tokio::test]
async fn a_certificate_is_verified_and_a_root_of_ones_own_can_be_added() {
    let (url, root) = serve("127.0.0.1").await;
    let stranger = by_hand(&url).max_retries(0).build().unwrap();
    let error = stranger.chat().create(hello()).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(error.to_string().contains("certificate"), "{error}");

    let believing = by_hand(&url).root_certificate_pem(root).build().unwrap();
    let answer = believing.chat().create(hello()).await.unwrap();
    assert_eq!(answer.text(), "hi");

    // A good certificate of somebody else's is none.
    let (url, root) = serve("pangu.example.com").await;
    let mistaken = by_hand(&url).root_certificate_pem(root).max_retries(0);
    let error = mistaken
        .build()
        .unwrap()
        .chat()
        .create(hello())
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn a_custom_domain_without_a_fitting_certificate_is_named_as_such_once() {
    let (url, root) = serve("another.example").await;
    let client = pangulm::Client::builder()
        .access_key("AK", "SK")
        .root_certificate_pem(root)
        .timeout(PATIENCE)
        .build()
        .unwrap();
    let bucket = client.obs().custom_domain(&url).unwrap();
    let error = bucket.head("it").await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.attempts(), 1);
    let remedy = error.remedy().unwrap();
    assert!(
        remedy.contains("no certificate that fits its name"),
        "{error}"
    );
}
