import { expect, it } from 'vitest';
import { asCommands, asCurl, asPython, type Link, python, quoted } from './copyas';

const BASE = 'http://127.0.0.1:8000';
const link = (id: string, order: Link['order'], seconds = 4): Link => ({
  id,
  number: Number(id),
  order,
  seconds,
  characters: [],
});
const fox = {
  prompt: "a fox's 'den'",
  model: 'animatic',
  size: '640x360',
  seconds: 4,
  fps: 24,
  seed: 7,
};

it('quotes whatever is in a text, so that a shell takes it as it is', () => {
  expect(quoted('640x360')).toBe('640x360');
  expect(quoted("a fox's $HOME `ls`")).toBe("'a fox'\\''s $HOME `ls`'");
  expect(quoted('')).toBe("''");
});

it('writes values as Python does', () => {
  expect(python({ strict: true, none: null, list: [1, 'a'] })).toBe(
    '{\n    "strict": True,\n    "none": None,\n    "list": [\n        1,\n        "a",\n    ],\n}',
  );
});

it('uses the method of the official SDK where that can say everything', () => {
  const said = asPython(link('1', fox), BASE, 24);
  expect(said).toContain('client.videos.create_and_poll(');
  expect(said).toContain('seconds="4"');
  expect(said).toContain('"seed": 7');
  expect(said).not.toContain('fps');
  const remix = asPython(link('2', { ...fox, task: 'remix', video: { id: '1' } }), BASE, 24);
  expect(remix).toContain('"/kinema/generations"');
  expect(asPython(link('3', { ...fox, fps: 12 }), BASE, 24)).toContain('"fps": 12');
});

it('shows no key, and asks for one by name', () => {
  for (const said of [asCurl(fox, BASE), asPython(link('1', fox), BASE, 24)]) {
    expect(said).toContain('KINEMA_API_KEY');
  }
});

it('makes a line of clips one after the other', () => {
  const remix = { task: 'remix' as const, video: { id: '1' }, prompt: 'at night', seed: 7 };
  const lines = asCommands([link('1', fox), link('2', remix)], BASE)?.split('\n') ?? [];
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^kinema generate .* --seed 7 -o kinema-1\.mp4$/);
  expect(lines[1]).toBe("kinema remix kinema-1.mp4 'at night' --seed 7 -o kinema-2.mp4");
});

it('says how much longer an extension becomes, not how long', () => {
  const longer = { task: 'extend' as const, video: { id: '1' }, seconds: 6.5, seed: 7 };
  expect(asCommands([link('1', fox), link('2', longer, 6.5)], BASE)).toContain('--seconds 2.5');
});

it('has no command for what the command line has no words for', () => {
  expect(asCommands([link('1', { ...fox, task: 'storyboard' })], BASE)).toBeNull();
  expect(asCommands([link('2', { task: 'remix', video: { id: '1' } })], BASE)).toBeNull();
});
