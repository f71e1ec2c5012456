/** The fields that chats and texts share. */

export const TEMPERATURE = {
  name: "temperature",
  kind: "number",
  label: { en: "Temperature", zh: "温度" },
  value: 0.3,
  min: 0,
  max: 1,
  step: 0.1,
};

export const maxTokens = (value) => ({
  name: "max_tokens",
  kind: "number",
  label: { en: "Tokens at most", zh: "最大 token 数" },
  value,
  min: 1,
});

export const STREAM = { name: "stream", kind: "check", label: { en: "Stream", zh: "流式" }, value: true };
