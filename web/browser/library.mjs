// The library from a sentence to a playing clip, and everything that is done with a clip there.
import assert from 'node:assert/strict';
import { api, fresh, made, run, until, url } from './driver.mjs';

const page = await fresh();
const prompt = page.getByRole('textbox', { name: 'Prompt' });
const make = page.getByRole('button', { name: /^Make/ });
const done = page.locator('[data-status=completed]');

async function choose(chip, item) {
  await page.getByRole('button', { name: new RegExp(`^${chip}`) }).click();
  await page.getByRole('menuitemradio', { name: item, exact: true }).click();
}

async function anEmptyLibraryOffersBeginnings() {
  await page.goto(url);
  await page.getByRole('heading', { name: 'What should happen?' }).waitFor();
  await until(
    () => prompt.evaluate((field) => field === document.activeElement),
    'the prompt has no focus',
  );
  await page.getByRole('button', { name: /red sailboat/ }).click();
  assert.match(await prompt.inputValue(), /red sailboat/);
}

async function wordsAreReadAndNoneIsMarkup() {
  await prompt.fill('A fox <b>waves</b><img> in a bokeh forest at night');
  await page.locator('.pmirror mark.k-who', { hasText: 'fox' }).waitFor({ state: 'attached' });
  await page.locator('.pmirror mark.k-where', { hasText: 'forest' }).waitFor({ state: 'attached' });
  await page.getByText(/“bokeh”/).waitFor();
  assert.equal(await page.locator('.pmirror b, .pmirror img').count(), 0);
  await page.locator('[data-estimate] b').waitFor();
}

async function aSentenceBecomesAPlayingClip() {
  await prompt.fill('A fox waves in a forest at night');
  await page.getByRole('button', { name: /^Size/ }).click();
  await page.getByRole('menuitemradio', { name: /^16:9 small/ }).click();
  await choose('Length', '12 s');
  const previews = new Set();
  page.on('request', (request) => {
    if (request.url().includes('/previews/')) previews.add(request.url());
  });
  const asked = Date.now();
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-clip]').first().waitFor();
  console.log(`plate after ${Date.now() - asked} ms`);
  assert.equal(await prompt.inputValue(), 'A fox waves in a forest at night');
  assert.ok(await page.getByRole('progressbar').first().getAttribute('aria-valuenow'));
  await done.first().waitFor();
  assert.ok(previews.size >= 2, `${previews.size} previews`);
  await page.locator('.gate.fresh').first().waitFor();
  await page.getByRole('img', { name: 'Signed and marked' }).first().waitFor();
  await page.mouse.move(5, 5);
  await done.locator('.cover').first().hover();
  const video = page.locator('[data-status=completed] video');
  await video.waitFor();
  await until(() => video.evaluate((node) => node.currentTime > 0), 'it does not play');
  await page.mouse.move(5, 5);
  await video.waitFor({ state: 'detached' });
}

async function variationsAreOneSpread() {
  await prompt.fill('An owl sleeps in a forest');
  await choose('Length', '2 s');
  await choose('Variations', '2×');
  await page.getByRole('button', { name: 'Make 2' }).click();
  const spread = page.getByRole('region', { name: 'An owl sleeps in a forest' });
  await spread.locator('[data-status=completed]').nth(1).waitFor();
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.waitForURL(/compare\?ids=video_\w+,video_/);
  await page.goBack();
  await spread.waitFor();
  await choose('Variations', '1×');
}

async function aClipIsFoundAgain() {
  await page.getByRole('searchbox').fill('owl');
  await until(async () => (await page.locator('[data-clip]').count()) === 2, 'not two owls');
  assert.match(page.url(), /find=owl/);
  await page.reload();
  await until(async () => (await page.locator('[data-clip]').count()) === 2, 'not two owls');
  await page.getByRole('searchbox').fill('unheard of');
  await page.getByText('Nothing fits').waitFor();
  await page.getByRole('searchbox').fill('');
  await made('A panda waves', { quality: 'draft', style: 'neon' });
  await page.getByRole('radio', { name: 'Drafts' }).click();
  await until(async () => (await page.locator('[data-clip]').count()) === 1, 'not one draft');
  await page.getByRole('radio', { name: 'Everything' }).click();
  await page.getByRole('button', { name: 'Filters', exact: true }).click();
  await page
    .locator('.filters')
    .getByRole('button', { name: /^Style/ })
    .click();
  await page.getByRole('menuitemradio', { name: 'Neon', exact: true }).click();
  await until(async () => (await page.locator('[data-clip]').count()) === 1, 'not one neon clip');
  assert.match(page.url(), /style=neon/);
  await page.getByRole('button', { name: 'All filters off' }).click();
  await until(async () => (await page.locator('[data-clip]').count()) === 4, 'not all four');
}

