// How fast the pages are, as somebody at the screen sees it. Prints one line of JSON.
//
//     node browser/speed.mjs URL CHROMIUM
import { gzipSync } from 'node:zlib';
import { api, fresh, run, url } from './driver.mjs';

const found = {};
const middle = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const prompt = (page) => page.getByRole('textbox', { name: 'Prompt' });

/** Milliseconds until the prompt can be written in, and kB of script that this took, gzipped. */
async function firstLoad() {
  const times = [];
  for (let at = 0; at < 5; at += 1) {
    const page = await fresh();
    let script = 0;
    const read = [];
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      read.push(
        response.body().then((body) => {
          script += gzipSync(body).length;
        }),
      );
    });
    const began = Date.now();
    await page.goto(url, { waitUntil: 'commit' });
    await prompt(page).waitFor();
    times.push(Date.now() - began);
    await page.waitForLoadState('networkidle');
    await Promise.all(read);
    found.script = Math.round(script / 1000);
    await page.context().close();
  }
  found.first = middle(times);
}

/** Milliseconds from the last key to the first underline; the pause of 150 is a part of it. */
async function reading() {
  const page = await fresh();
  await page.goto(url);
  const times = [];
  for (const who of ['fox', 'owl', 'bear', 'frog', 'panda', 'tiger', 'robot']) {
    await prompt(page).fill('');
    await page.waitForTimeout(400);
    await prompt(page).fill(`A ${who} waves in the forest`);
    const began = Date.now();
    await page.locator('.pmirror mark', { hasText: who }).waitFor({ state: 'attached' });
    times.push(Date.now() - began);
  }
  found.reading = middle(times) - 150;
  await page.context().close();
}

/** Milliseconds from an event of progress to the count-down that shows it. */
async function progress() {
  const page = await fresh();
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  const wish = { prompt: 'A fox waves', model: 'animatic', size: '640x360', seconds: 12 };
  const { data } = await api('POST', '/kinema/generations', wish);
  const late = page.evaluate(
    (id) =>
      new Promise((resolve) => {
        const told = new Map();
        const times = [];
        const source = new EventSource('/v1/kinema/events');
        source.addEventListener('job.progress', (event) => {
          const said = JSON.parse(event.data);
          if (said.id === id) told.set(said.pct, said.at * 1000);
        });
        const look = () => {
          const leader = document.querySelector(`[data-clip="${id}"] [role=progressbar]`);
          const shown = Number(leader?.getAttribute('aria-valuenow') ?? -1);
          if (told.has(shown)) {
            times.push(Date.now() - told.get(shown));
            told.delete(shown);
          }
          if (times.length < 8) requestAnimationFrame(look);
          else {
            source.close();
            resolve(times);
          }
        };
        look();
      }),
    data[0].id,
  );
  found.progress = Math.round(middle(await late));
  await api('POST', `/kinema/jobs/${data[0].id}/cancel`);
  await page.context().close();
}

/** Milliseconds from a click on a plate to the clip's own page. */
async function opening() {
  const page = await fresh();
  await page.goto(url);
  const times = [];
  for (let at = 0; at < 7; at += 1) {
    const cover = page.locator('[data-status=completed] a.cover').nth(at % 3);
    await cover.waitFor();
    const began = Date.now();
    await cover.click();
    await page.locator('main video').first().waitFor();
    times.push(Date.now() - began);
    await page.goBack();
  }
  found.opening = middle(times);
  await page.context().close();
}

/** Milliseconds between two frames while a large library is scrolled: of 100, the 99th. */
async function scrolling() {
  const page = await fresh();
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  found.scrolling = await page.evaluate(async () => {
    const frames = [];
    let last = performance.now();
    while (frames.length < 600) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
      scrollBy(0, 60);
    }
    return Math.round(frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.99)]);
  });
  found.clips = await page.locator('[data-clip]').count();
}

async function say() {
  console.log(`found ${JSON.stringify(found)}`);
}

await run(firstLoad, reading, progress, opening, scrolling, say);
