// Drives the storyboard of a running server in Chromium: built by keyboard alone, made, changed,
// made again, exported, and open in two browsers. Prints `kill the worker` where whoever runs this
// is to do so, and the paths of what was exported. Fails by throwing.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [url, executablePath, downloads] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const PATIENCE = 120_000;
const SCRIPT = `Title: The fox
Cast: Fig = a small orange fox
Size: 320x180
Fps: 12
Quality: draft

EXT. FOREST - NIGHT

Fig waves. [[1s]]

NARRATOR
Fig could not sleep.

DISSOLVE TO:

EXT. MEADOW - NOON

Fig jumps for joy. [[1s]]`;

const broken = [];
async function fresh(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) broken.push(message.text());
  });
  return page;
}

const page = await fresh();
let address = '';
const cards = (on = page) => on.locator('[data-card]');
const face = (number, on = page) =>
  on.getByRole('button', { name: new RegExp(`^Card ${number} of`) });
const sentence = (on = page) => on.getByRole('textbox', { name: 'What happens', exact: true });
const make = (on = page) => on.locator('[data-make]');

/** The sentences of the cards, in the order of the time line. */
async function told(on = page) {
  const names = await on
    .locator('.sb-card-face')
    .evaluateAll((all) => all.map((one) => one.ariaLabel));
  return names.map((name) => name.replace(/^.*?: /, ''));
}
/** Go on with Tab until what has the focus is called so. */
async function tabTo(name, on = page) {
  for (let count = 0; count < 120; count += 1) {
    const label = await on.evaluate(() => {
      const node = document.activeElement;
      return node?.ariaLabel || node?.textContent?.trim() || '';
    });
    if (name.test(label)) return;
    await on.keyboard.press('Tab');
  }
  assert.fail(`no Tab leads to ${name}`);
}
/** Wait until the server has everything that was done. */
async function saved(on = page) {
  await on.waitForFunction(
    () => !Object.keys(localStorage).some((one) => one.startsWith('kinema-board:')),
    null,
    { timeout: PATIENCE },
  );
}
async function allMade(on = page) {
  await on.locator('[data-make="0"]').getByText('all made').waitFor({ timeout: PATIENCE });
}
async function makeAll(on = page) {
  await saved(on);
  await make(on).click();
  await on
    .getByRole('dialog')
    .getByRole('button', { name: /^Make \d/ })
    .click();
}

async function builtByKeyboardAlone() {
  await page.goto(`${url}/s`);
  await page.getByRole('heading', { name: 'What is the story?' }).waitFor();
  await tabTo(/^From script$/);
  await page.keyboard.press('Enter');
  await tabTo(/^Script$|^$/);
  await page.getByRole('textbox', { name: 'Script' }).focus();
  await page.keyboard.insertText(SCRIPT);
  await page.getByText('2 cards').waitFor();
  await tabTo(/^Lay out cards$/);
  await page.keyboard.press('Enter');
  await cards().nth(1).waitFor();
  address = page.url();
  assert.deepEqual(await told(), ['Fig waves', 'Fig jumps for joy']);

  // A new card behind the first one, moved to the end and lifted back to the front.
  await face(1).focus();
  await page.keyboard.press('n');
  await page.waitForFunction(() => document.activeElement?.ariaLabel === 'What happens');
  await page.keyboard.insertText('A panda waves');
  await face(2).focus();
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[1]?.ariaLabel?.includes('panda'),
  );
  await page.keyboard.press('Alt+ArrowRight');
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[2]?.ariaLabel?.includes('panda'),
  );
  await face(3).focus();
  await page.keyboard.press('Space');
  await page.getByText('Card 3 is lifted.').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowLeft');
  await page.getByText('Card 3 would be at place 2.').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowLeft');
  await page.getByText('Card 3 would be at place 1.').waitFor({ state: 'attached' });
  await page.keyboard.press('Space');
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[0]?.ariaLabel?.includes('panda'),
  );
  assert.deepEqual(await told(), ['A panda waves', 'Fig waves', 'Fig jumps for joy']);

  // Its length, by the slider and its arrows; its words, by typing.
  await face(1).focus();
  await tabTo(/^Length/);
}

async function lengthAndWords() {
  await face(1).focus();
  const length = page.getByRole('slider', { name: /^Length/ });
  await length.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: /^Card 1 of 3, 1 seconds: A panda/ }).waitFor();
  await page.getByRole('textbox', { name: 'Say or show something…' }).fill('Hello.');
  await page.keyboard.press('Enter');
  await page.locator('.sb-said.caption', { hasText: 'Hello.' }).waitFor();
  await page.getByRole('radio', { name: 'dissolve' }).click();
  await page.locator('.sb-bend').nth(1).waitFor({ state: 'attached' });
  await saved();
}

