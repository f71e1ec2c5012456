/** Videos out of texts, images and videos, as jobs. */

import { job } from "../calls.js";
import { element } from "../dom.js";
import { note } from "../draw/notes.js";
import { IMAGE_CODE } from "../picture-field.js";

const PROMPT = (en, zh) => ({
  name: "prompt",
  kind: "area",
  label: { en: "What it shows", zh: "画面描述" },
  value: { en, zh },
});
const RESOLUTION = {
  name: "resolution",
  kind: "choice",
  label: { en: "Resolution", zh: "分辨率" },
  value: "720p",
  options: { "720p": "720p", "1080p": "1080p" },
};
const DURATION = { name: "duration", kind: "number", label: { en: "Seconds", zh: "时长（秒）" }, value: 5, min: 1, max: 10 };

/** The emulator's file is empty of pictures, so the link is what there is to show. */
function link(view, { video_url: address }) {
  view.add(
    note("The video is here; the emulator's file has no picture in it.", "视频地址如下；模拟器的文件中没有画面。"),
    element("p", {}, element("a", { href: address, target: "_blank", rel: "noopener" }, address)),
  );
}

const fromText = job({
  id: "text",
  title: { en: "From a text", zh: "文生视频" },
  about: { en: "A video that shows what a text says.", zh: "由文字生成视频。" },
  fields: [PROMPT("Sunrise over the Yangtze, a small boat on the water", "长江日出，江面上有一只小船"), RESOLUTION, DURATION],
  method: "video.fromText",
  given: ({ prompt, resolution, duration }, info) => [
    { deployment: info.deployments.createTextVideo, prompt, video_config: { resolution, duration, aspect_ratio: "16:9" } },
  ],
  show: link,
});

const fromImage = job({
  id: "image",
  title: { en: "From an image", zh: "图生视频" },
  about: { en: "A video that begins with an image.", zh: "以一张图像为首帧生成视频。" },
  fields: [
    { name: "picture", kind: "picture", label: { en: "First frame", zh: "首帧" } },
    PROMPT("The camera moves back slowly", "镜头慢慢拉远"),
    RESOLUTION,
    DURATION,
  ],
  before: () => IMAGE_CODE,
  names: ({ picture }) => new Map([[picture, "image"]]),
  method: "video.fromImage",
  given: ({ picture, prompt, resolution, duration }, info) => [
    {
      deployment: info.deployments.createImageVideo,
      prompt,
      image: picture,
      video_config: { resolution, duration, aspect_ratio: "original" },
    },
  ],
  show: link,
});

const extension = job({
  id: "extend",
  title: { en: "Go on", zh: "视频续写" },
  about: { en: "A video that goes on where another one ends.", zh: "从已有视频的结尾继续生成。" },
  fields: [
    { name: "origin", label: { en: "Address of the video", zh: "原视频地址" }, value: "https://example.com/cat.mp4" },
    PROMPT("The cat jumps onto the wall", "猫跳上了墙"),
    RESOLUTION,
  ],
  method: "video.extend",
  given: ({ origin, prompt, resolution }, info) => [
    {
      deployment: info.deployments.createVideoExtension,
      prompt,
      origin_video: origin,
      video_config: { resolution, aspect_ratio: "original" },
    },
  ],
  show: link,
});

export const video = {
  id: "video",
  title: { en: "Video", zh: "视频生成" },
  about: {
    en: "Videos take their time, so they are jobs: create, follow, wait.",
    zh: "视频生成耗时较长，以任务形式创建、跟踪和等待。",
  },
  tries: [fromText, fromImage, extension],
};
