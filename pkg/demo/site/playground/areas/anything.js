/** Every operation there is, by its id: `client.request(…)`. */

import { whole } from "../calls.js";
import { element } from "../dom.js";
import { outline } from "../draw/outline.js";

/** The area, with these operations of the description. */
export function anything(operations) {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const first = byId.get("countTokens");
  const request = whole({
    id: "request",
    title: { en: "Any operation", zh: "任意接口" },
    about: {
      en: "What has no method of its own is called by its id. Values are filled in from the description's examples, with the emulator's ids.",
      zh: "没有专用方法的接口可按 ID 调用。默认值取自接口描述中的示例，并替换为模拟器的 ID。",
    },
    credential: ({ credential }) => credential,
    fields: (info) => [
      {
        name: "operation",
        kind: "choice",
        label: { en: "Operation", zh: "接口" },
        value: first.id,
        groups: grouped(operations),
      },
      {
        name: "credential",
        kind: "choice",
        label: { en: "Calling with", zh: "认证方式" },
        value: first.credential,
        options: CREDENTIALS,
      },
      {
        name: "parameters",
        kind: "code",
        label: { en: "Parameters", zh: "参数" },
        value: filled(first.parameters(info)),
        rows: 4,
      },
      { name: "body", kind: "code", label: { en: "Body", zh: "请求体" }, value: filled(first.body(info)), rows: 10 },
    ],
    /** Another operation has other parameters. */
    wire(form, info) {
      const { operation, credential, parameters, body } = form.elements;
      const facts = element("p", { class: "hint operation" });
      operation.after(facts);
      const tell = () => {
        const { method, path, summary, source } = byId.get(operation.value);
        facts.replaceChildren(
          `${summary}. `,
          element("code", {}, `${method} ${path}`),
          " ",
          element("a", { href: source, target: "_blank", rel: "noopener", text: { en: "Its page", zh: "文档" } }),
        );
      };
      operation.addEventListener("change", () => {
        const chosen = byId.get(operation.value);
        credential.value = chosen.credential;
        parameters.value = filled(chosen.parameters(info));
        body.value = filled(chosen.body(info));
        tell();
      });
      tell();
    },
    method: "request",
    given: ({ operation, parameters = {}, body }) => [operation, parameters, body],
    show: (view, answer) => view.add(outline(answer)),
  });
  return {
    id: "request",
    title: { en: "Everything else", zh: "其他接口" },
    about: {
      en: `All ${operations.length} operations that answer whole, as the package's description lists them.`,
      zh: `接口描述中全部 ${operations.length} 个非流式接口。`,
    },
    tries: [request],
  };
}

const CREDENTIALS = {
  apiKey: { en: "an API key", zh: "API Key" },
  accessKey: { en: "an access key (signed)", zh: "AK/SK 签名" },
  password: { en: "name and password (a token is fetched)", zh: "用户名密码（自动获取 token）" },
};

const filled = (value) => (value === undefined ? "" : JSON.stringify(value, undefined, 2));

function grouped(operations) {
  const groups = {};
  for (const { id, area } of operations) (groups[area] ??= []).push(id);
  return groups;
}