async function draggedByMouse() {
  const drag = async (from, shift) => {
    const box = await from.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + shift / 2, y, { steps: 4 });
    await page.mouse.move(x + shift, y, { steps: 4 });
    await page.mouse.up();
  };
  const before = await told();
  await drag(face(1), 700);
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[2]?.ariaLabel?.includes('panda'),
  );
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[0]?.ariaLabel?.includes('panda'),
  );
  assert.deepEqual(await told(), before);
  const { width } = await cards().nth(2).boundingBox(); // of one second, without the gap
  await drag(page.locator('.sb-edge').nth(2), 2 * (width + 3));
  await page.getByRole('button', { name: /^Card 3 of 3, 3 seconds/ }).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: /^Card 3 of 3, 1 seconds/ }).waitFor();
  await saved();
}

async function undoAndRedoOutliveAReload() {
  await face(2).focus();
  await page.keyboard.press('Delete');
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 2);
  await saved();
  await page.reload();
  await cards().nth(1).waitFor();
  assert.equal(await cards().count(), 2);
  await face(1).focus();
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 3);
  await page.keyboard.press('Control+Shift+Z');
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 2);
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 3);
  await saved();
  assert.deepEqual(await told(), ['A panda waves', 'Fig waves', 'Fig jumps for joy']);
}

async function madeThoughTheWorkerIsKilled() {
  await makeAll();
  await page.locator('.sb-card-face .leader').first().waitFor();
  console.log('kill the worker');
  await allMade();
  assert.equal(await page.locator('.sb-card-face .paper').count(), 0);
}

async function theCutPlaysWithItsCaptions() {
  await page.keyboard.press('Home');
  await page.locator('.sb-shown video').first().waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Play' }).click();
  await page.locator('.sb-subtitle', { hasText: 'Hello.' }).waitFor();
  await page.locator('.sb-subtitle', { hasText: 'Fig could not sleep.' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  const moving = await page
    .locator('.sb-shown video[data-seen=true]')
    .first()
    .evaluate((node) => node.currentTime);
  assert.ok(moving > 0);
  await page.keyboard.press('Home');
  await page.keyboard.press('.');
  await page.locator('.sb-clock', { hasText: '00:00:01' }).waitFor();
}

async function onlyWhatChangedIsMadeAgain() {
  await page.getByText('all made').first().waitFor();
  await face(3).click();
  await sentence().fill('Fig dances');
  await page.locator('.sb-card-face .fold').waitFor();
  await page.getByText('1 not made yet').waitFor();
  await saved();
  await make().click();
  const plan = page.getByRole('dialog');
  await plan.getByText('2 stay as they are.').waitFor();
  assert.equal(await plan.locator('.sb-plan li').count(), 1);
  await plan.getByRole('button', { name: 'Make 1 missing' }).click();
  await allMade();
  assert.equal(await page.locator('.sb-card-face .fold').count(), 0);
}

async function takesAreChosenAndHadBack() {
  await face(2).click();
  await page.getByRole('button', { name: 'Make another take' }).click();
  await page.locator('.sb-takes img').nth(1).waitFor({ timeout: PATIENCE });
  await page.waitForFunction(
    () => document.querySelectorAll('.sb-takes > button:not(.more):not(:disabled)').length === 2,
    null,
    { timeout: PATIENCE },
  );
  const chosen = () => page.locator('.sb-takes [aria-pressed=true]').getAttribute('aria-label');
  const before = await chosen();
  await face(2).focus();
  await page.keyboard.press('Shift+T');
  await page.waitForFunction(
    (was) => document.querySelector('.sb-takes [aria-pressed=true]')?.ariaLabel !== was,
    before,
  );
}

async function captionsInAnotherLanguage() {
  await page.getByRole('radio', { name: 'Captions' }).click();
  await page.getByRole('combobox', { name: 'Another language' }).selectOption('de');
  const field = page.getByRole('textbox', { name: /^Words at/ }).first();
  await field.fill('Hallo.');
  await page.locator('.sb-subtitle[lang=de]', { hasText: 'Hallo.' }).waitFor();
  await page.getByRole('combobox', { name: 'Language', exact: true }).selectOption('en');
  await page.locator('.sb-said.caption', { hasText: 'Hello.' }).waitFor();
  await page.getByRole('radio', { name: 'Card', exact: true }).click();
  await saved();
}

async function twoBrowsersOnOneProject() {
  const other = await fresh();
  await other.goto(address);
  await cards(other).nth(2).waitFor();
  await face(1).click();
  await face(3, other).click();
  await sentence().fill('A panda walks');
  await sentence(other).fill('Fig runs');
  const both = ['A panda walks', 'Fig waves', 'Fig runs'].join();
  for (const one of [page, other]) {
    await one.waitForFunction((wanted) => {
      const names = [...document.querySelectorAll('.sb-card-face')].map((node) => node.ariaLabel);
      return names.map((name) => name.replace(/^.*?: /, '')).join() === wanted;
    }, both);
  }
  // The same sentence in both while one of them hears nothing: it is told, and nothing is lost.
  await other.context().setOffline(true);
  await sentence(other).fill('Fig sleeps');
  await other.waitForFunction(() =>
    Object.keys(localStorage).some((one) => one.startsWith('kinema-board:')),
  );
  await face(3).click();
  await sentence().fill('Fig swims');
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[2]?.ariaLabel?.includes('swims'),
  );
  await saved();
  await other.context().setOffline(false);
  const notice = other.getByRole('alert').filter({ hasText: 'Another window changed the same' });
  await notice.getByText('Fig sleeps').waitFor();
  await other.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[2]?.ariaLabel?.includes('swims'),
  );
  await notice.getByRole('button', { name: 'Use mine' }).click();
  await page.waitForFunction(() =>
    document.querySelectorAll('.sb-card-face')[2]?.ariaLabel?.includes('sleeps'),
  );
  await other.context().close();
  await page.getByRole('textbox', { name: 'Title of the film' }).fill('<b>The fox</b>');
  await saved();
  assert.equal(await page.locator('h1 b').count(), 0);
}

