/**
 * English and Chinese. A text is `{ en, zh }`, or a string that is the same in both; elements remember
 * theirs, so that a switch changes the page without losing what is on it.
 */

let language = navigator.language.startsWith("zh") ? "zh" : "en";

/** Where a text of an element goes, and the names under which the element remembers both. */
const PLACES = {
  content: { en: "en", zh: "zh", put: (element, text) => (element.textContent = text) },
  label: { en: "labelEn", zh: "labelZh", put: (element, text) => element.setAttribute("aria-label", text) },
};

/** The text in the language of the page. */
export const inWords = (text) => (typeof text === "string" ? text : text[language]);

/** Puts a text into an element, now and after each switch. */
export function say(element, text, place = "content") {
  const { en, zh, put } = PLACES[place];
  element.dataset[en] = typeof text === "string" ? text : text.en;
  element.dataset[zh] = typeof text === "string" ? text : text.zh;
  put(element, inWords(text));
}

/** A sample that stands in a field until the visitor writes something else, in the page's language. */
export function sample(field, text) {
  field.value = inWords(text);
  if (typeof text === "string") return;
  [field.dataset.sampleEn, field.dataset.sampleZh] = [text.en, text.zh];
}

/** Puts the whole page into its language. */
export function translate() {
  document.documentElement.lang = language;
  for (const { en, zh, put } of Object.values(PLACES)) {
    const attribute = `data-${en.replace("E", "-e")}`;
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      put(element, element.dataset[language === "en" ? en : zh]);
    }
  }
  for (const field of document.querySelectorAll("[data-sample-en]")) {
    const { sampleEn, sampleZh } = field.dataset;
    const [mine, other] = language === "en" ? [sampleEn, sampleZh] : [sampleZh, sampleEn];
    if (field.value !== other) continue;
    field.value = mine;
    // The code follows.
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  translate();
}
