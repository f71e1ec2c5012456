//! By which methods the clients call each operation: the table of operations in README.md, which is kept
//! by hand. What it names is looked for in the sources, so that it can be believed.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use pangulm_openapi::Operation;

use crate::{coverage, step};

/// The cells of an operation's row.
pub(crate) struct Row {
    pub(crate) rust: String,
    pub(crate) javascript: String,
}

/// The table's rows by the ids of their operations.
pub(crate) struct Methods(BTreeMap<String, Row>);

impl Methods {
    /// Reads the table.
    ///
    /// # Errors
    /// It names a method that the sources do not have.
    pub(crate) fn read() -> Result<Self> {
        let root = step::root();
        let methods = Self::of_table(&fs::read_to_string(root.join("README.md"))?);
        let rust = coverage::text_of(&root.join("crates/pangulm/src"))?;
        let javascript = coverage::text_of(&root.join("pkg/src"))?;
        for (id, row) in &methods.0 {
            // Those of generated clients are named after the operations.
            let rust_has = |name: &str| {
                [format!("fn {name}("), format!("fn {name}<")]
                    .iter()
                    .any(|definition| rust.contains(definition))
            };
            for name in called(&row.rust).filter(|it| !row.rust.contains(&format!("iam().{it}"))) {
                if !rust_has(name) {
                    bail!("README.md: {id}: the Rust crate has no method `{name}`");
                }
            }
            for name in called(&row.javascript).filter(|it| it != id) {
                let written = [
                    format!("  {name}("),
                    format!("  async {name}("),
                    format!("  readonly {name}:"),
                ];
                if !written.iter().any(|it| javascript.contains(it)) {
                    bail!("README.md: {id}: the npm package has no method `{name}`");
                }
            }
        }
        Ok(methods)
    }

    fn of_table(markdown: &str) -> Self {
        let rows = markdown.lines().filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let (id, _) = cells.next()?.split_once('`')?;
            let (rust, javascript) = (cells.next()?.to_owned(), cells.next()?.to_owned());
            Some((id.to_owned(), Row { rust, javascript }))
        });
        Self(rows.collect())
    }

    /// The row of an operation; both halves of one that also streams have the same.
    pub(crate) fn of(&self, operation: &Operation) -> Result<&Row> {
        let id = &operation.id;
        let whole = id.strip_suffix("Stream").and_then(|id| self.0.get(id));
        self.0
            .get(id)
            .or(whole)
            .with_context(|| format!("README.md: its table has no row for {id}"))
    }
}

/// The last name of each call in a cell: `complete` of `client.text().complete`.
fn called(cell: &str) -> impl Iterator<Item = &str> {
    let code = cell.split('`').skip(1).step_by(2);
    let calls = code.filter(|code| code.starts_with("client.") || code.starts_with('.'));
    calls.filter_map(|code| {
        let name = code.trim_end_matches("()").rsplit('.').next()?;
        let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
        is_name.then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::{Methods, called};

    #[test]
    fn a_cell_names_the_methods_that_are_called() {
        let names = |cell| called(cell).collect::<Vec<_>>();
        assert_eq!(
            names("`client.chat().create`, `.stream`"),
            ["create", "stream"]
        );
        assert_eq!(names("`client.vision().detect_n2()`"), ["detect_n2"]);
        assert_eq!(names("`client.request(\"a\", …)`; by itself"), [""; 0]);
        assert_eq!(names("the same with `older_path`"), [""; 0]);
    }

    #[test]
    fn rows_are_read_with_what_is_said_beside_the_id() {
        let table =
            "| operation | Rust | JavaScript |\n|---|---|---|\n| `a` \\* | `r` | `j` | yes |\n";
        let methods = Methods::of_table(table);
        let row = methods.0.get("a").unwrap();
        assert_eq!((row.rust.as_str(), row.javascript.as_str()), ("`r`", "`j`"));
        assert_eq!(methods.0.len(), 1);
    }
}
