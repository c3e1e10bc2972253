// Settings that act, characters and styles of one's own.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { api, fresh, made, run, until, url } from './driver.mjs';

const page = await fresh();
const section = (name) => page.locator(`section#${name}`);
const prompt = page.getByRole('textbox', { name: 'Prompt' });

async function themeAndLanguageAreKept() {
  await page.goto(`${url}/settings`);
  await section('look').getByRole('radio', { name: 'Page' }).click();
  await section('look').getByRole('radio', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { name: 'Einstellen' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Einstellen' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'light');
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await section('look').getByRole('radio', { name: 'English' }).click();
  await section('look')
    .getByRole('checkbox', { name: /Single letters/ })
    .uncheck();
  await page.locator('h1').click();
  await page.keyboard.press('?');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await section('look')
    .getByRole('checkbox', { name: /Single letters/ })
    .check();
  assert.equal(
    await section('look')
      .getByRole('checkbox', { name: /Captions/ })
      .isChecked(),
    true,
  );
}

async function modelsSayWhatTheyAre() {
  const models = section('models');
  const card = models.locator('.model-card', { hasText: 'animatic' });
  await card.getByText('runs here').waitFor();
  await card.getByText('Apache-2.0').waitFor();
  const here = await models.locator('.model-card').count();
  await models.getByRole('radio', { name: /^All/ }).click();
  assert.ok((await models.locator('.model-card').count()) > here);
  await models.getByText('not installed').first().waitFor();
  await section('workers').getByText('at work', { exact: true }).waitFor();
}

async function draftsAreCleanedUp() {
  await made('A draft fox', { quality: 'draft' });
  const [kept] = await made('A final fox');
  await page.reload();
  const storage = section('storage');
  await storage.getByText(/Clips: 1/).waitFor();
  await storage.getByRole('combobox').selectOption('0');
  await storage.getByRole('button', { name: 'Clean up' }).first().click();
  await storage.getByRole('button', { name: 'Leave' }).click();
  assert.equal((await api('GET', '/videos')).data.length, 2);
  await storage.getByRole('button', { name: 'Clean up' }).first().click();
  await storage.getByRole('button', { name: 'Delete these drafts' }).click();
  await page.getByText('Clips that are gone: 1').waitFor();
  assert.deepEqual(
    (await api('GET', '/videos')).data.map((one) => one.id),
    [kept.id],
  );
}

async function keysAreMadeAndRevoked() {
  const keys = section('keys');
  await keys.getByPlaceholder('Name of a new key').fill('<i>Laptop</i>');
  await keys.getByRole('button', { name: 'Make a key' }).click();
  const shown = await keys.locator('.secret code').textContent();
  assert.match(shown, /^sk-kinema-/);
  const row = keys.locator('li', { hasText: '<i>Laptop</i>' });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'It opens nothing any more' }).click();
  await row.getByText('revoked').waitFor();
  await keys.getByPlaceholder('Name of a new project').fill('Second');
  await keys.getByRole('button', { name: 'Make a project' }).click();
  await keys.getByRole('heading', { name: 'Second' }).waitFor();
}

async function webhooksAreMadeTriedAndDeleted() {
  const called = [];
  const receiver = createServer((request, response) => {
    called.push(request.url);
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  const hooks = section('webhooks');
  await hooks.getByLabel('Name', { exact: true }).fill('Here');
  await hooks.getByLabel('Address').fill(`http://127.0.0.1:${receiver.address().port}/hook`);
  await hooks.getByRole('button', { name: 'Add the address' }).click();
  const secret = hooks.locator('.secret code');
  const refused = hooks.getByRole('alert');
  await secret.or(refused).first().waitFor();
  if (await secret.count()) {
    assert.match(await secret.textContent(), /^whsec_/);
    const card = hooks.locator('[data-hook]');
    await card.getByRole('button', { name: 'Send a sample' }).click();
    await page.locator('.toast').first().waitFor();
    await card.getByRole('button', { name: 'What was sent' }).click();
    await card.getByRole('button', { name: 'Delete' }).click();
    await card.getByRole('button', { name: 'It is told nothing any more' }).click();
    await card.waitFor({ state: 'detached' });
  } else assert.ok((await refused.textContent()).length > 10); // an address inside is not called
  receiver.close();
}

async function aCharacterIsMadeAndNamed() {
  await made('A small panda waves in the snow');
  await page.goto(`${url}/characters`);
  await page.getByRole('button', { name: 'New character' }).click();
  const form = page.getByRole('form', { name: 'New character' });
  await form.getByLabel(/^Name/).fill('Bo');
  await form.getByRole('radio', { name: /panda/ }).click();
  await form.getByLabel('What it looks like').fill('a small panda');
  await form.getByRole('checkbox').check();
  await form.getByRole('button', { name: 'Make the character' }).click();
  const person = page.locator('[data-character]', { hasText: 'Bo' });
  await person.waitFor();
  await person.getByRole('textbox').fill('a small red panda');
  await person.getByRole('textbox').blur();
  await until(
    async () => (await api('GET', '/kinema/characters')).data[0].looks === 'a small red panda',
    'the words are not kept',
  );
  await page.goto(url);
  await prompt.fill('');
  await prompt.pressSequentially('Today @B');
  await page.getByRole('option', { name: /Bo/ }).waitFor();
  await page.keyboard.press('Enter');
  assert.equal(await prompt.inputValue(), 'Today Bo ');
  await prompt.pressSequentially('waves');
  await page.locator('[data-estimate] b').waitFor();
  const sent = page.waitForRequest(/generations/);
  await page.keyboard.press('Control+Enter');
  assert.equal((await sent).postDataJSON().characters.length, 1);
  await page.locator('article', { hasText: 'Today Bo waves' }).waitFor();
}

async function aStyleOfOnesOwnIsUsed() {
  await page.getByRole('button', { name: /^Style/ }).click();
  await page.getByRole('menuitemradio', { name: 'Your own' }).click();
  const form = page.getByRole('form', { name: 'New style' });
  await form.getByLabel('Name').fill('Winter tale');
  await form.getByLabel('Words that are added').fill('falling snow');
  await form.getByRole('radio', { name: 'Watercolour' }).click();
  await form.getByRole('button', { name: 'Keep' }).click();
  const look = page.locator('[data-look]', { hasText: 'Winter tale' });
  await look.getByRole('button', { name: 'Use it' }).click();
  await page
    .getByRole('button', { name: /^Style/ })
    .getByText('Winter tale')
    .waitFor();
  await prompt.fill('A bear waves');
  const sent = page.waitForRequest(/generations/);
  await page.keyboard.press('Control+Enter');
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.prompt, body.style], ['A bear waves, falling snow', 'watercolour']);
  await page.goto(`${url}/characters?show=looks`);
  await look.getByRole('button', { name: 'Forget' }).click();
  await look.getByRole('button', { name: 'Forget; its clips stay' }).click();
  await look.waitFor({ state: 'detached' });
}

await run(
  themeAndLanguageAreKept,
  modelsSayWhatTheyAre,
  draftsAreCleanedUp,
  keysAreMadeAndRevoked,
  webhooksAreMadeTriedAndDeleted,
  aCharacterIsMadeAndNamed,
  aStyleOfOnesOwnIsUsed,
);