async function theScriptIsWrittenOn() {
  const before = await told();
  await page.getByRole('button', { name: /^More/ }).last().click();
  await page.getByRole('menuitem', { name: 'From script' }).click();
  const sheet = page.getByRole('dialog');
  const script = sheet.getByRole('textbox', { name: 'Script' });
  await script.fill(`${await script.inputValue()}\n.BEACH - NOON\n\nA dog runs. [[1s]]\n`);
  await sheet.getByText('4 cards').waitFor();
  await sheet.getByRole('button', { name: 'Lay out cards' }).click();
  await cards().nth(3).waitFor();
  assert.deepEqual(await told(), [...before, 'A dog runs']);
  await face(1).focus();
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelectorAll('[data-card]').length === 3);
  assert.deepEqual(await told(), before);
  await saved();
}

async function exported(as, name) {
  await page.getByRole('button', { name: 'Export cut' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name, exact: true }).click();
  await sheet.getByRole('button', { name: 'Export', exact: true }).click();
  const row = sheet.locator(`[data-export="${as}"][data-state=completed]`);
  await row.first().waitFor({ timeout: PATIENCE });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    row.first().getByRole('link', { name: 'Download' }).click(),
  ]);
  const path = `${downloads}/${as}-${file.suggestedFilename()}`;
  await file.saveAs(path);
  console.log(`exported ${path}`);
  await page.keyboard.press('Escape');
  return path;
}