async function favouritesAndDeletingAreUndone() {
  const heart = page.getByRole('button', { name: 'Favourite' }).first();
  await heart.click();
  await page.locator('.heart[aria-pressed=true]').waitFor();
  await page.keyboard.press('Control+z');
  await page.locator('.heart[aria-pressed=true]').waitFor({ state: 'detached' });
  await heart.click();
  await page.getByRole('radio', { name: 'Favourites' }).click();
  await until(async () => (await page.locator('[data-clip]').count()) === 1, 'not one favourite');
  await page.getByRole('radio', { name: 'Everything' }).click();
  await until(async () => (await page.locator('[data-clip]').count()) === 4, 'not all four');
  await done.locator('a.cover').first().focus();
  await page.keyboard.press('Delete');
  await until(async () => (await page.locator('[data-clip]').count()) === 3, 'it is still there');
  await page.keyboard.press('Control+z');
  await until(async () => (await page.locator('[data-clip]').count()) === 4, 'it is not back');
  assert.equal((await api('GET', '/videos')).data.length, 4);
}

async function theMenuOfAClipDoesWhatItSays() {
  const plate = page.locator('article.plate').first();
  await plate.locator('a.cover').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Edit and make again' }).click();
  assert.equal(await prompt.inputValue(), 'A panda waves');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  assert.equal(await prompt.inputValue(), 'An owl sleeps in a forest');
  await plate.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Use first frame' }).click();
  await page.locator('.pimage').waitFor();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await plate.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Change with words' }).click();
  await prompt.fill('at night');
  await page.locator('[data-estimate] b').waitFor();
  await make.click();
  await page.locator('.chip.op-edit', { hasText: 'edit of' }).waitFor();
  await page.getByRole('button', { name: /^Remove/ }).click();
  await page.keyboard.press('Escape');
}

async function filesAreDroppedAnywhere() {
  const dropped = await page.evaluateHandle(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    canvas.getContext('2d').fillRect(0, 0, 99, 99);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], 'frame.png', { type: 'image/png' }));
    transfer.items.add(new File(['text'], '<b>notes</b>.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.locator('h1').dispatchEvent('dragover', { dataTransfer: dropped });
  await page.locator('.lib.dropping').waitFor();
  await page.locator('h1').dispatchEvent('drop', { dataTransfer: dropped });
  await page.locator('.pimage', { hasText: 'frame.png' }).waitFor();
  await page.locator('.toast', { hasText: '<b>notes</b>.txt' }).waitFor();
  await page.getByLabel('What frame.png is for').selectOption('last');
  await page.getByRole('button', { name: 'Remove frame.png' }).click();
}

async function aRefusalNamesWhatIsAllowed() {
  await prompt.fill('A fox waves');
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('kinema-draft'));
    sessionStorage.setItem('kinema-draft', JSON.stringify({ ...kept, size: '7x7' }));
  });
  await page.reload();
  await page.locator('[data-problem]').waitFor();
  assert.match(await page.locator('[data-problem]').textContent(), /128/);
  assert.equal(await prompt.inputValue(), 'A fox waves');
  await page.getByRole('button', { name: /^Size/ }).click();
  await page.getByRole('menuitemradio', { name: /^16:9 small/ }).click();
  await page.locator('[data-problem]').waitFor({ state: 'detached' });
}

async function everythingIsFoundByName() {
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await field.fill('1');
  await page.getByRole('option', { name: /No\. 1/ }).click();
  await page.waitForURL(/\/c\/video_/);
  await page.goBack();
  await page.locator('[data-clip]').first().waitFor();
  await page.keyboard.press('Control+k');
  await field.fill('storage');
  await page.keyboard.press('Enter');
  await page.waitForURL(/settings#storage/);
  await page.goBack();
  await page.locator('[data-clip]').first().waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

await run(
  anEmptyLibraryOffersBeginnings,
  wordsAreReadAndNoneIsMarkup,
  aSentenceBecomesAPlayingClip,
  variationsAreOneSpread,
  aClipIsFoundAgain,
  favouritesAndDeletingAreUndone,
  theMenuOfAClipDoesWhatItSays,
  filesAreDroppedAnywhere,
  aRefusalNamesWhatIsAllowed,
  everythingIsFoundByName,
);
