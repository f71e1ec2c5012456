/** What the page says, in two languages. */

const TEXTS = {
  en: {
    otherLanguage: "中文",
    switchLanguage: "切换为中文",
    dialect: "Interface",
    v1Title: "The platform's own interface, by deployment",
    v2Title: "The OpenAI-compatible interface, by model",
    think: "Reasoning",
    thinkTitle: "Let the model reason before it answers",
    welcome: "What would you like to ask?",
    about: "The answer streams in through the npm package pangulm. You can stop it at any time and see what it cost.",
    suggestion1: "Tell me about the Yangtze",
    suggestion2: "How does server-sent streaming work?",
    suggestion3: "介绍一下长江",
    conversation: "Conversation",
    yourQuestion: "Your question",
    send: "Send",
    stop: "Stop",
    emulated: "This is the emulator on your own machine: nothing leaves it, unless you started it with --upstream.",
    playground: "Try every area in the playground.",
    keys: "Enter sends, Shift+Enter starts a new line, Esc stops.",
    thought: "Train of thought",
    stopped: "Stopped.",
    failed: "This did not work",
    status: "Status",
    code: "Code",
    requestId: "Request id",
    retry: "Try again",
    facts: "Tokens and time",
    prompt: "Prompt",
    completion: "Completion",
    total: "Total tokens",
    time: "Time",
  },
  zh: {
    otherLanguage: "EN",
    switchLanguage: "Switch to English",
    dialect: "接口",
    v1Title: "平台自有接口，按部署调用",
    v2Title: "兼容 OpenAI 的接口，按模型调用",
    think: "深度思考",
    thinkTitle: "让模型先思考再回答",
    welcome: "想问点什么？",
    about: "回答通过 npm 包 pangulm 流式返回。您可以随时停止，并查看消耗的 token。",
    suggestion1: "介绍一下长江",
    suggestion2: "流式输出是怎样工作的？",
    suggestion3: "Tell me about the Yangtze",
    conversation: "对话",
    yourQuestion: "请输入问题",
    send: "发送",
    stop: "停止",
    emulated: "这是您本机上的模拟器：除非启动时指定了 --upstream，任何数据都不会离开本机。",
    playground: "在体验场中试用全部功能。",
    keys: "Enter 发送，Shift+Enter 换行，Esc 停止。",
    thought: "思考过程",
    stopped: "已停止。",
    failed: "这次没有成功",
    status: "状态码",
    code: "错误码",
    requestId: "请求 ID",
    retry: "重试",
    facts: "token 与用时",
    prompt: "输入",
    completion: "输出",
    total: "总 token",
    time: "用时",
  },
};

let language = navigator.language.startsWith("zh") ? "zh" : "en";

/** Puts texts into all elements below `root` that name one, and into attributes likewise. */
export function translate(root) {
  const put = (name, write) => {
    for (const element of root.querySelectorAll(`[data-${name}]`)) write(element, TEXTS[language][element.dataset[name]]);
  };
  put("text", (element, text) => (element.textContent = text));
  put("label", (element, text) => element.setAttribute("aria-label", text));
  put("title", (element, text) => (element.title = text));
  put("placeholder", (element, text) => (element.placeholder = text));
  document.documentElement.lang = language;
}

export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  translate(document);
}
