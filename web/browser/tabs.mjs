// Going back and forth, reloading, two tabs, a broken network: nothing that was typed is lost.
import assert from 'node:assert/strict';
import { api, fresh, made, opened, run, until, url } from './driver.mjs';

const page = await fresh();
const context = page.context();
const prompt = (on = page) => on.getByRole('textbox', { name: 'Prompt' });
const [clip, second] = await made('A fox waves', { variations: 2 });

const SCREENS = [
  ['/', 'Library'],
  ['/?only=favourites', 'Library'],
  [`/c/${clip.id}`, null],
  [`/compare?ids=${clip.id},${second.id}`, null],
  ['/live', 'Live'],
  ['/characters', 'Characters and styles'],
  ['/characters?show=looks', 'Characters and styles'],
  ['/settings', 'Settings'],
];

async function reloadAndBackAtEveryScreen() {
  await page.goto(url);
  await prompt().fill('A sentence that is not finished');
  for (const [path, title] of SCREENS) {
    await page.goto(url + path);
    const seen = title
      ? page.getByRole('heading', { name: title, level: 1 })
      : page.locator('main video').first();
    await seen.waitFor({ state: 'attached' });
    await page.reload();
    await seen.waitFor({ state: 'attached' });
  }
  for (const [path] of SCREENS.toReversed().slice(1)) {
    await page.goBack();
    await page.waitForURL(url + path);
    await page.locator('main :is(h1, video)').first().waitFor({ state: 'attached' });
  }
  assert.equal(await prompt().inputValue(), 'A sentence that is not finished');
}

async function theRailGoesEverywhereAndBack() {
  await page.goto(url);
  const rail = page.getByRole('navigation', { name: 'Places' });
  for (const name of ['Live', 'Characters', 'Settings']) {
    await rail.getByRole('link', { name }).click();
    await page.locator('h1').waitFor();
    assert.equal(await rail.getByRole('link', { name }).getAttribute('aria-current'), 'page');
    await page.goBack();
    await prompt().waitFor();
  }
  assert.equal(await prompt().inputValue(), 'A sentence that is not finished');
}

async function eachTabKeepsItsOwnWords() {
  const other = await opened(context);
  await other.goto(url);
  assert.equal(await prompt(other).inputValue(), 'A sentence that is not finished');
  await prompt(other).fill('Something else, elsewhere');
  await page.getByRole('button', { name: 'Change to Page' }).click();
  await until(
    () => other.evaluate(() => document.documentElement.dataset.theme === 'light'),
    'the other tab is still dark',
  );
  await page.reload();
  await other.reload();
  assert.equal(await prompt().inputValue(), 'A sentence that is not finished');
  assert.equal(await prompt(other).inputValue(), 'Something else, elsewhere');
  await prompt(other).fill('An owl sleeps');
  await other.getByRole('button', { name: /^Length/ }).click();
  await other.getByRole('menuitemradio', { name: '2 s', exact: true }).click();
  await other.keyboard.press('Control+Enter');
  for (const one of [page, other]) {
    await one.locator('article[data-status=completed]', { hasText: 'An owl sleeps' }).waitFor();
    assert.equal(await one.locator('article', { hasText: 'An owl sleeps' }).count(), 1);
  }
  await other.getByRole('button', { name: 'Change to Cinema' }).click();
  await other.close();
}

async function theStreamOfEventsGoesOnWhenItsTabIsClosed() {
  const other = await opened(context);
  await other.goto(url);
  await other.locator('article').first().waitFor();
  await page.goto('about:blank'); // whichever tab listened, the other does so now
  const [late] = await made('A late panda waves');
  await other.locator(`[data-clip=${late.id}][data-status=completed]`).waitFor();
  await page.goto(url);
  await page.locator(`[data-clip=${late.id}]`).waitFor();
  await other.close();
}

async function aBrokenNetworkLosesNothing() {
  await context.route(/\/v1\/kinema\/(generations|explain|estimate)/, (route) => route.abort());
  await prompt().fill('A rabbit hops over the hill');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Kept here; it is sent when the server is back.').waitFor();
  assert.equal(await page.locator('[data-kept]').count(), 1);
  await context.unroute(/\/v1\/kinema\/(generations|explain|estimate)/);
  await page.reload();
  await page.locator('article', { hasText: 'A rabbit hops' }).waitFor();
  await page.locator('[data-kept]').waitFor({ state: 'detached' });
  const rabbits = (await api('GET', '/videos')).data.filter((one) => /rabbit/.test(one.prompt));
  assert.equal(rabbits.length, 1);
}

async function anAnswerThatIsLostMakesNoSecondClip() {
  await context.route(/\/v1\/kinema\/generations/, async (route) => {
    await route.fetch(); // the server has it, and the page never hears so
    await route.abort();
  });
  await prompt().fill('A duck swims in a pond');
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-kept]').waitFor();
  await context.unroute(/\/v1\/kinema\/generations/);
  await page.reload();
  await page.locator('[data-kept]').waitFor({ state: 'detached' });
  await page.locator('article', { hasText: 'A duck swims' }).waitFor();
  const ducks = (await api('GET', '/videos')).data.filter((one) => /duck/.test(one.prompt));
  assert.equal(ducks.length, 1);
}

async function aListThatCannotBeRefreshedStays() {
  await context.route(/\/v1\/videos\?/, (route) => route.abort());
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await page.reload();
  await page.getByText('Still opening').waitFor();
  await context.unroute(/\/v1\/videos\?/);
  await page.locator('article').first().waitFor();
}

async function hostileNamesBreakNothing() {
  const names = [
    '<script>document.title="x"</script> fox',
    '\u202Egnp.tnecsreve\u202C fox',
    'مرحبا بالعالم ثعلب يلوح في الغابة',
    `fox ${'a'.repeat(900)}`,
    '狐が森で手を振る',
  ];
  for (const [at, name] of names.entries()) await made(name, { seed: at });
  await page.goto(url);
  for (const name of names) await page.locator('article', { hasText: name.trim() }).waitFor();
  assert.doesNotMatch(await page.title(), /x$/);
  for (const width of [390, 1440, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.ok(over <= 0, `${over} pixels too wide at ${width}`);
  }
}

await run(
  reloadAndBackAtEveryScreen,
  theRailGoesEverywhereAndBack,
  eachTabKeepsItsOwnWords,
  theStreamOfEventsGoesOnWhenItsTabIsClosed,
  aBrokenNetworkLosesNothing,
  anAnswerThatIsLostMakesNoSecondClip,
  aListThatCannotBeRefreshedStays,
  hostileNamesBreakNothing,
);
