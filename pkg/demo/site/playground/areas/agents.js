/** Agents, which the console calls applications. */

import { element } from "../dom.js";
import { chips, speech } from "../draw/notes.js";
import { withFault } from "../faults.js";
import { javascript } from "../print.js";

const MORE = { en: "And then", zh: "接着问" };

const ask = {
  id: "ask",
  title: { en: "Ask an agent", zh: "调用智能体" },
  about: {
    en: "An agent answers event by event: what it says, and the plugins that it calls. The second question goes on with the conversation.",
    zh: "智能体以事件流返回：回答内容和调用的插件。第二个问题在同一会话中继续。",
  },
  fields: [
    {
      name: "query",
      kind: "area",
      label: { en: "Question", zh: "问题" },
      value: { en: "What is the weather in Guiyang today?", zh: "贵阳今天的天气怎么样?" },
    },
    { name: "more", label: MORE, value: { en: "And tomorrow?", zh: "明天呢?" } },
  ],
  code: ({ query, more }, info, fault) => {
    const options = fault ? `, ${javascript(withFault(fault))}` : "";
    const first = `const run = await client.agents.run(${javascript({ agent: info.agentId, query }, { after: "const run = await client.agents.run(" })}${options});
for await (const { event, content } of run) console.log(event, content ?? "");`;
    if (!more) return first;
    return `${first}
const more = await client.agents.run({
  agent: ${javascript(info.agentId)},
  query: ${javascript(more)},
  conversation: run.conversationId,
}${options});
console.log((await more.finish()).content);`;
  },
  async run({ query, more }, { client, info, options, view }) {
    const first = await client.agents.run({ agent: info.agentId, query }, options());
    await follow(first, query, view);
    if (!more) return;
    await follow(
      await client.agents.run({ agent: info.agentId, query: more, conversation: first.conversationId }, options()),
      more,
      view,
    );
  },
};

/** Draws the events of a run as they come: what is said, and the names of all others. */
async function follow(run, question, view) {
  view.add(element("p", { class: "asked" }, question));
  const said = speech();
  let names;
  let events = 0;
  for await (const { event, content } of run) {
    events += 1;
    if (event === "message") {
      if (!said.isConnected) view.add(said);
      said.append(content);
      names = undefined;
    } else if (names === undefined) view.add((names = chips([event])));
    else names.append(...chips([event]).children);
  }
  view.raw({ ...(await run.finish()), events });
}

export const agents = {
  id: "agents",
  title: { en: "Agents", zh: "智能体" },
  about: { en: "Agents that you have put together in the console.", zh: "在控制台中编排好的智能体应用。" },
  tries: [ask],
};
