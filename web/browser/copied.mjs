// What is copied from a recipe is pasted, run, and makes the same clip again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api, ended, fresh, made, run, url } from './driver.mjs';

const running = promisify(execFile);
const shape = { seconds: 1, size: '320x180' };
const [fox] = await made(`A fox's friend waves at night, "35mm"`, {
  ...shape,
  seed: 11,
  style: 'neon',
});
const [owl] = await made('An owl sits in a forest', { ...shape, seed: 12 });
const [remix] = await changed({ task: 'remix', video: { id: fox.id }, prompt: 'snow is falling' });
const [blend] = await changed({ task: 'blend', video: { id: remix.id }, second: { id: owl.id } });
const [longer] = await changed({
  task: 'extend',
  video: { id: owl.id },
  prompt: 'it rains',
  seconds: 2,
});
const page = await fresh({ permissions: ['clipboard-read', 'clipboard-write'] });

async function changed(order) {
  const { data } = await api('POST', '/kinema/generations', { seed: 11, ...order });
  return Promise.all(data.map(({ id }) => ended(id)));
}

const WAYS = {
  prompt: 'Prompt',
  json: 'JSON',
  curl: 'curl',
  python: 'Python SDK',
  kinema: 'kinema',
};

/** What the clipboard holds after Copy. */
async function copied(way) {
  const group = page.getByRole('radiogroup', { name: 'copy as' });
  await group.getByRole('radio', { name: WAYS[way], exact: true }).click();
  await page.locator(`[data-copy=${way}]`).waitFor();
  await page.locator('.copyas').getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied').first().waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function open(id) {
  await page.goto(`${url}/c/${id}`);
  await page.getByRole('button', { name: 'copy as' }).click();
}

const printOf = async (id) => (await ended(id)).kinema.fingerprint;

/** Of the film as a server gives it out: with a sound track, of silence. */
const FINGERPRINT = `import sys
from pathlib import Path
from kinema import media
film = Path(sys.argv[1])
media.add_silence(film)
print(media.fingerprint(film))`;

/** Paste a text into an empty folder and run it; with a name, the fingerprint of the film of it. */
async function pasted(program, text, name) {
  const folder = await mkdtemp(join(tmpdir(), 'kinema-pasted-'));
  try {
    const how = program === 'bash' ? ['-euc', text] : ['-c', text];
    const { stdout } = await running(program, how, { cwd: folder, maxBuffer: 1 << 26 });
    if (!name) return stdout.trim();
    return (await running('python', ['-c', FINGERPRINT, join(folder, name)])).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function thePromptIsCopiedAsItIs() {
  await open(fox.id);
  assert.equal(await copied('prompt'), fox.prompt);
}

async function jsonAndCurlMakeItAgain() {
  for (const clip of [fox, remix, blend, longer]) {
    await open(clip.id);
    const wanted = await printOf(clip.id);
    const { data } = await api('POST', '/kinema/generations', JSON.parse(await copied('json')));
    assert.equal(await printOf(data[0].id), wanted);
    const said = await pasted('bash', await copied('curl'));
    assert.equal(await printOf(JSON.parse(said).data[0].id), wanted);
  }
}

async function theOfficialSdkMakesItAgain() {
  for (const clip of [fox, blend]) {
    await open(clip.id);
    const said = await copied('python');
    const id = await pasted('python', `${said}\nprint(video.id)`);
    assert.equal(await printOf(id), await printOf(clip.id));
  }
}

async function theCommandLineMakesItAgain() {
  for (const clip of [fox, remix, blend, longer]) {
    await open(clip.id);
    const found = await pasted('bash', await copied('kinema'), `kinema-${clip.kinema.number}.mp4`);
    assert.equal(
      found,
      await printOf(clip.id),
      `clip ${clip.kinema.number} by ${clip.kinema.task}`,
    );
  }
}

await run(
  thePromptIsCopiedAsItIs,
  jsonAndCurlMakeItAgain,
  theOfficialSdkMakesItAgain,
  theCommandLineMakesItAgain,
);
