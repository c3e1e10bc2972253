// What the tests in a browser share: a browser, pages whose errors count, axe, comparing pictures,
// and a way to ask whoever started this for what a browser cannot do.
//
//     node browser/NAME.mjs URL CHROMIUM
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const [url, executablePath] = process.argv.slice(2);
/** Milliseconds in which anything has happened, on a busy machine too. */
export const PATIENCE = 90_000;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
const broken = [];

/** A window of its own, with nothing remembered. */
export async function fresh(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en',
    colorScheme: 'dark',
    ...options,
  });
  context.setDefaultTimeout(30_000);
  return opened(context);
}

/** Another tab of a window. */
export async function opened(context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => broken.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) broken.push(message.text());
  });
  return page;
}

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Have something done outside: `kill the worker`, `kill the server`, `start the server`. */
export async function please(what) {
  console.log(`please ${what}`);
  const { value } = await answers.next();
  assert.equal(value, 'done', `${what}: ${value}`);
}

/** The server as a program sees it. */
export async function api(method, path, body) {
  const answer = await fetch(`${url}/v1${path}`, {
    method,
    headers: { authorization: 'Bearer test', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const said = await answer.json();
  assert.ok(answer.ok, JSON.stringify(said));
  return said;
}

/** A small clip that is made, asked for beside the page. */
export async function made(prompt, fields = {}) {
  const wish = { prompt, model: 'animatic', size: '320x180', seconds: 1, seed: 1, ...fields };
  const { data } = await api('POST', '/kinema/generations', wish);
  for (const { id } of data) await ended(id);
  return data;
}

export async function ended(id) {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const video = await api('GET', `/videos/${id}`);
    if (video.status === 'completed' || video.status === 'failed') return video;
    assert.ok(Date.now() < until, `${id} did not end`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Wait for something to be true. */
export async function until(check, what) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await check();
    if (found) return found;
    assert.ok(Date.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * axe finds nothing, and nothing sticks out to the side. Colours that the system forces are its own
 * affair.
 */
export async function isClean(page, label, { forced = false } = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async (enabled) => {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const rules = { 'color-contrast': { enabled } };
    const { violations } = await globalThis.axe.run({ runOnly, rules });
    return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join('\n  ')}`);
  }, !forced);
  assert.deepEqual(found, [], label);
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(over <= 0, `${label} is ${over} pixels too wide`);
}

const PICTURES = new URL('./pictures/', import.meta.url);
/** How much of a picture may look different, at half the size. */
const TOLERANCE = 0.02;

/** The page looks as its committed picture does; with UPDATE_PICTURES set, that is what it becomes. */
export async function looksLike(page, name) {
  const place = new URL(`${name}.webp`, PICTURES);
  await until(() => page.evaluate(allDrawn), 'pictures are missing');
  const seen = (await page.screenshot()).toString('base64');
  const known = existsSync(place) ? (await readFile(place)).toString('base64') : null;
  const helper = await browser.newPage();
  const { share, webp } = await helper.evaluate(compare, { seen, known });
  await helper.close();
  if (process.env.UPDATE_PICTURES || known === null) {
    await writeFile(place, Buffer.from(webp.split(',')[1], 'base64'));
    return;
  }
  if (share > TOLERANCE) {
    const odd = join(tmpdir(), `kinema-${name}.webp`);
    await writeFile(odd, Buffer.from(webp.split(',')[1], 'base64'));
    assert.fail(`${name}: ${(share * 100).toFixed(1)} % look different, see ${odd}`);
  }
  console.log(`${name} differs by ${(share * 100).toFixed(2)} %`);
}

/** Whether every picture that is in sight is there. */
function allDrawn() {
  const inSight = [...document.images].filter((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  return inSight.every((one) => one.complete && one.naturalWidth > 0);
}

async function compare({ seen, known }) {
  const drawn = async (source, width, height) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width ?? Math.round(image.width / 2);
    canvas.height = height ?? Math.round(image.height / 2);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const now = await drawn(`data:image/png;base64,${seen}`);
  const webp = now.toDataURL('image/webp', 0.82);
  if (known === null) return { share: 1, webp };
  const then = await drawn(`data:image/webp;base64,${known}`, now.width, now.height);
  const [a, b] = [now, then].map(
    (one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data,
  );
  let other = 0;
  for (let at = 0; at < a.length; at += 4) {
    const most = Math.max(
      ...[0, 1, 2].map((channel) => Math.abs(a[at + channel] - b[at + channel])),
    );
    if (most > 40) other += 1;
  }
  return { share: other / (a.length / 4), webp };
}

/** What all pages look like, for whoever wants to know why a step failed. */
async function showAll() {
  console.log(broken.join('\n'));
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const path = join(tmpdir(), `kinema-page-${process.pid}-${randomUUID().slice(0, 8)}.png`);
    await page.screenshot({ path, timeout: 5000 }).catch(() => undefined);
    console.log(`${page.url()} looks like ${path}`);
  }
}

/** Do the steps one after the other; a page that broke on the way fails the last. */
export async function run(...steps) {
  try {
    for (const step of steps) {
      const began = Date.now();
      await step();
      console.log(`${step.name} ${Date.now() - began} ms`);
      assert.deepEqual(broken, [], step.name);
    }
  } catch (error) {
    await showAll();
    throw error;
  } finally {
    await browser.close();
  }
  process.exit(0); // the line that waits for answers would keep it alive
}
