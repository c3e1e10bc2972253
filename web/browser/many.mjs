// Two thousand clips, put there by whoever started this: the wall stays smooth, small, and still.
import assert from 'node:assert/strict';
import { fresh, run, until, url } from './driver.mjs';

const page = await fresh();
const COUNT = 2000;

async function opens() {
  await page.goto(url);
  await page.locator('[data-clip]').first().waitFor();
  assert.ok((await page.locator('[data-clip]').count()) < 120);
}

async function scrollsToItsEnd() {
  const seen = await page.evaluate(async (count) => {
    const tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({
      type: 'longtask',
    });
    const frames = [];
    let last = performance.now();
    let most = 0;
    let lowest = Number.POSITIVE_INFINITY;
    const end = performance.now() + 60_000;
    while (performance.now() < end) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
      scrollBy(0, 450);
      most = Math.max(most, document.querySelectorAll('[data-clip]').length);
      for (const one of document.querySelectorAll('.number')) {
        const number = Number(one.textContent);
        if (number) lowest = Math.min(lowest, number);
      }
      if (lowest <= 2 || frames.length > count * 3) break;
    }
    frames.sort((a, b) => a - b);
    return {
      frames: frames.length,
      half: frames[frames.length >> 1],
      late: frames[Math.floor(frames.length * 0.95)],
      slow: tasks.filter((one) => one.duration > 100).length,
      most,
      lowest,
    };
  }, COUNT);
  console.log(JSON.stringify(seen));
  assert.ok(seen.lowest <= 2, 'the end was not reached');
  assert.ok(seen.most < 150, `${seen.most} clips in the page`);
}

async function hoveringPlaysOneAtATime() {
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('[data-clip]').first().waitFor();
  const covers = page.locator('a.cover');
  let most = 0;
  for (let round = 0; round < 3; round += 1) {
    for (let at = 0; at < 8; at += 1) {
      await covers.nth(at).hover();
      await page.waitForTimeout(130);
      most = Math.max(most, await page.locator('.wall video').count());
    }
  }
  assert.equal(most, 1);
  await page.mouse.move(5, 5);
  await page.locator('.wall video').waitFor({ state: 'detached' });
}

async function isSearchedAndComesBackWhole() {
  await page.getByRole('searchbox').fill('number 1234');
  await until(async () => (await page.locator('[data-clip]').count()) === 1, 'not the one');
  await page.getByRole('searchbox').fill('');
  await until(async () => (await page.locator('[data-clip]').count()) > 10, 'the rest is missing');
}

await run(opens, scrollsToItsEnd, hoveringPlaysOneAtATime, isSearchedAndComesBackWhole);
