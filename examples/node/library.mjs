// Make a character of a clip, then list the videos of the project and delete those with a word.
//
//     node examples/node/library.mjs clip.mp4 Mossy dragon

import { createReadStream } from "node:fs";
import OpenAI from "openai";

const [clip, name, word] = process.argv.slice(2);
const client = new OpenAI();

const made = await client.videos.createCharacter({ name, video: createReadStream(clip) });
const character = await client.videos.getCharacter(made.id);
console.log(character.name);

// The package asks for the next page by itself.
for await (const video of client.videos.list({ order: "asc", limit: 2 })) {
  console.log(video.id, video.status, video.prompt);
  if (video.prompt.includes(word)) console.log("deleted:", (await client.videos.delete(video.id)).id);
}
