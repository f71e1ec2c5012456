//! docs/errors.md, written out of the description's list of error codes.

use std::fmt::Write as _;

use anyhow::Result;
use pangulm_openapi::{Again, ErrorCode, error_codes};

const HEAD: &str = "# Error codes

Every code that the platform documents, what it means and what to do. Error messages of both languages link here.
What cannot be sent is refused before it is, with the field named, and has no code. An error without a known code
still has its status, its request id and its body.

\"Sent again\" says what the client does by itself. Whatever the code, a 503 was not served and is sent again after a
wait; 408 and other 5xx are, if the operation only reads ([reference](reference/README.md)).
How sure a fact is: `documented` by the platform, `third-party` (seen by others), `inferred`.
";

/// The page, with an anchor a code.
pub(crate) fn page(made: &str) -> Result<String> {
    let mut page = format!("{made}{HEAD}");
    for code in error_codes()? {
        write(&mut page, &code)?;
    }
    Ok(page)
}

fn write(page: &mut String, code: &ErrorCode) -> Result<()> {
    let name = &code.code;
    writeln!(page, "\n## <a id=\"{name}\"></a>{name}\n\n{}\n", code.means)?;
    writeln!(page, "| | |\n|---|---|")?;
    if !code.says.is_empty() {
        writeln!(page, "| the platform says | {} |", code.says)?;
    }
    writeln!(
        page,
        "| what to do | {}{} |",
        code.remedy,
        end(&code.remedy)
    )?;
    writeln!(page, "| sent again | {} |", again(code.again))?;
    if let Some((status, evidence)) = code.status {
        writeln!(page, "| status | {status} ({}) |", evidence.as_str())?;
    }
    let evidence = code.evidence.as_str();
    match code.source.as_str() {
        "" => writeln!(page, "| source | {evidence} |")?,
        source => writeln!(page, "| source | [page]({source}), {evidence} |")?,
    }
    Ok(())
}

fn end(sentence: &str) -> &'static str {
    if sentence.ends_with('?') { "" } else { "." }
}

fn again(again: Again) -> &'static str {
    match again {
        Again::Wait => "yes, after a wait",
        Again::Credential => "once, if the client can get a new token or key, or correct its clock",
        Again::Reads => "if the operation only reads and the status is 5xx, after a wait",
        Again::No => "no",
    }
}
