// Change a video with words: begin with a picture, then remix, edit and extend what came of it.
//
//     node examples/node/change_video.mjs picture.png "make it night" "let it snow"

import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";

const [picture, change, more] = process.argv.slice(2);
const client = new OpenAI();

async function save(video, path) {
  while (video.status === "queued" || video.status === "in_progress") {
    await sleep(300);
    video = await client.videos.retrieve(video.id);
  }
  if (video.error) throw new Error(`${path}: ${video.error.code}: ${video.error.message}`);
  const content = await client.videos.downloadContent(video.id);
  await writeFile(path, Buffer.from(await content.arrayBuffer()));
  console.log(`${path}: ${video.seconds} s, from ${video.remixed_from_video_id}`);
  return video;
}

// A model of Kinema's own takes any size; "sora-2" takes those that OpenAI had.
const shape = { model: "animatic", seconds: "2", size: "320x192" };
const prompt = "a dog runs through a meadow";
const first = await save(await client.videos.create({ prompt, ...shape }), "first.mp4");

const reference = createReadStream(picture);
await save(await client.videos.create({ prompt, input_reference: reference, ...shape }), "begun.mp4");

const file = await client.files.create({ file: createReadStream(picture), purpose: "vision" });
const named = { file_id: file.id };
await save(await client.videos.create({ prompt, input_reference: named, ...shape }), "named.mp4");
await client.files.delete(file.id);

await save(await client.videos.remix(first.id, { prompt: change }), "remix.mp4");
await save(await client.videos.edit({ prompt: change, video: { id: first.id } }), "edit.mp4");
const video = createReadStream("first.mp4");
await save(await client.videos.extend({ prompt: more, seconds: "4", video }), "extension.mp4");
