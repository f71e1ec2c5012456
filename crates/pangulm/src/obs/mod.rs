//! OBS, the object storage: where jobs find their input and leave their result.
//!
//! ```no_run
//! # async fn demo(client: pangulm::Client) -> Result<(), pangulm::Error> {
//! use pangulm::obs::ListOptions;
//!
//! let bucket = client.obs().bucket("pangu-data");
//! bucket.put("train/a.jsonl", "{}\n").await?;
//!
//! let mut objects = bucket.list_with(ListOptions::new().prefix("train/"));
//! while let Some(entry) = objects.next().await {
//!     println!("{}", entry?.key());
//! }
//!
//! let mut download = bucket.get("train/a.jsonl").await?;
//! while let Some(piece) = download.next().await {
//!     print!("{}", String::from_utf8_lossy(&piece?));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Requests are signed with the client's access key pair, in OBS's own way. A client that has none,
//! or that asks for [temporary keys](crate::ClientBuilder::temporary_keys) or acts by an
//! [agency](crate::ClientBuilder::agency), gets temporary keys from IAM and renews them. An API key
//! does not serve here.
//!
//! Reads, writes and deletions are sent again on the same conditions as other calls; a body that is a
//! stream is not. A clock that is wrong is corrected once. What OBS refuses is an [`Error`] with its
//! code (such as `NoSuchKey`), its words and its request id.
//!
//! # Why not a library for it
//!
//! `opendal` was looked at (0.59). Its OBS service drops the port of an endpoint and knows no path
//! style, so that it cannot reach the emulator or a gateway; it takes no security token but from the
//! environment and puts it into presigned URLs under another name than OBS's; it knows no CORS rules;
//! and it brings some twenty crates. The project's signer is held to the official SDKs' vectors
//! already, so what remained were the few requests of this module.

mod body;
mod bucket;
mod call;
mod cors;
mod download;
mod failure;
mod info;
mod keys;
mod list;
mod storage;
mod upload;

pub use body::Body;
pub use bucket::{Bucket, PutOptions, Stored};
pub use cors::CorsRule;
pub use download::Download;
pub use info::ObjectInfo;
pub use list::{Entry, ListOptions, Listing};
pub use upload::UploadOptions;

pub(crate) use storage::Storage;

use crate::driver::Driver;
use pangulm_core::Error;
use storage::Place;

/// The object storage; from [`Client::obs`](crate::Client::obs).
#[derive(Clone, Debug)]
pub struct Obs {
    driver: Driver,
}

impl Obs {
    pub(crate) fn new(driver: Driver) -> Self {
        Self { driver }
    }

    /// A bucket by its name. Whether it is there shows with the first request.
    ///
    /// It is addressed as `https://bucket.endpoint/key`, and as `http://endpoint/bucket/key` where the
    /// endpoint is an IP address or this machine.
    #[must_use]
    pub fn bucket(&self, name: impl Into<String>) -> Bucket {
        Bucket::new(self.driver.clone(), Place::Bucket(name.into()))
    }

    /// A bucket by the custom domain that is bound to it, such as `https://data.example.com`. The
    /// domain needs a certificate of its own: without one, requests fail with an error that says so.
    ///
    /// # Errors
    /// The text is no address, or has a path.
    pub fn custom_domain(&self, address: &str) -> Result<Bucket, Error> {
        let place = self.driver.storage().custom_domain(address)?;
        Ok(Bucket::new(self.driver.clone(), place))
    }
}
