// Every screen and state in both themes: axe, widths, zoom, forced colours, the keyboard alone, other
// writing systems, and each screen beside its committed picture.
import assert from 'node:assert/strict';
import { api, fresh, isClean, looksLike, made, run, until, url } from './driver.mjs';

const STILL = `.age, .leader b, .est b, [role=timer] { visibility: hidden !important; }
  * { caret-color: transparent !important; }`;

const [spread] = await made('A fox jumps for joy beside an owl in a moonlit forest', {
  variations: 4,
  size: '640x360',
});
await made('A red sailboat glides over a lake at sunset', { size: '640x360', seed: 2 });
await made('A frog sits in a street in a city', { size: '360x640', seed: 3 });
const [panda] = await made('A panda waves in the falling snow', { size: '640x360', seed: 4 });
const wish = { task: 'remix', video: { id: panda.id }, prompt: 'at night', strength: 0.35 };
const [remix] = (await api('POST', '/kinema/generations', wish)).data;
await until(
  async () => (await api('GET', `/videos/${remix.id}`)).status === 'completed',
  'no remix was made',
);
await api('POST', '/videos/characters', {
  name: 'Bo',
  video: { id: panda.id },
  looks: 'a small panda',
});
await api('POST', '/kinema/looks', { name: 'Winter tale', words: 'snow', style: 'watercolour' });

/** Name, address, and what is done there before it is looked at. */
const SCREENS = [
  ['library', '/', (page) => page.locator('img.vid').nth(5).waitFor()],
  [
    'reading',
    '/',
    async (page) => {
      const prompt = page.getByRole('textbox', { name: 'Prompt' });
      await prompt.fill('The fox watches the owl in a night forest, fireflies, 35mm');
      await page.getByText(/“35mm”/).waitFor();
      await page.locator('[data-estimate] b').waitFor({ state: 'attached' });
    },
  ],
  [
    'styles',
    '/',
    async (page) => {
      await page.getByRole('button', { name: /^Style/ }).click();
      await page.getByRole('menuitemradio', { name: 'Winter tale' }).waitFor();
    },
  ],
  [
    'menu',
    '/',
    async (page) => {
      await page.locator('article.plate').first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Remix' }).waitFor();
    },
  ],
  [
    'filters',
    '/?filters=&task=remix&find=night',
    (page) => page.locator('[data-clip]').first().waitFor(),
  ],
  ['nothing', '/?find=zzz', (page) => page.getByText('Nothing fits').waitFor()],
  [
    'keys',
    '/',
    async (page) => {
      await page.locator('[data-clip]').first().waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    },
  ],
  [
    'palette',
    '/',
    async (page) => {
      await page.locator('[data-clip]').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('panda');
      await page.getByRole('option', { name: /panda/ }).first().waitFor();
    },
  ],
  ['live', '/live', (page) => page.getByRole('button', { name: /golden meadow/ }).waitFor()],
  [
    'characters',
    '/characters',
    async (page) => {
      const clip = page.locator('[data-character] video');
      await until(() => clip.evaluate((node) => node.readyState >= 2), 'no clip is shown');
    },
  ],
  [
    'new-character',
    `/characters?from=${panda.id}`,
    (page) => page.locator('[aria-checked=true]').last().waitFor(),
  ],
  ['looks', '/characters?show=looks&new=1', (page) => page.locator('[data-look]').waitFor()],
  ['settings', '/settings', (page) => page.locator('.model-card').nth(2).waitFor()],
];
/** Those of which a picture is kept; each is large. */
const KEPT = new Set(['library', 'reading', 'styles', 'live', 'characters', 'keys']);

