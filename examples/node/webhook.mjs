// Be told when videos are finished: receive events, and believe only those that are signed.
//
//     OPENAI_WEBHOOK_SECRET=whsec_... node examples/node/webhook.mjs 8700

import { createServer } from "node:http";
import OpenAI from "openai";

const client = new OpenAI();

createServer(async (request, answer) => {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece;
  try {
    const event = await client.webhooks.unwrap(body, request.headers);
    console.log(event.type, event.data.id);
    answer.writeHead(204).end();
  } catch {
    answer.writeHead(400).end();
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
