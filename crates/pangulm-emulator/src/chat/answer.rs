//! The built-in answer: it quotes the question and says that it is emulated.

use crate::tokenizer::{is_cjk, pieces};

use super::ask::Ask;
use super::tools::{self, ToolCall};

const LONGEST_QUOTE: usize = 2_000;

/// One answer, cut into the pieces that a stream sends one by one. Every piece is a token.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) reasoning: Vec<String>,
    pub(crate) content: Vec<String>,
    pub(crate) tool_call: Option<ToolCall>,
    pub(crate) finish_reason: &'static str,
}

impl Plan {
    /// What the answer costs: its pieces, those of a tool call's arguments included.
    pub(crate) fn tokens(&self) -> usize {
        let call = self.tool_call.as_ref();
        self.reasoning.len()
            + self.content.len()
            + call.map_or(0, |call| pieces(&call.arguments).len())
    }
}

/// What to answer.
pub(crate) fn plan(ask: &Ask) -> Plan {
    let question = ask.question();
    let mut plan = Plan {
        finish_reason: "stop",
        ..Plan::default()
    };
    if ask.thinks {
        plan.reasoning = owned_pieces(&reasoning(&question));
    }
    if let Some(call) = tools::choose(ask, &question) {
        plan.tool_call = Some(call);
        plan.finish_reason = "tool_calls";
        return plan;
    }
    let text = match ask.tool_result() {
        Some(result) => tool_text(&result, &question),
        None => text(&question),
    };
    // Content that follows reasoning begins like this (facts: inference 3.2).
    let gap = if ask.thinks { "\n\n" } else { "" };
    plan.content = owned_pieces(&format!("{gap}{text}"));
    if let Some(most) = ask.max_tokens
        && most < plan.tokens()
    {
        plan.reasoning.truncate(most);
        plan.content.truncate(most - plan.reasoning.len());
        plan.finish_reason = "length";
    }
    plan
}

/// The answer to a question, in its language.
pub(crate) fn text(question: &str) -> String {
    let quote = quote(question);
    if question.contains(is_cjk) {
        format!(
            "您的问题是：“{quote}”。这是模拟的回答：它由您本机上的 pangulm-emulator 生成，\
             并非来自盘古大模型。它像真实的回答一样逐字流式输出、统计 token 用量并正常结束，\
             您无需账号即可试用程序。"
        )
    } else {
        format!(
            "You asked: “{quote}”. This answer is emulated: pangulm-emulator made it up on your \
             own machine, no Pangu model was asked. It streams word by word, counts its tokens \
             and ends as a real answer does, so that a program can be tried without an account."
        )
    }
}

fn tool_text(result: &str, question: &str) -> String {
    let quote = quote(result);
    if question.contains(is_cjk) || result.contains(is_cjk) {
        format!(
            "工具返回：“{quote}”。这是模拟的回答：它由您本机上的 pangulm-emulator 生成，\
             只引用工具的结果，并非来自盘古大模型。"
        )
    } else {
        format!(
            "The tool said: “{quote}”. This answer is emulated: pangulm-emulator made it up on \
             your own machine and only quotes the tool, no Pangu model was asked."
        )
    }
}

fn reasoning(question: &str) -> String {
    if question.contains(is_cjk) {
        "用户提出了一个问题。我只是模拟器，所以引用问题，并说明回答是模拟的。".to_owned()
    } else {
        "The user asks a question. I am only an emulator, so I quote it and say so.".to_owned()
    }
}

fn quote(text: &str) -> String {
    let mut quote: String = text.chars().take(LONGEST_QUOTE).collect();
    if quote.len() < text.len() {
        quote.push('…');
    }
    quote
}

fn owned_pieces(text: &str) -> Vec<String> {
    pieces(text).into_iter().map(str::to_owned).collect()
}
