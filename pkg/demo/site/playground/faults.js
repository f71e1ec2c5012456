/** Failures that the emulator makes on demand, to see how the package meets them. */

export const FAULTS = {
  "": { en: "nothing: let it work", zh: "不注入：正常调用" },
  "status=401": { en: "401: authentication failed", zh: "401：认证失败" },
  "status=429": { en: "429: too many requests (sent again)", zh: "429：请求过多（自动重试）" },
  "html=503": { en: "503: a gateway's HTML page", zh: "503：网关返回 HTML 页面" },
  drop: { en: "the connection breaks off", zh: "连接中断" },
  "not-json": { en: "an answer that is not JSON", zh: "返回的不是 JSON" },
  "truncate-after=10": { en: "the answer is cut off", zh: "返回内容被截断" },
};

/** The call options that ask for it, beside these. */
export const withFault = (fault, settings = {}) => (fault ? { ...settings, headers: { "x-emulator-fault": fault } } : settings);
