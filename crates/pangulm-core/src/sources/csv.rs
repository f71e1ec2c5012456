//! The file `credentials.csv`, as the console hands an access key pair out.

use super::decoded;
use crate::credential::{AccessKey, SigningSecret};
use crate::error::Error;
use crate::secret::Secret;
use crate::settings::check_credential;
use std::iter::Peekable;
use std::str::Chars;
use zeroize::Zeroizing;

const ID: &str = "Access Key Id";
const SECRET: &str = "Secret Access Key";

/// Reads the access key pair out of the text of a `credentials.csv`.
///
/// The columns are found by their names, in any case and order. If neither name is there, the last
/// two columns are the id and the secret, and a first line with another one below it is a heading.
/// A byte order mark, either kind of line end, quotes, and names that are not UTF-8 are all fine.
/// (The names are documented; their order, quoting and the rest are not, see facts: auth.md 4.)
///
/// # Errors
/// A column or a value is missing, there is more than one key, or the text is no such file. The
/// error names line and column and never shows a value.
///
/// ```
/// let file = "\u{feff}User Name,Access Key Id,Secret Access Key\r\n\"盘古\",AKEXAMPLE,SKEXAMPLE\r\n";
/// let pair = pangulm_core::sources::credentials_csv(file.as_bytes())?;
/// assert_eq!(pair.id, "AKEXAMPLE");
/// # Ok::<(), pangulm_core::Error>(())
/// ```
pub fn credentials_csv(file: &[u8]) -> Result<AccessKey, Error> {
    let text = decoded(file).map_err(wrong)?;
    let mut reader = Reader {
        chars: text.chars().peekable(),
        line: 1,
    };
    let first = reader.row()?.ok_or_else(|| wrong("the file is empty"))?;
    let second = reader.row()?;
    let named = [first.column(ID), first.column(SECRET)];
    let (columns, row) = match (named, second) {
        ([Some(id), Some(secret)], Some(row)) => ([id, secret], row),
        ([Some(_), Some(_)], None) => return Err(first.wrong("no line with a key follows")),
        ([None, None], row) => (first.last_two()?, row.unwrap_or(first)),
        ([None, _], _) => return Err(first.wrong(&["there is no column \"", ID, "\""].concat())),
        ([_, None], _) => {
            return Err(first.wrong(&["there is no column \"", SECRET, "\""].concat()));
        }
    };
    if let Some(third) = reader.row()? {
        return Err(third.wrong("a second access key; leave only one in the file"));
    }
    let [id, secret] = columns;
    Ok(AccessKey {
        id: row.value(id, ID)?.to_owned(),
        secret: SigningSecret::Held(Secret::new(row.value(secret, SECRET)?)),
        security_token: None,
    })
}

/// A line that is not empty; a quoted line break makes it several.
struct Row {
    line: usize,
    fields: Vec<Zeroizing<String>>,
}

impl Row {
    fn column(&self, name: &str) -> Option<usize> {
        let is = |field: &Zeroizing<String>| field.eq_ignore_ascii_case(name);
        self.fields.iter().position(is)
    }

    fn last_two(&self) -> Result<[usize; 2], Error> {
        match self.fields.len() {
            count @ 2.. => Ok([count - 2, count - 1]),
            _ => Err(self.wrong("has one column; there must be an access key id and a secret")),
        }
    }

    fn value(&self, column: usize, name: &str) -> Result<&str, Error> {
        let place = format!("column {} ({name})", column + 1);
        let field = self.fields.get(column).map_or("", |field| field.as_str());
        if field.is_empty() {
            return Err(self.wrong(&format!("{place} is empty")));
        }
        match check_credential(name, field) {
            Ok(()) => Ok(field),
            Err(error) => Err(self.wrong(&format!("{place} {}", error.message()))),
        }
    }

    fn wrong(&self, problem: &str) -> Error {
        wrong(&format!("line {}: {problem}", self.line))
    }
}

