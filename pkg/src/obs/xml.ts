/**
 * The few questions asked of OBS's XML, which is flat and has no attributes but `xmlns`. Not every
 * runtime has a parser.
 */

/** What the elements of this name hold, in their order. */
export function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}>`, "g"))].map(([, inside = ""]) => inside);
}

/** The texts of the elements of this name. */
export function textsOf(xml: string, name: string): string[] {
  return elements(xml, name).map(unescape);
}

/** The text of the first element of this name. */
export function textOf(xml: string, name: string): string | undefined {
  return textsOf(xml, name)[0];
}

const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED[name] ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A text as it stands in XML. */
export function escape(text: string): string {
  return text.replace(/[<>&]/g, (mark) => (mark === "<" ? "&lt;" : mark === ">" ? "&gt;" : "&amp;"));
}
