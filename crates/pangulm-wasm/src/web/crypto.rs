//! Web Crypto: digests, and signatures by a key that nobody can read.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use pangulm_core::{Error, ErrorKind};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use super::failure::describe;

/// A secret access key inside Web Crypto: it signs, and no script can read it again.
///
/// It is a [`CryptoKey`], which the browser can keep in IndexedDB: import the secret once, store
/// the key, forget the secret.
///
/// ```no_run
/// # async fn demo(secret: String) -> Result<(), pangulm_wasm::web::Error> {
/// use pangulm_wasm::web::{Client, Options, SigningKey};
///
/// let key = SigningKey::import(&secret).await?;
/// let client = Client::new(Options::default().signing_key("ACCESS-KEY-ID", key))?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SigningKey(CryptoKey);

impl SigningKey {
    /// Hands a secret access key to Web Crypto, not to be exported again.
    ///
    /// # Errors
    /// The secret is empty, or there is no Web Crypto: pages have it on https and on loopback only.
    pub async fn import(secret: &str) -> Result<Self, Error> {
        let secret = secret.trim();
        if secret.is_empty() {
            return Err(Error::invalid("secretAccessKey", "must not be empty"));
        }
        let imported = subtle()?
            .import_key_with_object(
                "raw",
                &Uint8Array::from(secret.as_bytes()),
                &algorithm(),
                false,
                &Array::of1(&"sign".into()),
            )
            .map(JsFuture::from)
            .map_err(refused)?;
        let key = imported.await.map_err(refused)?;
        Ok(Self(key.unchecked_into()))
    }

    /// The key as Web Crypto knows it, to be stored.
    #[must_use]
    pub fn as_crypto_key(&self) -> &CryptoKey {
        &self.0
    }

    /// HMAC-SHA256 of these bytes.
    pub(super) async fn mac(&self, bytes: &[u8]) -> Result<[u8; 32], Error> {
        let signing = subtle()?.sign_with_str_and_js_u8_array("HMAC", &self.0, &bytes.into());
        settled(signing).await
    }
}

/// A key that was stored. Its algorithm is to be HMAC with SHA-256, its usage `sign`.
impl From<CryptoKey> for SigningKey {
    fn from(key: CryptoKey) -> Self {
        Self(key)
    }
}

/// SHA-256 of these bytes.
pub(super) async fn digest(bytes: &[u8]) -> Result<[u8; 32], Error> {
    let digesting = subtle()?.digest_with_str_and_js_u8_array("SHA-256", &bytes.into());
    settled(digesting).await
}

/// `{ name: "HMAC", hash: "SHA-256" }`.
fn algorithm() -> Object {
    let members = Array::of2(
        &Array::of2(&"name".into(), &"HMAC".into()),
        &Array::of2(&"hash".into(), &"SHA-256".into()),
    );
    Object::from_entries(&members).unwrap_or_default()
}

fn subtle() -> Result<SubtleCrypto, Error> {
    let member = |object: JsValue, name: &str| Reflect::get(&object, &name.into()).ok();
    member(js_sys::global().into(), "crypto")
        .and_then(|crypto| member(crypto, "subtle"))
        .filter(JsValue::is_object)
        .map(JsCast::unchecked_into)
        .ok_or_else(|| {
            Error::builder(
                ErrorKind::Credential,
                "there is no Web Crypto here: pages have it on https and on loopback only",
            )
            .build()
        })
}

async fn settled(started: Result<Promise, JsValue>) -> Result<[u8; 32], Error> {
    let buffer = JsFuture::from(started.map_err(refused)?)
        .await
        .map_err(refused)?;
    Uint8Array::new(&buffer)
        .to_vec()
        .try_into()
        .map_err(|_| refused(JsValue::from_str("it did not give 32 bytes")))
}

fn refused(reason: JsValue) -> Error {
    Error::builder(
        ErrorKind::Credential,
        format!("Web Crypto refused: {}", describe(&reason)),
    )
    .build()
}
