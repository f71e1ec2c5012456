//! Writes the operation table out of the OpenAPI description, in two parts.

use pangulm_openapi::{
    Check, Endpoint, EventStream, Location, Operation, ResponseKind, Scheme, documents, error_codes,
};
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// What a page has from the first: chats, counting tokens, and what tokens and keys are got with. The
/// others are loaded when one of them is called; see `src/operation.rs`.
const FIRST: [&str; 9] = [
    "createChatCompletionV1",
    "createChatCompletionV1Stream",
    "createChatCompletionV2",
    "createChatCompletionV2Stream",
    "createPoolChatCompletion",
    "createPoolChatCompletionStream",
    "countTokens",
    "createToken",
    "createTemporaryAccessKey",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut first = String::from("static FIRST: &[Operation] = &[\n");
    let mut rest = String::from("static REST: &[Operation] = &[\n");
    let mut rules = RuleLists::default();
    for document in documents()? {
        for operation in document.operations()? {
            let part = if FIRST.contains(&operation.id.as_str()) {
                &mut first
            } else {
                &mut rest
            };
            let rules = rules.of(&operation);
            write_operation(part, &operation, &rules)?;
        }
    }
    let mut table = format!("{first}];\n{rest}];\n");
    for (number, list) in rules.lists.iter().enumerate() {
        writeln!(table, "static RULES_{number}: &[Rule] = &[{list}];")?;
    }
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let out = PathBuf::from(out);
    std::fs::write(out.join("operations.rs"), table)?;
    let codes = error_codes()?;
    let rows = |of_obs: bool| -> Vec<_> {
        let codes = codes.iter().filter(|it| it.is_of_obs == of_obs);
        codes.map(|it| (&it.code, &it.remedy)).collect()
    };
    let codes = format!(
        "static BY_CODE: &[(&str, &str)] = &{:?};\n\
         #[cfg(not(feature = \"parted\"))]\nstatic OF_OBS: &[(&str, &str)] = &{:?};\n\
         #[cfg(feature = \"parted\")]\nstatic OF_OBS: &[(&str, &str)] = &[];\n",
        rows(false),
        rows(true)
    );
    std::fs::write(out.join("codes.rs"), codes)?;
    Ok(())
}

fn write_operation(
    out: &mut String,
    operation: &Operation,
    rules: &str,
) -> Result<(), Box<dyn Error>> {
    let endpoint = match operation.endpoint {
        Endpoint::Pangu => "Pangu",
        Endpoint::V2 => "V2",
        Endpoint::Iam => "Iam",
    };
    let body = match operation.body {
        None => "None",
        Some(body) if body.required => "Json",
        Some(_) => "OptionalJson",
    };
    let response = match (operation.response, operation.event_stream) {
        (ResponseKind::Json, _) => "Json",
        (ResponseKind::Empty, _) => "Empty",
        (ResponseKind::EventStream, Some(EventStream::ChatV1)) => "ChatV1",
        (ResponseKind::EventStream, Some(EventStream::ChatV2)) => "ChatV2",
        (ResponseKind::EventStream, Some(EventStream::Text)) => "Text",
        (ResponseKind::EventStream, Some(EventStream::Agent)) => "Agent",
        (ResponseKind::EventStream, Some(EventStream::Workflow)) => "Workflow",
        (ResponseKind::EventStream, None) => {
            return Err(format!("{}: x-event-stream is missing", operation.id).into());
        }
    };
    writeln!(out, "    Operation {{")?;
    writeln!(
        out,
        "        id: {:?}, method: {:?}, path: {:?},",
        operation.id, operation.method, operation.path
    )?;
    writeln!(
        out,
        "        endpoint: Endpoint::{endpoint}, body: BodyKind::{body}, response: ResponseKind::{response},"
    )?;
    writeln!(out, "        idempotent: {},", operation.idempotent)?;
    writeln!(out, "        parameters: &[")?;
    for parameter in &operation.parameters {
        let location = match parameter.location {
            Location::Path => "Path",
            Location::Query => "Query",
            Location::Header => "Header",
        };
        let checks: Vec<String> = parameter.checks.iter().map(check).collect();
        writeln!(
            out,
            "            Parameter {{ name: {:?}, location: Location::{location}, required: {}, checks: &[{}] }},",
            parameter.name,
            parameter.required,
            checks.join(", ")
        )?;
    }
    writeln!(out, "        ],")?;
    let schemes: Vec<&str> = operation
        .security
        .iter()
        .map(|scheme| scheme_name(*scheme))
        .collect();
    writeln!(out, "        security: &[{}],", schemes.join(", "))?;
    writeln!(out, "        rules: {rules},")?;
    writeln!(out, "        job: {},", job(operation))?;
    writeln!(out, "        pages: {},\n    }},", pages(operation))?;
    Ok(())
}

