//! Which pages may call a bucket.

use base64ct::{Base64, Encoding};
use md5::{Digest, Md5};
use pangulm_core::Error;
use quick_xml::escape::escape;
use reqwest::Method;
use serde::Deserialize;

use super::bucket::Bucket;
use super::call::Ask;

/// A rule of a bucket that lets pages of some origins call it.
///
/// [`CorsRule::for_origin`] is what the official browser SDK recommends. Without a rule, browsers
/// keep pages from reading what OBS answers.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct CorsRule {
    /// A name for the rule.
    #[serde(rename = "ID")]
    pub id: Option<String>,
    /// Origins, such as `https://page.example`; one `*` stands for anything.
    #[serde(rename = "AllowedOrigin")]
    pub origins: Vec<String>,
    /// HTTP methods.
    #[serde(rename = "AllowedMethod")]
    pub methods: Vec<String>,
    /// Headers that pages may send; one `*` stands for anything.
    #[serde(rename = "AllowedHeader")]
    pub headers: Vec<String>,
    /// Headers that pages may read. Uploads in parts need `ETag`.
    #[serde(rename = "ExposeHeader")]
    pub exposed: Vec<String>,
    /// How long a browser may remember the rule, in seconds.
    pub max_age_seconds: Option<u64>,
}

impl CorsRule {
    /// Lets pages of this origin (`*`: of any) do everything with objects, and read what the npm
    /// package needs.
    #[must_use]
    pub fn for_origin(origin: impl Into<String>) -> Self {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            id: None,
            origins: vec![origin.into()],
            methods: list(&["PUT", "GET", "POST", "DELETE", "HEAD"]),
            headers: list(&["*"]),
            exposed: list(&[
                "ETag",
                "x-obs-request-id",
                "Content-Type",
                "Content-Length",
                "Content-Range",
                "Last-Modified",
            ]),
            max_age_seconds: Some(600),
        }
    }

    fn write(&self) -> String {
        let mut xml = String::from("<CORSRule>");
        let mut add = |name: &str, value: &str| {
            xml += &format!("<{name}>{}</{name}>", escape(value));
        };
        self.id.iter().for_each(|id| add("ID", id));
        for (name, values) in [
            ("AllowedMethod", &self.methods),
            ("AllowedOrigin", &self.origins),
            ("AllowedHeader", &self.headers),
        ] {
            values.iter().for_each(|value| add(name, value));
        }
        if let Some(seconds) = self.max_age_seconds {
            add("MaxAgeSeconds", &seconds.to_string());
        }
        self.exposed
            .iter()
            .for_each(|value| add("ExposeHeader", value));
        xml + "</CORSRule>"
    }
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default, rename = "CORSRule")]
    rules: Vec<CorsRule>,
}

impl Bucket {
    /// The bucket's rules for pages; none if there are none.
    ///
    /// # Errors
    /// The call failed.
    pub async fn cors(&self) -> Result<Vec<CorsRule>, Error> {
        let ask = Ask::new("obs.getCors", Method::GET, None).query("cors", None);
        match self.call(ask).await {
            Ok(answer) => {
                let configuration: Configuration = answer.xml(1 << 20).await?;
                Ok(configuration.rules)
            }
            Err(error) if error.code() == Some("NoSuchCORSConfiguration") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Replaces the bucket's rules for pages.
    ///
    /// # Errors
    /// There is no rule (delete them instead), or the call failed.
    ///
    /// ```no_run
    /// # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
    /// use pangulm::obs::CorsRule;
    ///
    /// let rule = CorsRule::for_origin("https://page.example");
    /// client.obs().bucket("pangu-data").set_cors(&[rule]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_cors(&self, rules: &[CorsRule]) -> Result<(), Error> {
        if rules.is_empty() {
            return Err(Error::invalid(
                "rules",
                "must not be empty: use delete_cors",
            ));
        }
        let rules: String = rules.iter().map(CorsRule::write).collect();
        let body = format!("<CORSConfiguration>{rules}</CORSConfiguration>");
        let digest = Md5::digest(body.as_bytes());
        let ask = Ask::new("obs.setCors", Method::PUT, None)
            .query("cors", None)
            .header("content-type", "application/xml")
            .header("content-md5", Base64::encode_string(&digest))
            .body(body);
        self.call(ask).await.map(drop)
    }

    /// Deletes the bucket's rules for pages.
    ///
    /// # Errors
    /// The call failed.
    pub async fn delete_cors(&self) -> Result<(), Error> {
        let ask = Ask::new("obs.deleteCors", Method::DELETE, None).query("cors", None);
        self.call(ask).await.map(drop)
    }
}