async function everyScreenIsCleanAndLooksAsItDid() {
  for (const colorScheme of ['dark', 'light']) {
    const page = await fresh({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' });
    for (const [name, path, ready] of SCREENS) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(url + path);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.addStyleTag({ content: STILL });
      await ready(page);
      await page.evaluate(() => document.fonts.ready);
      await page.mouse.move(5, 895);
      if (KEPT.has(name)) await looksLike(page, `${name}-${colorScheme}`);
      await isClean(page, `${name} ${colorScheme}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await isClean(page, `${name} ${colorScheme} at 390`);
      await page.setViewportSize({ width: 2560, height: 1300 });
      await isClean(page, `${name} ${colorScheme} at 2560`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url);
    await page.addStyleTag({ content: STILL });
    await page.locator('img.vid').nth(2).waitFor();
    await page.getByText(/“35mm”/).waitFor(); // what was written before stands here still
    await looksLike(page, `phone-${colorScheme}`);
    await page.context().close();
  }
}

async function statesAreCleanToo() {
  const page = await fresh({ bypassCSP: true, colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.route(/\/v1\/videos\?/, (route) => route.abort());
  await page.goto(url);
  await page.locator('[aria-busy=true]').waitFor();
  await isClean(page, 'loading');
  await page.unroute(/\/v1\/videos\?/);
  await page.route(/storage\/disk/, (route) =>
    route.fulfill({ json: { object: 'disk', free: 1e9, total: 1e12 } }),
  );
  await page.goto(url);
  await page.getByRole('button', { name: 'Clean up drafts' }).waitFor();
  await isClean(page, 'the disk is nearly full');
  await page.route(/\/v1\/videos\?/, (route) =>
    route.fulfill({
      json: { object: 'list', data: [], first_id: null, last_id: null, has_more: false },
    }),
  );
  await page.goto(url);
  await page.getByRole('heading', { name: 'What should happen?' }).waitFor();
  await isClean(page, 'empty');
  await page.context().close();
}

async function theKeyboardAloneMakesAClip() {
  const page = await fresh();
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'To the page');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const focus = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await until(async () => (await focus()) === 'Prompt', 'the link does not lead to the prompt');
  await page.keyboard.type('A mouse waves');
  for (let at = 0; at < 20; at += 1) {
    await page.keyboard.press('Tab');
    const on = await page.evaluate(() => document.activeElement.textContent);
    if (on?.startsWith('Length')) break;
  }
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.locator('article[data-status=completed]', { hasText: 'A mouse waves' }).waitFor();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('ArrowRight');
  assert.match(await focus(), /^Open clip: A mouse waves/);
  await page.keyboard.press('s');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('s');
  await page.getByText('2 selected').waitFor();
  await page.keyboard.press('c');
  await page.waitForURL(/compare\?ids=/);
  await page.goBack();
  await page.locator('[data-clip]').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.context().close();
}

async function itIsReadAloudInOrder() {
  const page = await fresh();
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  const said = await page.locator('body').ariaSnapshot();
  const places = [
    'navigation "Places"',
    'heading "Library"',
    'article',
    'complementary',
    'form "Make',
  ];
  let at = 0;
  for (const place of places) {
    const found = said.indexOf(place, at);
    assert.ok(found >= 0, `${place} is not said, or too early:\n${said}`);
    at = found;
  }
  assert.match(said, /region "A fox jumps for joy/);
  await page.context().close();
}

async function zoomContrastAndMotionAreHeeded() {
  const page = await fresh({
    bypassCSP: true,
    viewport: { width: 720, height: 450 }, // 1440 at 200 %
    deviceScaleFactor: 2,
    forcedColors: 'active',
    reducedMotion: 'reduce',
  });
  for (const path of ['/', '/live', '/characters', '/settings']) {
    await page.goto(url + path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await isClean(page, `${path} at 200 % in forced colours`, { forced: true });
  }
  await page.setViewportSize({ width: 320, height: 600 });
  for (const path of ['/', '/settings', '/characters']) {
    await page.goto(url + path);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await isClean(page, `${path} at 320`, { forced: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(url);
  const plate = page.locator(`[data-clip=${spread.id}]`);
  await plate.locator('.cover').hover();
  await page.waitForTimeout(400);
  assert.equal(await plate.locator('video').count(), 0);
  await page.context().close();
}

async function otherWritingSystemsFit() {
  const page = await fresh();
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  for (const [lang, dir, words] of [
    ['ar', 'rtl', 'ما الذي يجب أن يحدث في هذا المشهد؟'],
    ['ja', 'ltr', '何が起きるべきですか、教えてください'],
  ]) {
    await page.evaluate(
      ([language, direction, text]) => {
        document.documentElement.lang = language;
        document.documentElement.dir = direction;
        for (const one of document.querySelectorAll(
          'h1, h2, h3, .btn, .opt, .rail .item, .tabs button',
        )) {
          const last = [...one.childNodes].findLast((node) => node.nodeType === Node.TEXT_NODE);
          if (last) last.textContent = text;
        }
      },
      [lang, dir, words],
    );
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const over = () =>
        page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
      await until(async () => (await over()) <= 0, `${lang} is too wide at ${width}`);
    }
  }
  await page.context().close();
}

await run(
  everyScreenIsCleanAndLooksAsItDid,
  statesAreCleanToo,
  theKeyboardAloneMakesAClip,
  itIsReadAloudInOrder,
  zoomContrastAndMotionAreHeeded,
  otherWritingSystemsFit,
);
