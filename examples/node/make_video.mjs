// Make a video with the official `openai` package, and save it with its thumbnail and spritesheet.
//
//     kinema serve
//     export OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=any
//     npm install openai
//     node examples/node/make_video.mjs "a red fox runs through a snowy forest" fox

import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";

const [prompt, name] = process.argv.slice(2);
const client = new OpenAI();

let video = await client.videos.create({ prompt, model: "sora-2", seconds: "4", size: "1280x720" });
while (video.status === "queued" || video.status === "in_progress") {
  await sleep(300);
  video = await client.videos.retrieve(video.id);
}
if (video.error) throw new Error(`${video.error.code}: ${video.error.message}`);

for (const [variant, suffix] of [["video", "mp4"], ["thumbnail", "webp"], ["spritesheet", "jpg"]]) {
  const content = await client.videos.downloadContent(video.id, { variant });
  await pipeline(Readable.fromWeb(content.body), createWriteStream(`${name}.${suffix}`));
  console.log(`${name}.${suffix}`);
}
