/** Workflows, and the questions that they ask. */

import { element } from "../dom.js";
import { speech } from "../draw/notes.js";
import { withFault } from "../faults.js";
import { javascript } from "../print.js";
import { Speech } from "../draw/speech.js";

const KIND = {
  name: "kind",
  kind: "choice",
  label: { en: "Workflow", zh: "工作流" },
  value: "asking",
  options: {
    asking: { en: "one that asks back", zh: "带提问节点" },
    plain: { en: "one that answers at once", zh: "直接回答" },
  },
};
const QUERY = {
  name: "query",
  kind: "area",
  label: { en: "Input “query”", zh: "输入 query" },
  value: { en: "Book a meeting room", zh: "预订会议室" },
};
const ANSWER = { en: "Answer", zh: "回答" };

const workflowOf = ({ kind }, info) => (kind === "asking" ? info.askingWorkflowId : info.workflowId);

const run = {
  id: "run",
  title: { en: "Run", zh: "运行" },
  about: {
    en: "A question node asks back: the run ends with its question, and goes on in the same conversation with your answer.",
    zh: "遇到提问节点时，运行会返回问题；您的回答在同一会话中继续运行。",
  },
  fields: [KIND, QUERY],
  code(values, info, fault) {
    const options = fault ? `, ${javascript(withFault(fault))}` : "";
    return `const workflow = ${javascript(workflowOf(values, info))};
let query = ${javascript(values.query)};
let answer = await client.workflows.run({ workflow, inputs: { query } }${options});
while (answer.outputs === undefined) {
  // A page asks so; elsewhere, ask as you like.
  query = prompt(answer.messages.at(-1).content);
  answer = await client.workflows.run({ workflow, inputs: { query }, conversation: answer.conversation_id }${options});
}
console.log(answer.outputs);`;
  },
  async run(values, { client, info, options, signal, view }) {
    const workflow = workflowOf(values, info);
    let { query } = values;
    view.add(element("p", { class: "asked" }, query));
    let answer = await client.workflows.run({ workflow, inputs: { query } }, options());
    view.raw(answer);
    while (answer.outputs === undefined) {
      query = await asked(view, answer.messages.at(-1).content, signal);
      answer = await client.workflows.run({ workflow, inputs: { query }, conversation: answer.conversation_id }, options());
      view.raw(answer);
    }
    view.add(speech(Object.values(answer.outputs).join("\n")));
  },
};

/** Puts the workflow's question to the visitor and waits for the answer, or for Stop. */
function asked(view, question, signal) {
  return new Promise((resolve, reject) => {
    const field = element("input", { type: "text", required: true, name: "reply", label: ANSWER });
    const form = element("form", { class: "reply" }, field, element("button", { type: "submit", class: "run", text: ANSWER }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.replaceWith(element("p", { class: "asked" }, field.value));
      resolve(field.value);
    });
    signal.addEventListener("abort", () => {
      form.remove();
      reject(signal.reason);
    });
    view.add(speech(question), form);
    field.focus();
  });
}

const stream = {
  id: "stream",
  title: { en: "Event by event", zh: "流式运行" },
  about: {
    en: "The types of a workflow's events are not documented, so each comes as it is; without a known end, the package does not claim one.",
    zh: "工作流事件类型没有公开文档，因此原样返回；没有已知的结束事件时，SDK 不会声称已结束。",
  },
  fields: [{ ...KIND, value: "plain" }, QUERY],
  code: (
    values,
    info,
    fault,
  ) => `const run = await client.workflows.run(${javascript({ workflow: workflowOf(values, info), inputs: { query: values.query }, stream: true }, { after: "const run = await client.workflows.run(" })}${fault ? `, ${javascript(withFault(fault))}` : ""});
for await (const event of run) console.log(event);
console.log(await run.finish());`,
  async run(values, { client, info, options, view }) {
    const request = { workflow: workflowOf(values, info), inputs: { query: values.query }, stream: true };
    const running = await client.workflows.run(request, options());
    const said = new Speech(view);
    for await (const { data } of running) said.say(data?.content);
    view.raw(await running.finish());
  },
};

export const workflows = {
  id: "workflows",
  title: { en: "Workflows", zh: "工作流" },
  about: {
    en: "Workflows that you have put together in the console, and the questions that they ask.",
    zh: "在控制台中编排好的工作流，包括其中的提问节点。",
  },
  tries: [run, stream],
};
