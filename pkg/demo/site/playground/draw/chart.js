/** Lines over time, as a drawing that needs no library. */

import { drawn, element } from "../dom.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 240, 46, 22];

/**
 * A chart of `lines`, each `{ name, class, values, from }`, where `from` is the place of its first value, and of
 * `marks`: places that stand out, each with a strength from 0 to 1.
 */
export function chart(lines, marks = []) {
  const all = lines.flatMap(({ values }) => values);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const span = most - least || 1;
  const last = Math.max(1, ...lines.map(({ values, from = 0 }) => from + values.length - 1));
  const x = (place) => LEFT + (place / last) * (WIDTH - LEFT - 8);
  const y = (value) => 8 + (1 - (value - least) / span) * (HEIGHT - BOTTOM - 8);
  const rulers = [least, (least + most) / 2, most].flatMap((value) => [
    drawn("line", { class: "ruler", x1: LEFT, x2: WIDTH - 8, y1: y(value), y2: y(value) }),
    text({ x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, short(value)),
  ]);
  const places = [0, Math.round(last / 2), last].map((place) =>
    text({ x: x(place), y: HEIGHT - 4, "text-anchor": place === last ? "end" : "middle" }, String(place)),
  );
  const strips = marks.map(({ place, strength }) =>
    drawn("rect", {
      class: "strip",
      x: x(place) - 3,
      y: 8,
      width: 6,
      height: HEIGHT - BOTTOM - 8,
      opacity: 0.1 + 0.4 * strength,
    }),
  );
  const paths = lines.map(({ values, from = 0, class: name }) =>
    drawn("polyline", { class: `line ${name}`, points: values.map((value, at) => `${x(from + at)},${y(value)}`).join(" ") }),
  );
  const drawing = drawn("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  drawing.append(...strips, ...rulers, ...places, ...paths);
  const legend = lines.map(({ name, class: kind }) => element("li", { class: kind, text: name }));
  return element("figure", { class: "drawing" }, drawing, element("ul", { class: "legend" }, ...legend));
}

function text(attributes, content) {
  return drawn("text", attributes, content);
}

const short = (value) => String(Number(value.toPrecision(4)));
