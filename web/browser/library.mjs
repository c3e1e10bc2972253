// Drives the studio of a running server in Chromium: from a sentence to a playing clip, cancelling,
// what stays after a reload, refused requests, and axe in both themes. Fails by throwing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [url, executablePath] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
const broken = [];
page.on('pageerror', (error) => broken.push(error.message));
page.on('console', (message) => {
  if (message.text().includes('Content Security Policy')) broken.push(message.text());
});

const prompt = page.getByRole('textbox', { name: 'Prompt' });
const make = page.getByRole('button', { name: /^Make/ });
const plates = page.locator('[data-clip]');

async function emptyLibrary() {
  await page.goto(url);
  await page.getByRole('heading', { name: 'What should happen?' }).waitFor();
  await page.keyboard.press('/');
  assert.equal(await prompt.evaluate((field) => field === document.activeElement), true);
}

async function wordsAreRead() {
  await prompt.fill('A fox <b>waves</b> in a bokeh forest at night');
  await page.locator('.pmirror mark.k-who', { hasText: 'fox' }).waitFor({ state: 'attached' });
  await page.locator('.pmirror mark.k-where', { hasText: 'forest' }).waitFor({ state: 'attached' });
  await page.getByText('“bokeh”').waitFor();
  assert.equal(await page.locator('.pmirror b').count(), 0);
  await page.locator('[data-estimate] b').waitFor();
}

async function promptToPlayingClip() {
  await prompt.fill('A fox waves in a forest at night');
  await page.getByRole('button', { name: /^Length/ }).click();
  await page.getByRole('menuitemradio', { name: '2 s', exact: true }).click();
  await page.keyboard.press('Control+Enter');
  await plates.first().waitFor();
  assert.equal(await prompt.inputValue(), 'A fox waves in a forest at night');
  await page.locator('[data-status=completed]').first().waitFor({ timeout: 60_000 });
  await page.locator('[data-status=completed] .vid').first().hover();
  const video = page.locator('[data-status=completed] video');
  await video.waitFor();
  await video.evaluate(
    (node) =>
      new Promise((resolve) => {
        if (node.currentTime > 0) resolve();
        else node.addEventListener('timeupdate', () => node.currentTime > 0 && resolve());
      }),
  );
  await page.mouse.move(5, 5);
  await video.waitFor({ state: 'detached' });
}

async function cancelInTheMiddle() {
  await prompt.fill('A bear runs through the snow');
  await page.getByRole('button', { name: /^Length/ }).click();
  await page.getByRole('menuitemradio', { name: '20 s', exact: true }).click();
  await make.click();
  const job = page.locator('.queue .job').first();
  await job.locator('img').waitFor({ timeout: 60_000 });
  await job.getByRole('button', { name: /^Cancel/ }).click();
  await page.locator('.queue .job').first().waitFor({ state: 'detached', timeout: 20_000 });
  await page.getByText('idle').waitFor();
}

async function reloadKeepsEverything() {
  await prompt.fill('A sentence that is not finished');
  await page.reload();
  await page.locator('[data-status=completed]').first().waitFor();
  assert.equal(await prompt.inputValue(), 'A sentence that is not finished');
}

async function favouriteAndUndo() {
  await page.getByRole('button', { name: 'Favourite' }).first().click();
  await page.getByRole('radio', { name: 'Favourites' }).click();
  await page.locator('[data-status=completed]').first().waitFor();
  assert.match(page.url(), /only=favourites/);
  await page.goBack().catch(() => undefined);
  await page.goto(url);
  await page.locator('[data-status=completed] a').first().focus();
  await page.keyboard.press('Delete');
  await page.locator('[data-status=completed]').first().waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  await page.locator('[data-status=completed]').first().waitFor();
}

async function axeFindsNothing() {
  const opened = await browser.newContext({ bypassCSP: true });
  const look = await opened.newPage();
  for (const path of ['/', '/settings']) {
    for (const colorScheme of ['dark', 'light']) {
      for (const width of [390, 1440]) {
        await look.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await look.setViewportSize({ width, height: 844 });
        await look.goto(url + path);
        await look.locator('h1').waitFor();
        await look.addScriptTag({ content: axe });
        const found = await look.evaluate(async () => {
          const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
          const { violations } = await globalThis.axe.run({ runOnly: tags });
          return violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
        });
        assert.deepEqual(found, [], `${path} ${colorScheme} ${width}`);
        const over = await look.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(over <= 0, `${path} is ${over} pixels too wide at ${width}`);
      }
    }
  }
  await opened.close();
}

const steps = [
  emptyLibrary,
  wordsAreRead,
  promptToPlayingClip,
  cancelInTheMiddle,
  reloadKeepsEverything,
  favouriteAndUndo,
  axeFindsNothing,
];
try {
  for (const step of steps) {
    const began = Date.now();
    await step();
    console.log(`${step.name} ${Date.now() - began} ms`);
  }
  assert.deepEqual(broken, []);
} finally {
  await browser.close();
}
