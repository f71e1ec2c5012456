/** Forecasts of weather and sea, as jobs. */

import { job } from "../calls.js";
import { JobProgress } from "../draw/progress.js";
import { note } from "../draw/notes.js";
import { javascript } from "../print.js";

const NAME = { name: "name", label: { en: "Name", zh: "名称" }, value: "three-days-ahead" };
const PATH = {
  name: "path",
  label: { en: "Input: folder in the bucket", zh: "输入：桶内目录" },
  hint: { en: "The emulator fails the job if there is nothing.", zh: "目录为空时模拟器会让任务失败。" },
  value: "weather/",
};
const HOURS = {
  name: "hours",
  kind: "number",
  label: { en: "Hours ahead", zh: "预报时长（小时）" },
  value: 72,
  min: 6,
};

/** The request of the first edition, which weather and sea share. */
const request = ({ name, path, hours }, deployment, { obsBucket: bucket }) => ({
  deployment,
  name,
  input: { type: "obs", data: [{ bucket, path }] },
  output: { obs: { bucket, path: "results/" } },
  config: { start_time_begin: "2017010100", start_time_end: "2017010200", forecast_lead_hours: hours },
});

const results = (view, _answer, _values, { obsBucket }) =>
  view.add(
    note(
      `Its results are in ${obsBucket}/results/: list them under “OBS”.`,
      `结果位于 ${obsBucket}/results/，可在“OBS”中列出。`,
    ),
  );

const weather = job({
  id: "weather",
  title: { en: "Weather", zh: "气象预报" },
  about: {
    en: "From an initial field in OBS to a forecast in OBS: create, follow, wait.",
    zh: "从 OBS 中的初始场生成预报并写回 OBS：创建、跟踪、等待。",
  },
  fields: [NAME, PATH, HOURS],
  method: "science.weather.create",
  given: (values, info) => [request(values, info.deployments.createWeatherTask, info)],
  show: results,
});

const ocean = job({
  id: "ocean",
  title: { en: "Ocean", zh: "海洋预报" },
  about: { en: "The same for the sea.", zh: "海洋模型的预报任务。" },
  fields: [{ ...NAME, value: "the-sea-ahead" }, PATH, { ...HOURS, value: 240 }],
  method: "science.ocean.create",
  given: (values, info) => [request(values, info.deployments.createOceanTask, info)],
  show: results,
});

const tasks = job({
  id: "tasks",
  title: { en: "Tasks, v2", zh: "任务 v2" },
  about: { en: "The second edition of the interface also says how far a task is.", zh: "第二版接口会返回任务进度。" },
  fields: [PATH],
  method: "science.tasks.create",
  given: ({ path }, info) => [
    {
      deployment: info.deployments.createScienceTask,
      models: ["global-weather"],
      data_dirs: { "global-weather": `obs://${info.obsBucket}/${path}` },
    },
  ],
});

const resume = {
  id: "resume",
  title: { en: "Take up", zh: "按 ID 恢复" },
  about: {
    en: "A job goes on whether or not it is followed. Take one up by its id; the one given here has failed, which is an error with the reason.",
    zh: "无论是否跟踪，任务都会继续运行，可按 ID 恢复跟踪。示例任务已失败，会以错误的形式给出原因。",
  },
  fields: [{ name: "id", label: { en: "Id of a weather job", zh: "气象任务 ID" }, value: "demo-forecast-failed" }],
  faults: false,
  code: (
    { id },
    info,
  ) => `const job = await client.science.weather.resume(${javascript(id)}, ${javascript({ deployment: info.deployments.createWeatherTask }, { after: id })});
console.log(await job.status());
const answer = await job.wait({ onProgress: ({ state }) => console.log(state) });
console.log(answer);`,
  async run({ id }, { client, info, signal, view }) {
    const taken = await client.science.weather.resume(id, { deployment: info.deployments.createWeatherTask });
    const progress = new JobProgress(view, taken.id);
    const state = await taken.status({ signal });
    progress.take(state);
    view.raw(state.answer);
    view.raw(await taken.wait({ signal, onProgress: (next) => progress.take(next) }));
  },
};

export const science = {
  id: "science",
  title: { en: "Science", zh: "科学计算" },
  about: {
    en: "Forecasts by scientific-computing models. They take minutes to hours on the platform, two seconds here.",
    zh: "科学计算模型的预报任务。平台上需要数分钟到数小时，这里只需两秒。",
  },
  tries: [weather, ocean, tasks, resume],
};
