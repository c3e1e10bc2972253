// One clip: played by frames, read, changed in six ways, cancelled, reloaded, deleted and brought back.
import assert from 'node:assert/strict';
import {
  api,
  ended,
  fresh,
  isClean,
  looksLike,
  made,
  PATIENCE,
  run,
  until,
  url,
} from './driver.mjs';

const WORDS = 'A fox jumps for joy beside an owl in a moonlit forest, 35mm';
const [fox] = await made(WORDS, { seconds: 2, variations: 2, seed: 41702 });
const [panda] = await made('A panda walks across a snowy field at dusk', { seed: 3 });
const page = await fresh();
const sheet = page.locator('form.sheet');
const words = sheet.locator('textarea');

const frame = async () => Number(await page.locator('[data-frame]').getAttribute('data-frame'));
const isAt = (wanted) => until(async () => (await frame()) === wanted, `not at frame ${wanted}`);
const film = page.locator('[data-player] video');

/** What is on the screen is the frame that the clock says. */
async function isSeen() {
  await until(
    async () => !(await film.evaluate((node) => node.seeking)),
    'the film does not come to rest',
  );
  const at = await film.evaluate((node) => node.currentTime);
  assert.equal(Math.floor(at * 24 + 1e-4), await frame());
}

async function open(id, act) {
  await page.goto(`${url}/c/${id}${act ? `?do=${act}` : ''}`);
  await page.locator('[data-player] video').waitFor();
  await until(() => film.evaluate((node) => node.readyState >= 2), 'the film does not load');
}

async function itPlaysByFrames() {
  await open(fox.id);
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('.');
  await isAt(3);
  await page.keyboard.press(',');
  await isAt(2);
  await isSeen();
  const strip = page.getByRole('slider', { name: 'Position' });
  await strip.focus();
  await page.keyboard.press('Shift+ArrowRight');
  await isAt(26);
  await page.keyboard.press('ArrowLeft');
  await isAt(25);
  await isSeen();
  assert.match(await strip.getAttribute('aria-valuetext'), /00:01:01, frame 26 of 48/);
  await strip.fill('7');
  await isAt(7);
  await isSeen();
}

