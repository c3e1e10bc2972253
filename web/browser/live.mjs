// A live stream: it plays, does what is typed, holds, keeps, starts anew, and outlives its worker.
import assert from 'node:assert/strict';
import { api, ended, fresh, isClean, please, run, until, url } from './driver.mjs';

const page = await fresh();
const video = page.locator('.room video');
const steer = page.getByRole('textbox', { name: 'What happens now?' });
const line = (words) => page.locator('.lines-said li:not(.coming)', { hasText: words });

const time = () => video.evaluate((node) => node.currentTime);
/** Mean colours of what is on the screen. */
const colours = () =>
  video.evaluate((node) => {
    const canvas = document.createElement('canvas');
    canvas.width = 16;
    canvas.height = 9;
    const context = canvas.getContext('2d');
    context.drawImage(node, 0, 0, 16, 9);
    return [...context.getImageData(0, 0, 16, 9).data];
  });
const apart = (a, b) => a.reduce((sum, one, at) => sum + Math.abs(one - b[at]), 0) / a.length;

async function begins() {
  await page.goto(`${url}/live`);
  await page
    .getByRole('textbox', { name: 'What do you see first?' })
    .fill('A fox in a meadow at noon');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/live\/live_/);
  await until(async () => (await time()) > 1, 'it does not play');
  await line('A fox in a meadow at noon').waitFor();
  await page.getByText('Live', { exact: true }).last().waitFor();
}

async function doesWhatIsTyped() {
  const before = await colours();
  const asked = Date.now();
  await page.keyboard.press('/');
  await steer.fill('night');
  await page.keyboard.press('Enter');
  assert.equal(await steer.inputValue(), '');
  await line('night').waitFor();
  await until(async () => apart(await colours(), before) > 20, 'the picture is still the same');
  console.log(`the picture changed after ${Date.now() - asked} ms`);
  await page.locator('.pill.answer').waitFor();
  assert.equal(await page.locator('.reel li').count(), 2);
}

async function holdsAndGoesOn() {
  await page.locator('.reel').click();
  await page.keyboard.press('h');
  await page.locator('.pill', { hasText: 'Held' }).waitFor();
  await until(async () => {
    const before = await time();
    await page.waitForTimeout(700);
    return (await time()) === before;
  }, 'it does not hold');
  const held = await time();
  await page.getByRole('button', { name: 'Go on' }).click();
  await until(async () => (await time()) > held + 0.5, 'it does not go on');
}

async function keepsAPiece() {
  await page.getByRole('button', { name: 'Keep last 10 s' }).click();
  await page.getByRole('link', { name: 'Kept, look at it' }).waitFor();
  const [clip] = (await api('GET', '/videos')).data;
  assert.equal((await ended(clip.id)).status, 'completed');
  assert.ok(clip.kinema.fingerprint);
  await page
    .locator('.reel')
    .getByRole('button', { name: /^Keep: A fox/ })
    .or(page.locator('.reel').getByRole('link', { name: /A fox/ }))
    .first()
    .waitFor();
}

async function isTheSameAfterAReload() {
  await page.reload();
  await until(async () => (await time()) > 1, 'it does not play after a reload');
  await page.goBack();
  await page.goForward();
  await page.waitForURL(/\/live\/live_/);
  await until(async () => (await time()) > 1, 'it does not play after going back');
}

async function beginsAnew() {
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await until(async () => (await page.locator('.reel li').count()) >= 1, 'nothing on the reel');
  const before = await time();
  await until(async () => (await time()) > before + 1, 'it does not go on');
}

async function outlivesItsWorker() {
  await please('kill the worker');
  await page.getByRole('button', { name: 'Start again' }).waitFor();
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByRole('textbox', { name: 'What do you see first?' }).waitFor();
  const begin = page.getByRole('button', { name: 'Begin', exact: true });
  await until(async () => {
    if (/\/live\/live_/.test(page.url())) return true;
    await begin.click({ timeout: 1000 }).catch(() => undefined); // it may be on its way by now
    return false;
  }, 'no worker came back');
  await until(async () => (await time()) > 1, 'it does not play again');
}

async function isCleanInBothThemes() {
  for (const theme of ['dark', 'light']) {
    const look = await fresh({ bypassCSP: true, colorScheme: theme, reducedMotion: 'reduce' });
    await look.goto(page.url());
    await look.locator('.reel li').first().waitFor();
    await isClean(look, `live ${theme}`);
    await look.setViewportSize({ width: 390, height: 844 });
    await isClean(look, `live ${theme} 390`);
    await look.context().close();
  }
}

async function ends() {
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await page.getByRole('button', { name: 'Start again' }).waitFor();
  await page.reload();
  await page.getByText('This stream is over').waitFor();
}

await run(
  begins,
  doesWhatIsTyped,
  holdsAndGoesOn,
  keepsAPiece,
  isTheSameAfterAReload,
  beginsAnew,
  outlivesItsWorker,
  isCleanInBothThemes,
  ends,
);
