/** Makes elements. */

import { say } from "./language.js";

/**
 * An element with these properties and children. `text` and `label` are in both languages, `class` and
 * `role` are attributes, `on` holds listeners, `style` sets custom properties.
 */
export function element(name, { text, label, on = {}, style = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(attribute, "");
    else if (value !== undefined && value !== false) made.setAttribute(attribute, value);
  }
  if (text !== undefined) say(made, text);
  if (label !== undefined) say(made, label, "label");
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  // By the object model, which a policy for style sheets does not forbid.
  for (const [property, value] of Object.entries(style)) made.style.setProperty(property, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