/// Lists of rules, each of them once: many bodies hold the same members.
#[derive(Default)]
struct RuleLists {
    lists: Vec<String>,
}

impl RuleLists {
    fn of(&mut self, operation: &Operation) -> String {
        let rules = operation.rules.iter();
        let rules: Vec<_> = rules.map(|it| (it.field.as_str(), &it.check)).collect();
        self.name(&rules)
    }

    /// The name of the list of these paths and conditions.
    fn name(&mut self, mut rules: &[(&str, &Check)]) -> String {
        let mut list = String::new();
        while let [(path, condition), rest @ ..] = rules {
            let (field, condition) = match path.split_once('.') {
                None => {
                    rules = rest;
                    (*path, check(condition))
                }
                Some((field, _)) => {
                    let inside: Vec<_> = rules
                        .iter()
                        .map_while(|(path, check)| {
                            let (first, inner) = path.split_once('.')?;
                            (first == field).then_some((inner, *check))
                        })
                        .collect();
                    rules = rules.split_at(inside.len()).1;
                    (field, format!("Check::Inside({})", self.name(&inside)))
                }
            };
            list.push_str(&format!(
                "Rule {{ field: {field:?}, check: {condition} }}, "
            ));
        }
        let known = self.lists.iter().position(|known| *known == list);
        let number = known.unwrap_or_else(|| {
            self.lists.push(list);
            self.lists.len() - 1
        });
        format!("RULES_{number}")
    }
}

fn job(operation: &Operation) -> String {
    let Some(job) = &operation.job else {
        return "None".into();
    };
    format!(
        "Some(&JobRules {{ id: &{:?}, poll: {:?}, parameter: {:?}, state: {:?}, succeeded: &{:?}, failed: &{:?}, progress: {:?}, result: {:?} }})",
        job.id,
        job.poll,
        job.parameter,
        job.state,
        job.succeeded,
        job.failed,
        job.progress,
        job.result
    )
}

fn pages(operation: &Operation) -> String {
    let Some(pages) = &operation.pages else {
        return "None".into();
    };
    format!(
        "Some(&PageRules {{ items: {:?}, style: PageStyle::{:?}, position: {:?}, limit: {:?}, total: {:?} }})",
        pages.items, pages.style, pages.position, pages.limit, pages.total
    )
}

fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::IamToken => "Scheme::IamToken",
        Scheme::AppCode => "Scheme::AppCode",
        Scheme::ApiKey => "Scheme::ApiKey",
        Scheme::AkSk => "Scheme::AkSk",
    }
}

fn check(check: &Check) -> String {
    match check {
        Check::Type(wanted) => format!("Check::Type(JsonType::{wanted:?})"),
        Check::Minimum {
            bound,
            exclusive: false,
        } => format!("Check::AtLeast({bound:?})"),
        Check::Minimum {
            bound,
            exclusive: true,
        } => format!("Check::MoreThan({bound:?})"),
        Check::Maximum {
            bound,
            exclusive: false,
        } => format!("Check::AtMost({bound:?})"),
        Check::Maximum {
            bound,
            exclusive: true,
        } => format!("Check::LessThan({bound:?})"),
        Check::MinimumOr { bound, also } => format!("Check::AtLeastOr(&[{bound:?}, {also:?}])"),
        Check::Columns(limits) => format!("Check::Columns(&{limits:?})"),
        plain => format!("Check::{plain:?}"),
    }
}