fn wrong(problem: &str) -> Error {
    Error::invalid("credentials.csv", problem)
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

/// What stands behind a field.
enum End {
    Comma,
    Line,
    File,
}

impl Reader<'_> {
    /// The next row that holds anything.
    fn row(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let mut row = Row {
                line: self.line,
                fields: Vec::new(),
            };
            let last = loop {
                let (field, end) = self.field()?;
                row.fields.push(field);
                if !matches!(end, End::Comma) {
                    break end;
                }
            };
            if row.fields.iter().any(|field| !field.is_empty()) {
                return Ok(Some(row));
            }
            if matches!(last, End::File) {
                return Ok(None);
            }
        }
    }

    fn field(&mut self) -> Result<(Zeroizing<String>, End), Error> {
        // Large enough that no key is ever copied while it grows.
        let mut text = Zeroizing::new(String::with_capacity(256));
        while self
            .chars
            .next_if(|next| matches!(next, ' ' | '\t'))
            .is_some()
        {}
        let quoted = self.chars.next_if_eq(&'"').is_some();
        if quoted {
            self.quoted_into(&mut text)?;
        }
        let end = loop {
            match self.chars.next() {
                None => break End::File,
                Some(',') => break End::Comma,
                Some(end @ ('\r' | '\n')) => {
                    if end == '\r' {
                        self.chars.next_if_eq(&'\n');
                    }
                    self.line += 1;
                    break End::Line;
                }
                Some(' ' | '\t') if quoted => {}
                Some(_) if quoted => return Err(self.wrong("text behind a closing quote")),
                Some(plain) => text.push(plain),
            }
        };
        let kept = text.trim_end().len();
        text.truncate(kept);
        Ok((text, end))
    }

    /// Reads up to the closing quote; two quotes stand for one.
    fn quoted_into(&mut self, text: &mut String) -> Result<(), Error> {
        let opened = self.line;
        while let Some(next) = self.chars.next() {
            if next == '"' && self.chars.next_if_eq(&'"').is_none() {
                return Ok(());
            }
            self.line += usize::from(next == '\n');
            text.push(next);
        }
        self.line = opened;
        Err(self.wrong("a quote is never closed"))
    }

    fn wrong(&self, problem: &str) -> Error {
        wrong(&format!("line {}: {problem}", self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8]) -> Result<(String, String), String> {
        let pair = credentials_csv(file).map_err(|error| error.to_string())?;
        let SigningSecret::Held(secret) = pair.secret else {
            panic!("the secret is in the file");
        };
        Ok((pair.id, secret.expose().to_owned()))
    }

    #[test]
    fn every_form_of_the_consoles_file_is_read() {
        let files: [&[u8]; 11] = [
            b"User Name,Access Key Id,Secret Access Key\nuser,AK1,SK1\n",
            "\u{feff}User Name,Access Key Id,Secret Access Key\r\n\"盘古,团队\",AK1,SK1\r\n"
                .as_bytes(),
            b"User Name,Access Key Id,Secret Access Key\r\n\xc5\xcc\xb9\xc5,AK1,SK1",
            b"\"User Name\",\"Access Key Id\",\"Secret Access Key\"\n\"say \"\"hi\"\"\",\"AK1\",\"SK1\"\n",
            b"secret access key, ACCESS KEY ID ,user name\n SK1 , AK1 ,u\n",
            b"Access Key Id,Secret Access Key\rAK1,SK1\r",
            b"\n\r\nUser Name,Access Key Id,Secret Access Key\n\n,,\nu,AK1,SK1\n\n\n",
            b"User Name,Access Key Id,Secret Access Key\n\"two\nlines\",AK1,SK1\n",
            "用户名,访问密钥,密钥\n盘古,AK1,SK1\n".as_bytes(),
            b"u,AK1,SK1\n",
            b"AK1,SK1",
        ];
        for file in files {
            let expected = Ok(("AK1".to_owned(), "SK1".to_owned()));
            assert_eq!(read(file), expected, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn a_faulty_file_is_refused_by_line_and_column_and_never_by_value() {
        const HEAD: &str = "User Name,Access Key Id,Secret Access Key\r\n";
        let below = |rows: &str| format!("{HEAD}{rows}").into_bytes();
        let cases: [(Vec<u8>, &str); 13] = [
            (vec![], "the file is empty"),
            (b"\xef\xbb\xbf\r\n\r\n".to_vec(), "the file is empty"),
            (below(""), "line 1: no line with a key follows"),
            (
                b"User Name,Access Key Id\nhidden,hidden".to_vec(),
                "line 1: there is no column \"Secret Access Key\"",
            ),
            (
                b"Secret Access Key\nhidden".to_vec(),
                "line 1: there is no column \"Access Key Id\"",
            ),
            (
                below("hidden,hidden"),
                "line 2: column 3 (Secret Access Key) is empty",
            ),
            (
                below("hidden,,hidden"),
                "line 2: column 2 (Access Key Id) is empty",
            ),
            (
                below("\r\nhidden,hid den,hidden"),
                "line 3: column 2 (Access Key Id) cannot be a credential: it holds a space",
            ),
            (
                below("u,hidden,hidden盘"),
                "line 2: column 3 (Secret Access Key) cannot be a credential",
            ),
            (
                below("u,hidden,hidden\r\nv,hidden,hidden\r\n"),
                "line 3: a second access key",
            ),
            (
                below("\"hidden,hidden,hidden\r\n\r\n"),
                "line 2: a quote is never closed",
            ),
            (
                below("\"hidden\"hidden,hidden,hidden"),
                "line 2: text behind a closing quote",
            ),
            (b"hidden\n".to_vec(), "line 1: has one column"),
        ];
        for (file, expected) in cases {
            let refused = read(&file).unwrap_err();
            let expected = format!("credentials.csv: {expected}");
            assert!(refused.starts_with(&expected), "{refused}\nnot {expected}");
            assert!(!refused.contains("hidden"), "{refused}");
        }
    }

    #[test]
    fn a_text_of_two_bytes_a_character_is_refused_with_the_remedy() {
        let utf16: Vec<u8> = "\u{feff}User Name,Access Key Id"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(read(&utf16).unwrap_err().contains("UTF-16"));
    }

    #[test]
    fn no_text_at_all_panics() {
        let pieces = [
            "\"",
            ",",
            "\r",
            "\n",
            "a",
            " ",
            "盘",
            "Access Key Id",
            "\u{feff}",
        ];
        for number in 0..pieces.len().pow(5) {
            let mut rest = number;
            let text: String = (0..5)
                .map(|_| {
                    let piece = pieces[rest % pieces.len()];
                    rest /= pieces.len();
                    piece
                })
                .collect();
            let _ = credentials_csv(text.as_bytes());
        }
    }
}
