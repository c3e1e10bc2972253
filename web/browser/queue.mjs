// The queue: steered from the page, and what becomes of it when workers and servers die.
import assert from 'node:assert/strict';
import { api, ended, fresh, please, run, until, url } from './driver.mjs';

const page = await fresh();
const prompt = page.getByRole('textbox', { name: 'Prompt' });
const queue = page.getByRole('complementary', { name: 'In the projector' });
const LONG = { model: 'animatic', size: '640x360', seconds: 20 };

async function order(words, fields = {}) {
  const wish = { ...LONG, prompt: words, ...fields };
  return (await api('POST', '/kinema/generations', wish)).data.map((one) => one.id);
}

const waiting = () =>
  queue.locator('.job.next').evaluateAll((rows) => rows.map((row) => row.dataset.job));

async function cancelInTheMiddle() {
  await page.goto(url);
  await prompt.fill('A bear runs through the snow');
  await page.getByRole('button', { name: /^Length/ }).click();
  await page.getByRole('menuitemradio', { name: '20 s', exact: true }).click();
  await page
    .getByRole('button', { name: 'Make', exact: true })
    .or(page.getByRole('button', { name: /^Make Ctrl/ }))
    .first()
    .click();
  const job = queue.locator('.job').first();
  await job.locator('img').waitFor();
  await job.getByRole('button', { name: /^Cancel/ }).click();
  await queue.locator('.job').first().waitFor({ state: 'detached' });
  await queue.getByText('idle').waitFor();
  assert.equal(await page.locator('[data-clip]').count(), 0);
}

async function pauseAndResume() {
  const [id] = await order('A cat sleeps in a cosy room');
  const job = queue.locator(`[data-job=${id}]`);
  await job.locator('img').waitFor();
  await job.getByRole('button', { name: /^Pause/ }).click();
  await job.getByText('paused').waitFor();
  assert.equal((await api('GET', `/videos/${id}`)).kinema.state, 'paused');
  await job.getByRole('button', { name: /^Go on/ }).click();
  await job.locator('.leader').waitFor();
  await job.getByRole('button', { name: /^Cancel/ }).click();
  await job.waitFor({ state: 'detached' });
}

async function othersAreMadeSooner() {
  const ids = [];
  for (const who of ['fox', 'owl', 'bear', 'frog']) ids.push(...(await order(`A ${who} waves`)));
  const [, second, third, fourth] = ids;
  await until(async () => (await waiting()).length === 3, 'not three that wait');
  assert.deepEqual(await waiting(), [second, third, fourth]);
  const row = (id) => queue.locator(`.job.next[data-job=${id}]`);
  await row(fourth)
    .getByRole('button', { name: /^Make sooner/ })
    .click();
  await until(async () => (await waiting())[1] === fourth, 'it is not second');
  await row(second)
    .getByRole('button', { name: /^Make later/ })
    .click();
  await until(async () => (await waiting())[0] === fourth, 'it is not first');
  await row(third).dragTo(row(fourth));
  await until(async () => (await waiting())[0] === third, 'it is not where it was dropped');
  const jobs = (await api('GET', '/kinema/jobs')).data.map((job) => job.video.id);
  assert.deepEqual(jobs.slice(1), await waiting());
  for (const id of ids) await api('POST', `/kinema/jobs/${id}/cancel`);
  await queue.getByText('idle').waitFor();
}

async function aLongQueueFolds() {
  await order('A panda dances', { variations: 8 });
  await queue.getByText(/to go, about/).waitFor();
  await queue.getByText(/more like it/).waitFor();
  assert.ok((await queue.locator('.job').count()) <= 4);
  await queue.getByRole('button', { name: /^Cancel all/ }).click();
  await until(async () => (await queue.locator('.job').count()) <= 1, 'they are still there');
  await queue.getByRole('button', { name: /^Cancel:/ }).click();
  await queue.getByText('idle').waitFor();
}

async function aWorkerDiesAndNothingIsLost() {
  const [id] = await order('A koala plays the guitar', { size: '1280x720' });
  await queue.locator(`[data-job=${id}] img`).waitFor();
  await prompt.fill('Words that nobody has sent');
  await please('kill the worker');
  await page.locator(`[data-clip=${id}][data-status=completed]`).waitFor({ timeout: 90_000 });
  assert.equal(await page.locator(`[data-clip=${id}]`).count(), 1);
  assert.equal(await prompt.inputValue(), 'Words that nobody has sent');
}

async function theServerDiesAndThePageGoesOn() {
  await prompt.fill('A tiger dances on a stage');
  await page.getByRole('button', { name: /^Length/ }).click();
  await page.getByRole('menuitemradio', { name: '2 s', exact: true }).click();
  await please('kill the server');
  await page.getByText('No connection. Text you write is kept here.').waitFor();
  await page.getByRole('button', { name: /^Send when back/ }).click();
  await queue.getByText('Waits for the server').waitFor();
  await prompt.fill('A second thought');
  await page.reload({ waitUntil: 'commit' }).catch(() => undefined);
  await please('start the server');
  await page.goto(url);
  await page
    .getByRole('region')
    .or(page.locator('article', { hasText: 'A tiger' }))
    .first()
    .waitFor();
  assert.equal(await prompt.inputValue(), 'A second thought');
  const tigers = async () =>
    (await api('GET', '/videos')).data.filter((one) => one.prompt.startsWith('A tiger'));
  assert.equal((await tigers()).length, 1);
  await ended((await tigers())[0].id);
  await page.locator('article', { hasText: 'A tiger' }).locator('a.cover img').waitFor();
  assert.equal(await page.locator('article', { hasText: 'A tiger' }).count(), 1);
  await page.getByText('No connection').waitFor({ state: 'detached' });
}

async function whatFailedIsMadeAgain() {
  // A worker that cannot read its picture any more fails the job; the page says why, and mends it.
  const file = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 180;
    canvas.getContext('2d').fillRect(0, 0, 99, 99);
    const form = new FormData();
    form.set('purpose', 'vision');
    form.set('file', await new Promise((resolve) => canvas.toBlob(resolve)), 'dot.png');
    return (await fetch('/v1/files', { method: 'POST', body: form })).json();
  });
  const [first] = await order('An elephant waves', { seconds: 20 });
  const images = [{ file_id: file.id, role: 'prop' }];
  const [id] = await order('A fox waves', { task: 'image_to_video', images, seconds: 1 });
  await please('spoil the uploads');
  await api('POST', `/kinema/jobs/${first}/cancel`);
  const row = queue.locator(`[data-failed=${id}]`);
  await row.waitFor();
  await row.getByText('Nothing was lost').waitFor();
  await please('mend the uploads');
  await row.getByRole('button', { name: 'Try again with same seed' }).click();
  await row.waitFor({ state: 'detached' });
  const again = (await api('GET', '/videos')).data.find((one) => one.prompt === 'A fox waves');
  assert.notEqual(again.id, id);
  assert.equal((await ended(again.id)).status, 'completed');
}

await run(
  cancelInTheMiddle,
  pauseAndResume,
  othersAreMadeSooner,
  aLongQueueFolds,
  aWorkerDiesAndNothingIsLost,
  theServerDiesAndThePageGoesOn,
  whatFailedIsMadeAgain,
);
