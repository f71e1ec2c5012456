/**
 * The ways to call that many areas share: an answer that comes whole, and a job. What is run and the
 * code that is shown are made of the same description, so that they cannot say two things.
 *
 * A description names the `method` as it stands behind `client.`, and says what is `given` to it, as a list
 * of arguments made of the form's values; `settings` are further members of the call's options. Values that
 * the code calls by a name have it in `names`, and `before` is the code that makes them. `show` draws the
 * answer. All other members are the try's own; see panel.js.
 */

import { JobProgress } from "./draw/progress.js";
import { withFault } from "./faults.js";
import { javascript } from "./print.js";

export function whole({ method, given, settings, names, show, before = () => "", ...rest }) {
  return {
    ...rest,
    code: (values, info, fault) =>
      `${before(values, info)}const answer = await ${callCode({ method, given, settings, names }, values, info, fault)};
console.log(answer);`,
    async run(values, { client, info, options, view }) {
      const answer = await calling(client, method)(...given(values, info), options(settings?.(values, info)));
      view.raw(answer);
      await show?.(view, answer, values);
    },
  };
}

/** Work that is started, followed and waited for. */
export function job({ method, given, names, show, before = () => "", ...rest }) {
  return {
    ...rest,
    code: (values, info, fault) =>
      `${before(values, info)}const job = await ${callCode({ method, given, names }, values, info, fault)};
console.log(job.id);
const answer = await job.wait({ onProgress: ({ state, progress }) => console.log(state, progress) });
console.log(answer);`,
    async run(values, { client, info, options, signal, view }) {
      const started = await calling(client, method)(...given(values, info), options());
      const progress = new JobProgress(view, started.id);
      const answer = await started.wait({ signal, onProgress: (state) => progress.take(state) });
      view.raw(answer);
      await show?.(view, answer, values, info);
    },
  };
}

/** The call as it is written: `client.search.embed("…", { … })`. */
export function callCode({ method, given, settings, names }, values, info, fault) {
  const options = withFault(fault, settings?.(values, info));
  const all = [...given(values, info)];
  if (Object.keys(options).length > 0) all.push(options);
  // What is not given stands only where something follows.
  if (all.at(-1) === undefined) all.pop();
  const named = names?.(values, info);
  const written = all.map((one) => javascript(one, { names: named, after: `const answer = await client.${method}(` }));
  return `client.${method}(${written.join(", ")})`;
}

/** The method itself, of the object that it belongs to. */
function calling(client, method) {
  const [name, ...path] = method.split(".").reverse();
  const owner = path.reverse().reduce((object, part) => object[part], client);
  return (...all) => owner[name](...all);
}
