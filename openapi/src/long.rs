//! What goes on over several calls: jobs that are followed, lists that come in pages.

use serde_json::Value;

/// How to follow long work: `x-pangu-job` of the operation that starts it. Places are JSON pointers into answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// `id`: where the answer to the start may have the work's id; the first one that is there counts.
    pub id: Vec<String>,
    /// `poll`: the operation that tells how it stands.
    pub poll: String,
    /// `parameter`: that operation's path parameter for the id.
    pub parameter: String,
    /// `state`: where its answer has the state.
    pub state: String,
    /// `succeeded`: the states of finished work.
    pub succeeded: Vec<String>,
    /// `failed`: the states of work that came to nothing. All other states are passing ones.
    pub failed: Vec<String>,
    /// `progress`: where its answer has the part that is done, from 0 to 1.
    pub progress: Option<String>,
    /// `result`: what is only there once the work is finished, whatever the state says.
    pub result: Option<String>,
}

/// How a list continues: `x-pagination`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// `items`: where the answer has the items of a page, as a JSON pointer.
    pub items: String,
    /// `style`: what `position` counts.
    pub style: PageStyle,
    /// `position`: the query parameter that says where a page begins. Only lists that come whole have none.
    pub position: Option<String>,
    /// `limit`: the query parameter that says how many items a page may have. Only lists that come whole may have none.
    pub limit: Option<String>,
    /// `total`: where the answer has the number of all items.
    pub total: Option<String>,
}

/// What the position of a page counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// `page`: pages, from 1.
    Page,
    /// `offset`: items, from 0.
    Offset,
    /// `whole`: nothing, for one answer has all that can be had.
    Whole,
}

/// Reads a node, telling `problems` what is missing.
struct Node<'a> {
    name: &'static str,
    node: &'a Value,
    problems: Vec<String>,
}

impl Node<'_> {
    fn text(&mut self, key: &str) -> String {
        self.optional(key).unwrap_or_else(|| {
            self.problems
                .push(format!("{}.{key} is missing", self.name));
            String::new()
        })
    }

    fn optional(&self, key: &str) -> Option<String> {
        self.node
            .get(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(list) = self.node.get(key).and_then(Value::as_array) else {
            self.problems
                .push(format!("{}.{key} must be a list of texts", self.name));
            return Vec::new();
        };
        list.iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    }
}

/// Reads `x-pangu-job`, and says what is wrong with it.
pub(crate) fn job(node: &Value) -> (Job, Vec<String>) {
    let mut read = Node {
        name: "x-pangu-job",
        node,
        problems: Vec::new(),
    };
    let job = Job {
        id: read.texts("id"),
        poll: read.text("poll"),
        parameter: read.text("parameter"),
        state: read.text("state"),
        succeeded: read.texts("succeeded"),
        failed: read.texts("failed"),
        progress: read.optional("progress"),
        result: read.optional("result"),
    };
    if job.succeeded.is_empty() && job.result.is_none() {
        read.problems
            .push("x-pangu-job: nothing says when it is done".into());
    }
    (job, read.problems)
}

/// Reads `x-pagination`, and says what is wrong with it.
pub(crate) fn pages(node: &Value) -> (Pages, Vec<String>) {
    let mut read = Node {
        name: "x-pagination",
        node,
        problems: Vec::new(),
    };
    let style = match read.text("style").as_str() {
        "page" => PageStyle::Page,
        "offset" => PageStyle::Offset,
        "whole" => PageStyle::Whole,
        other => {
            read.problems.push(format!(
                "x-pagination.style must be page, offset or whole, is {other:?}"
            ));
            PageStyle::Offset
        }
    };
    let mut step = |key: &str| match style {
        PageStyle::Whole => read.optional(key),
        PageStyle::Page | PageStyle::Offset => Some(read.text(key)),
    };
    let (position, limit) = (step("position"), step("limit"));
    if style == PageStyle::Whole && position.is_some() {
        read.problems
            .push("x-pagination.position has no place in a list that comes whole".into());
    }
    let pages = Pages {
        items: read.text("items"),
        style,
        position,
        limit,
        total: read.optional("total"),
    };
    (pages, read.problems)
}