async function itIsWoundWithJKL() {
  await page.keyboard.press('k');
  await until(async () => (await frame()) > 9, 'K does not play');
  await page.keyboard.press('k');
  await page.keyboard.press('l');
  await page.keyboard.press('l');
  await page.getByRole('button', { name: /Speed: 2×/ }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('slider', { name: 'Position' }).fill('40');
  await page.keyboard.press('j');
  await until(async () => (await frame()) < 30, 'J does not go back');
  await page.keyboard.press('k');
  await isSeen();
}

async function spacePlaysWhereNothingElseTakesIt() {
  await page.locator('h1').click();
  const before = await frame();
  await page.keyboard.press(' ');
  await until(async () => (await frame()) !== before, 'Space does not play');
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
}

async function aPartIsPlayedAgainAndAgain() {
  const strip = page.getByRole('slider', { name: 'Position' });
  await strip.fill('12');
  await page.keyboard.press('i');
  await strip.fill('20');
  await strip.focus();
  await page.keyboard.press('o');
  await page.getByText('00:00:12 – 00:00:20').waitFor();
  await page.keyboard.press('k');
  const seen = new Set();
  const end = Date.now() + 2500;
  while (Date.now() < end) seen.add(await frame());
  await page.keyboard.press('k');
  assert.ok(
    [...seen].every((one) => one >= 12 && one <= 21),
    [...seen].join(),
  );
  assert.ok(seen.size > 3);
  await page.getByRole('button', { name: 'play all of it' }).click();
}

async function itsPromptIsReadWordByWord() {
  const read = page.locator('.read');
  await read.locator('.rw.k-who', { hasText: 'owl' }).waitFor();
  await read.locator('.rw.k-when', { hasText: 'night' }).waitFor();
  await read.locator('.rw.k-lost', { hasText: 'left out' }).waitFor();
  await read.getByText(/“35mm” was left out/).waitFor();
  const facts = page.locator('.facts');
  for (const fact of ['41702', '2 s · 48 frames at 24', 'exact render']) {
    await facts.getByText(fact).waitFor();
  }
}

/** Fill in the sheet of an action, look, submit, and come to the clip that it makes. */
async function act(name, fill, { waits = true } = {}) {
  await open(fox.id, name);
  await fill?.();
  if (waits) await sheet.locator('[data-sketch]').waitFor({ timeout: PATIENCE });
  await sheet.locator('button[data-estimate]').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL((address) => !address.pathname.endsWith(fox.id));
  const id = new URL(page.url()).pathname.split('/').at(-1);
  await page.locator('[data-player]').waitFor({ timeout: PATIENCE });
  const clip = await ended(id);
  assert.equal(clip.status, 'completed');
  assert.equal(clip.kinema.source, fox.id);
  await page.locator(`.family a[aria-current=page][href="/c/${id}"]`).waitFor();
  await page.locator(`.family a[href="/c/${fox.id}"]`).waitFor();
  return clip;
}

async function eachActionMakesAnotherClip() {
  const before = (await api('GET', `/videos/${fox.id}`)).kinema.fingerprint;
  const remix = await act('remix', async () => {
    await words.fill('Snow is falling in the morning');
    await sheet.getByText('time: night → morning').waitFor();
    await sheet.getByText('keeps staging').waitFor();
    await sheet.getByRole('button', { name: 'Strong' }).click();
    await sheet.getByText('new places').waitFor();
    await sheet.getByRole('button', { name: 'Subtle' }).click();
  });
  assert.equal(remix.kinema.task, 'remix');
  assert.equal(remix.kinema.seed, 41702);
  const extended = await act('extend', async () => {
    await words.fill('a bear walks in');
    await sheet.getByRole('radio', { name: '2 s', exact: true }).click();
    await sheet.getByText('4 s in all').waitFor();
    await sheet.getByText('joins at 2 s').waitFor();
  });
  assert.equal(extended.seconds, '4');
  const edited = await act('edit', () => words.fill('the fox is blue'));
  assert.equal(edited.kinema.task, 'edit');
  const painted = await act('edit', paint);
  assert.equal(painted.kinema.task, 'region_edit');
  const wider = await act('edit', async () => {
    await sheet.getByRole('radio', { name: 'Outside' }).click();
    await sheet.getByRole('button', { name: '1:1' }).click();
  });
  assert.deepEqual([wider.kinema.task, wider.size], ['outpaint', '720x720']);
  const looped = await act('loop', async () => {
    await sheet.getByRole('slider', { name: 'End' }).fill('1.5');
  });
  assert.equal(looped.seconds, '1.5');
  const blended = await act('blend', async () => {
    await sheet.getByRole('button', { name: 'Choose' }).click();
    const chooser = page.getByRole('dialog');
    await chooser.getByRole('searchbox').fill('panda');
    await chooser
      .getByRole('button', { name: /^A panda walks/ })
      .first()
      .click();
    await sheet.getByRole('radio', { name: 'Dip' }).click();
  });
  assert.equal(blended.kinema.task, 'blend');
  const recut = await act('recut', async () => {
    await words.fill('in the rain');
    await sheet.getByRole('slider', { name: 'Beginning' }).fill('1');
    await page.locator('.fstrip-off').first().waitFor();
  });
  assert.equal(recut.kinema.task, 'recut');
  assert.equal((await api('GET', `/videos/${fox.id}`)).kinema.fingerprint, before);
  assert.notEqual(recut.kinema.fingerprint, before);
}

/** Once with the mouse and once with keys. */
async function paint() {
  await sheet.getByRole('radio', { name: 'Brush' }).click();
  await words.fill('a cat sits there');
  const canvas = page.locator('canvas.brush');
  const { width, height } = await canvas.boundingBox();
  const over = (x, y) => canvas.hover({ position: { x: width * x, y: height * y } });
  await over(0.2, 0.6);
  await page.mouse.down();
  await over(0.7, 0.7);
  await page.mouse.up();
  assert.ok((await painted(canvas, 0.45, 0.65)) > 0, 'the mouse paints nothing');
  await canvas.focus();
  assert.equal(await painted(canvas, 0.52, 0.3), 0);
  for (let n = 0; n < 11; n += 1) await page.keyboard.press('ArrowUp');
  for (const key of ['ArrowRight', ' ']) await page.keyboard.press(key);
  await words.focus();
  assert.ok((await painted(canvas, 0.52, 0.28)) > 0, 'Space paints nothing');
}

/** How much paint there is in one place. */
function painted(canvas, x, y) {
  return canvas.evaluate(
    (node, [across, down]) => {
      const context = node.getContext('2d');
      return context.getImageData(across * node.width, down * node.height, 1, 1).data[3];
    },
    [x, y],
  );
}

async function whatIsMissingOrWrongIsSaidBeforeIt() {
  await open(fox.id, 'remix');
  assert.equal(await sheet.locator('button.lamp').isDisabled(), true);
  await words.fill('bokeh qwertz');
  await sheet.getByRole('alert').waitFor();
  assert.equal(await sheet.locator('button.lamp').isDisabled(), true);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
}

async function nothingTypedIsLost() {
  await page.keyboard.press('r');
  await words.fill('half a sentence');
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  assert.equal(await words.inputValue(), '');
  await words.fill('another');
  await page.reload();
  assert.equal(await words.inputValue(), 'another');
  assert.match(page.url(), /do=extend/);
  await page.goto(`${url}/c/${fox.id}?do=remix`);
  assert.equal(await words.inputValue(), 'half a sentence');
  await page.keyboard.press('Escape');
  await page.goto(url);
  await page.locator('[data-status=completed] .cover').first().waitFor();
  const opening = await page.evaluate(async () => {
    const began = performance.now();
    document.querySelector('[data-status=completed] .cover').click();
    while (!document.querySelector('[data-player]')) await new Promise(requestAnimationFrame);
    return performance.now() - began;
  });
  console.log(`a clip opened in ${opening.toFixed(0)} ms`);
  await page.goBack();
  await page.locator('[data-clip]').first().waitFor();
  await page.goForward();
  await page.locator('[data-player]').waitFor();
}

async function aFormingClipIsCancelledAndTriedAgain() {
  const wish = { prompt: 'A bear runs through the snow', model: 'animatic', size: '1280x720' };
  const { data } = await api('POST', '/kinema/generations', { ...wish, seconds: 20, seed: 9 });
  const [bear] = data;
  await page.goto(`${url}/c/${bear.id}`);
  await page.locator('.clip .gate img').waitFor({ timeout: PATIENCE });
  await page.reload();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText('This clip was cancelled.').waitFor();
  await page.getByRole('button', { name: 'Try again with same seed' }).click();
  await page.waitForURL((address) => !address.pathname.endsWith(bear.id));
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText('This clip was cancelled.').waitFor();
}

async function whatCannotBeSentIsKeptAndSentLater() {
  await open(fox.id, 'remix');
  await words.fill('a rainbow after the rain');
  await sheet.locator('button[data-estimate]').waitFor();
  await page.route('**/v1/kinema/generations', (route) => route.abort());
  await page.keyboard.press('Control+Enter');
  await page.getByText('Kept here; it is sent when the server is back.').waitFor();
  await page.unroute('**/v1/kinema/generations');
  await page.reload();
  const sought = '/kinema/search?task=remix&text=rainbow';
  await until(async () => (await api('GET', sought)).data.length === 1, 'it was not sent');
}

async function theWordsOfCardsAreCaptions() {
  const cards = [
    { prompt: 'A fox runs in the snow', seconds: 1 },
    { prompt: 'An owl sits on a log', seconds: 1 },
  ];
  const [board] = await made(undefined, { task: 'storyboard', cards, seconds: 2 });
  await open(board.id);
  await page.locator('.subtitle', { hasText: 'A fox runs' }).waitFor();
  await page.getByRole('slider', { name: 'Position' }).fill('30');
  await page.locator('.subtitle', { hasText: 'An owl sits' }).waitFor();
  await page.getByRole('button', { name: 'Captions' }).click();
  await page.locator('.subtitle').waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.locator('.subtitle').waitFor();
}

async function aDeletedClipComesBack() {
  await open(panda.id);
  await page.keyboard.press('Delete');
  await page.getByText('Deleted').waitFor();
  await page.keyboard.press('Control+z');
  await page.locator(`[data-clip="${panda.id}"]`).waitFor();
  await page.waitForTimeout(6500);
  assert.equal((await api('GET', `/videos/${panda.id}`)).status, 'completed');
}

async function aPromptIsNeverMarkup() {
  const nasty = 'A fox <img src=x onerror="document.title=1"> \u202e</h1><script>1</script>';
  const [clip] = await made(nasty, { seed: 5 });
  await open(clip.id);
  assert.equal(await page.locator('h1').textContent(), nasty);
  assert.equal(await page.locator('.clip-side img, .clip-side script').count(), 0);
  await isClean(page, 'a prompt with markup');
}

/** What is another time each time is not compared. */
const STILL = `.facts > div:last-child, .clip-side section:last-child, .leader b { visibility: hidden; }
  * { caret-color: transparent !important; }`;

async function itLooksAsItDid() {
  for (const [name, colorScheme] of [
    ['clip', 'dark'],
    ['remix', 'light'],
  ]) {
    const look = await fresh({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' });
    await look.goto(`${url}/c/${fox.id}${name === 'clip' ? '' : `?do=${name}`}`);
    await look.addStyleTag({ content: STILL });
    if (name !== 'clip') {
      await look.locator('form.sheet textarea').fill('Snow is falling in the morning');
      await look.locator('[data-sketch]').waitFor();
      await look.locator('button[data-estimate]').evaluate((node) => {
        node.style.visibility = 'hidden'; // it says another time each time
      });
    }
    const seen = () => look.locator('[data-player] video').evaluate((node) => node.readyState >= 2);
    await until(seen, 'the film does not load');
    await look.locator('.read').waitFor();
    await look.waitForTimeout(500);
    await looksLike(look, `${name}-${colorScheme}`);
    await look.context().close();
  }
}

const LOOKS = ['', 'remix', 'extend', 'edit', 'loop', 'blend', 'recut'];

async function axeFindsNothing() {
  for (const colorScheme of ['dark', 'light']) {
    const look = await fresh({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' });
    for (const name of LOOKS) {
      for (const width of name ? [390, 1440] : [320, 390, 1440, 2560]) {
        await look.setViewportSize({ width, height: 900 });
        await look.goto(`${url}/c/${fox.id}${name ? `?do=${name}` : ''}`);
        await look.locator(name ? 'form.sheet' : '.player').waitFor();
        if (name === 'edit') await look.getByRole('radio', { name: 'Brush' }).click();
        if (!name) await look.getByRole('button', { name: 'copy as' }).click();
        await isClean(look, `clip ${name} ${colorScheme} ${width}`);
      }
    }
    await look.context().close();
  }
}

await run(
  itPlaysByFrames,
  itIsWoundWithJKL,
  spacePlaysWhereNothingElseTakesIt,
  aPartIsPlayedAgainAndAgain,
  itsPromptIsReadWordByWord,
  itLooksAsItDid,
  eachActionMakesAnotherClip,
  whatIsMissingOrWrongIsSaidBeforeIt,
  nothingTypedIsLost,
  whatCannotBeSentIsKeptAndSentLater,
  aFormingClipIsCancelledAndTriedAgain,
  theWordsOfCardsAreCaptions,
  aDeletedClipComesBack,
  aPromptIsNeverMarkup,
  axeFindsNothing,
);