async function takenBackIn(path) {
  await page.getByRole('button', { name: /^More/ }).last().click();
  await page.getByRole('menuitem', { name: 'Import' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('File to import').setInputFiles(path);
  await sheet.waitFor({ state: 'detached' });
}

async function theCutIsExported() {
  await makeAll();
  await allMade();
  const before = await told();
  const cut = await exported('otio', 'OTIO');
  await exported('mp4', 'MP4');
  const captions = await exported('vtt', 'WebVTT');
  await takenBackIn(cut);
  assert.deepEqual(await told(), before);
  await page.locator('[data-make="0"]').waitFor();
  const words = (await readFile(captions, 'utf8')).replace('Hello.', 'Good evening.');
  await writeFile(`${downloads}/the-fox.en.vtt`, words);
  await takenBackIn(`${downloads}/the-fox.en.vtt`);
  await page.locator('.sb-said.caption', { hasText: 'Good evening.' }).waitFor();
  await face(1).focus();
  await page.keyboard.press('Control+z');
  await page.locator('.sb-said.caption', { hasText: 'Hello.' }).waitFor();
  await saved();
  const frames = await page.locator('.sb-clock em').textContent();
  console.log(`length ${frames.replace('/', '').trim()}`);
  const placed = await page
    .locator('[data-card]')
    .evaluateAll((all) => all.map((one) => one.dataset.span));
  console.log(`cards ${placed.join(' ')}`);
}

async function reloadAndBack() {
  await face(2).click();
  await page.waitForURL(/[?&]t=/);
  await page.reload();
  await cards().nth(2).waitFor();
  assert.notEqual(await page.locator('.sb-clock').textContent(), null);
  await page.getByRole('link', { name: 'Storyboards' }).click();
  await page.locator('.sb-board').first().waitFor();
  await page.goBack();
  await cards().nth(2).waitFor();
  assert.match(page.url(), /\/s\/board_/);
}

async function forFeedsInThreeFormats() {
  await page.goto(`${url}/s`);
  await page.getByRole('button', { name: 'From script' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('textbox', { name: 'Script' }).fill('A cat sleeps.\n\nA cat wakes up.');
  await sheet.getByRole('radio', { name: /^For feeds/ }).click();
  await sheet.getByRole('checkbox', { name: '1:1' }).uncheck();
  await sheet.getByRole('button', { name: 'Lay out cards' }).click();
  await cards().nth(1).waitFor();
  await page.locator('[data-make="4"]').waitFor();
  await page.getByRole('button', { name: 'Export cut' }).click();
  assert.equal(await page.getByRole('dialog').locator('input[type=radio]').count(), 2);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^More/ }).last().click();
  await page.getByRole('menuitem', { name: 'Delete storyboard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete storyboard' }).click();
  await page.getByRole('button', { name: 'Delete it with all versions' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.sb-board').length === 1);
}

async function fortyCardsAndFiftyStepsBack() {
  const script = Array.from(
    { length: 40 },
    (_, at) => `Card ${at} \u202e<i>x</i> ${'long'.repeat(20)}.`,
  );
  const made = await page.evaluate(async (text) => {
    const body = JSON.stringify({ kind: 'film', script: text });
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/v1/kinema/storyboards', { method: 'POST', headers, body })).json();
  }, script.join('\n\n'));
  await page.goto(`${url}/s/${made.id}`);
  await cards().nth(39).waitFor();
  const before = await told();
  assert.equal(await page.locator('.sb i i, .sb-card-face i').count(), 0);
  await face(1).focus();
  const began = Date.now();
  for (let count = 0; count < 39; count += 1) await page.keyboard.press('Alt+ArrowRight');
  for (let count = 0; count < 11; count += 1) await page.keyboard.press('Alt+ArrowLeft');
  console.log(`one step in forty cards takes ${Math.round((Date.now() - began) / 50)} ms`);
  assert.notDeepEqual(await told(), before);
  for (let count = 0; count < 50; count += 1) await page.keyboard.press('Control+z');
  assert.deepEqual(await told(), before);
  await saved();
  await page.reload();
  await cards().nth(39).waitFor();
  assert.deepEqual(await told(), before);
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(over <= 0, `forty cards are ${over} pixels too wide`);
}

async function axeFindsNothing() {
  const look = await fresh({ bypassCSP: true });
  for (const path of ['/s', address.slice(url.length)]) {
    for (const colorScheme of ['dark', 'light']) {
      for (const width of [390, 1440, 2560]) {
        await look.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await look.setViewportSize({ width, height: 900 });
        await look.goto(url + path);
        await look.locator('.sb-board, [data-card]').first().waitFor();
        await look.addScriptTag({ content: axe });
        for (const pane of path === '/s' ? [null] : ['Script', 'Captions', 'Card']) {
          if (pane === 'Script' && width > 1800) continue; // it has a place of its own there
          if (pane) await look.getByRole('radio', { name: pane, exact: true }).click();
          const found = await look.evaluate(async () => {
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
            const { violations } = await globalThis.axe.run({ runOnly: tags });
            return violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
          });
          assert.deepEqual(found, [], `${path} ${pane} ${colorScheme} ${width}`);
        }
        const over = await look.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(over <= 0, `${path} is ${over} pixels too wide at ${width}`);
      }
    }
  }
  await look.context().close();
}

const steps = [
  builtByKeyboardAlone,
  lengthAndWords,
  draggedByMouse,
  undoAndRedoOutliveAReload,
  madeThoughTheWorkerIsKilled,
  theCutPlaysWithItsCaptions,
  onlyWhatChangedIsMadeAgain,
  takesAreChosenAndHadBack,
  captionsInAnotherLanguage,
  twoBrowsersOnOneProject,
  theScriptIsWrittenOn,
  theCutIsExported,
  reloadAndBack,
  forFeedsInThreeFormats,
  fortyCardsAndFiftyStepsBack,
  axeFindsNothing,
];
try {
  for (const step of steps) {
    const began = Date.now();
    await step();
    console.log(`${step.name} ${Date.now() - began} ms`);
  }
  assert.deepEqual(broken, []);
} catch (error) {
  await page.screenshot({ path: `${downloads}/failed.png` });
  throw error;
} finally {
  await browser.close();
}
