//! Where credentials may already be: in the environment, in a profile file, in the console's
//! `credentials.csv`. Texts come in, credentials go out; the caller reads variables and files.
//!
//! Behind the cargo feature `sources`: a page has neither environment nor files.

mod chain;
mod csv;
mod profile;

pub use chain::{CREDENTIALS_FILE, File, PROFILE_FILE, complete};
pub use csv::credentials_csv;
pub use profile::{Profile, profile};

use zeroize::Zeroizing;

/// A file's text. User names may be in any encoding; what else is read is ASCII in all of them.
fn decoded(file: &[u8]) -> Result<Zeroizing<String>, &'static str> {
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
        return Err("the file is UTF-16 text; save it as UTF-8 or plain text");
    }
    let text = String::from_utf8_lossy(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file));
    Ok(Zeroizing::new(text.into_owned()))
}
