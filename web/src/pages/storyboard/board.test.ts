import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  addCard,
  addLine,
  cardsOf,
  linesOf,
  moveCard,
  removeCard,
  removeLine,
  setLength,
  setTransition,
  setWords,
  shiftItem,
} from './acts';
import { on, solve, Unsolved } from './cut';
import { type Project, sceneOf, trackOf } from './document';
import { edit, inverse, Lost, type Operation, setTo } from './edits';
import { ratio, whole } from './exact';
import { cardAt, dropBefore, fitting, ruler, SCALES, timecode } from './layout';

const EMPTY: Project = {
  id: 'film',
  kind: 'film',
  title: 'Film',
  sequences: { main: {} },
};

/** Carry out what `act` says, and keep the document. */
function changed(project: Project, act: (project: Project) => Operation[]): Project {
  return edit(project, act(project)).project;
}

function film(...lengths: number[]): Project {
  let project = EMPTY;
  for (const [at, seconds] of lengths.entries()) {
    const prompt = `card ${at}`;
    project = changed(
      project,
      (now) => addCard(now, { prompt, seconds: whole(seconds) }).operations,
    );
  }
  return project;
}

const order = (project: Project) => cardsOf(project).map((one) => project.shots?.[one.ref]?.prompt);
const spans = (project: Project) =>
  on(solve(project), 'picture').map((one) => [one.start, one.end]);

describe('cards', () => {
  test('stand end to end in the order in which they were added', () => {
    expect(spans(film(2, 1, 3))).toEqual([
      [0, 48],
      [48, 72],
      [72, 144],
    ]);
  });
  test('come in behind the one that is chosen', () => {
    const project = film(1, 1);
    const first = cardsOf(project)[0]?.id;
    const { operations } = addCard(project, { prompt: 'between', seconds: whole(1) }, first);
    const now = edit(project, operations).project;
    expect(order(now)).toEqual(['card 0', 'between', 'card 1']);
    expect(sceneOf(now, cardsOf(now)[1]?.ref ?? '')?.shots).toEqual(cardsOf(now).map((c) => c.ref));
  });
  test('go where they are put, in the film and in their scene', () => {
    let project = film(1, 1, 1, 1);
    const ids = cardsOf(project).map((one) => one.id);
    project = changed(project, (now) => moveCard(now, ids[0] ?? '', null));
    expect(order(project)).toEqual(['card 1', 'card 2', 'card 3', 'card 0']);
    project = changed(project, (now) => moveCard(now, ids[3] ?? '', ids[1] ?? ''));
    expect(order(project)).toEqual(['card 3', 'card 1', 'card 2', 'card 0']);
    expect(project.scenes?.[0]?.shots).toEqual(cardsOf(project).map((one) => one.ref));
    expect(moveCard(project, ids[3] ?? '', ids[1] ?? '')).toEqual([]);
  });
  test('of another scene join the scene that they are put into', () => {
    let project = film(1, 1);
    const shot = { prompt: 'elsewhere', length: { seconds: '1' } };
    project = edit(project, [
      { op: 'insert', at: 'scenes/two', now: { id: 'two', shots: ['b'] } },
      { op: 'insert', at: 'shots/b', now: shot },
      {
        op: 'insert',
        at: 'sequences/main/tracks/picture/items/cut.b',
        now: { id: 'cut.b', ref: 'b' },
      },
    ]).project;
    const first = cardsOf(project)[0]?.id ?? '';
    project = changed(project, (now) => moveCard(now, first, null));
    expect(project.scenes?.find((one) => one.id === 'two')?.shots).toEqual(['b', 'scene.card-0']);
    expect(project.scenes?.[0]?.shots).toEqual(['scene.card-1']);
  });
  test('take what hangs on them along when they go', () => {
    let project = film(1, 1);
    const shot = cardsOf(project)[0]?.ref ?? '';
    project = changed(project, (now) => addLine(now, shot, 'narration', 'Snow fell.'));
    project = changed(project, (now) => addLine(now, shot, 'narration', 'Then it stopped.'));
    project = changed(project, (now) => removeCard(now, shot));
    expect(on(solve(project), 'speech')).toEqual([]);
    expect(Object.keys(project.lines ?? {})).toEqual(['snow-fell', 'then-it-stopped']);
  });
});

describe('words', () => {
  const shot = 'scene.card-0';
  const spoken = () => {
    let project = film(1, 1);
    for (const text of [
      'Snow fell.',
      'It was very cold in the whole wide land.',
      'Then it stopped.',
    ])
      project = changed(project, (now) => addLine(now, shot, 'narration', text));
    return project;
  };
  test('make their card as long as it takes to say them', () => {
    const [first] = on(solve(spoken()), 'picture');
    // 0.3 + 1.2 + 0.25 + 40/15 + 0.25 + 1.2 + 0.4 seconds at 24 frames a second
    expect(first?.end).toBe(Math.ceil((0.3 + 1.2 + 0.25 + 40 / 15 + 0.25 + 1.2 + 0.4) * 24 - 1e-9));
  });
  test('follow each other, and close the gap when one goes', () => {
    const project = changed(spoken(), (now) => removeLine(now, linesOf(now, shot)[1] ?? ''));
    const [first, second] = on(solve(project), 'speech');
    expect([first?.start, first?.end]).toEqual([7, 36]);
    expect(second?.start).toBe(42);
    expect(linesOf(project, shot)).toEqual(['snow-fell', 'then-it-stopped']);
  });
  test('of a title begin with their card and are no part of its length', () => {
    const project = changed(film(1, 1), (now) => addLine(now, 'scene.card-1', 'title', 'The end'));
    const cut = solve(project);
    expect(on(cut, 'overlay').map((one) => one.start)).toEqual([24]);
    expect(cut.frames).toBe(48);
    expect(linesOf(project, 'scene.card-1')).toEqual(['the-end']);
  });
  test('in another language are drafts, and move what hangs on them only there', () => {
    const project = changed(spoken(), (now) =>
      setWords(now, 'snow-fell', 'de', 'Es hat lange und sehr geschneit.'),
    );
    expect(project.lines?.['snow-fell']?.text.de?.state).toBe('draft');
    const [, english] = on(solve(project, 'en'), 'speech');
    const [, german] = on(solve(project, 'de'), 'speech');
    expect((german?.start ?? 0) > (english?.start ?? 0)).toBe(true);
  });
  test('shifted by frames and back stand where they stood', () => {
    const project = spoken();
    const item = trackOf(project, 'speech')?.items?.[0]?.id ?? '';
    const later = changed(project, (now) => shiftItem(now, item, 5));
    expect(on(solve(later), 'speech')[0]?.start).toBe(12);
    expect(changed(later, (now) => shiftItem(now, item, -5))).toEqual(project);
  });
});

describe('anchors', () => {
  const music = (start: string, end?: string) => {
    const item = { id: 'music', ref: 'song', start, ...(end ? { end } : {}) };
    return edit(film(2, 2), [
      {
        op: 'insert',
        at: 'assets/song',
        now: { file: 'sha256:0', path: 'song.mp3', kind: 'music' },
      },
      {
        op: 'insert',
        at: 'sequences/main/tracks/music',
        now: { id: 'music-track', kind: 'music', items: [item] },
      },
    ]).project;
  };
  test('are sums of moments and lengths', () => {
    const places = [
      '12f',
      '0.5s',
      'shot.scene.card-1.start+1/2s',
      'sequence.end-1s',
      'item.cut.scene.card-0.end-12f',
    ];
    const starts = places.map((at) => on(solve(music(at)), 'music')[0]?.start);
    expect(starts).toEqual([12, 12, 60, 72, 36]);
  });
  test('without an end last to the end of the film', () => {
    expect(on(solve(music('1s')), 'music')[0]?.end).toBe(96);
    expect(on(solve(music('1s', 'shot.scene.card-1.start')), 'music')[0]?.end).toBe(48);
  });
  test('that cannot be are refused with the ring or the name', () => {
    for (const [start, problem] of [
      ['item.music.start+1f', /asks for itself/],
      ['shot.nobody.start', /there is no shot/],
      ['1s 2s', /cannot read/],
      ['sequence.start-1f', /before the film/],
      ['', /cannot read/],
    ] as const) {
      expect(() => solve(music(start))).toThrow(problem);
      expect(() => solve(music(start))).toThrow(Unsolved);
    }
  });
});

describe('operations', () => {
  /** The same numbers every time. */
  function* dice(seed: number): Generator<number, never> {
    let state = seed;
    for (;;) {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
      yield Math.floor(state / 2 ** 12); // the low bits repeat too soon
    }
  }
  test('taken back in turn lead to the very document of the beginning', () => {
    const start = film(1, 2, 1, 3, 1, 2);
    const chance = dice(7);
    const pick = <T>(all: readonly T[]) => all[chance.next().value % all.length] as T;
    let project = start;
    const done: Operation[] = [];
    for (let count = 0; count < 300; count += 1) {
      const cards = cardsOf(project);
      const card = pick(cards);
      const lines = linesOf(project, card.ref);
      const wishes: (() => Operation[])[] = [
        () => moveCard(project, card.id, pick([...cards.map((one) => one.id), null])),
        () => setLength(card.ref, ratio(BigInt(1 + (chance.next().value % 9)), 2n)),
        () =>
          setTransition(project, card.id, pick([null, { frames: 12 }, { kind: 'dip', frames: 6 }])),
        () => addLine(project, card.ref, pick(['title', 'narration']), `line ${count}`),
        () => (lines.length ? removeLine(project, pick(lines)) : []),
        () => addCard(project, { prompt: `more ${count}`, seconds: whole(1) }, card.id).operations,
        () => (cards.length > 3 ? removeCard(project, card.ref) : []),
        () => [setTo(`shots/${card.ref}/prompt`, `words ${count}`)],
      ];
      const step = edit(project, pick(wishes)());
      project = step.project;
      solve(project);
      done.push(...step.done);
    }
    expect(done.length).toBeGreaterThan(200);
    const back = edit(project, done.reverse().map(inverse)).project;
    expect(holding(back)).toEqual(start);
  });
  /** Without what was put in on the way and is empty now; the server leaves it out. */
  function holding(project: Project): Project {
    const copy = JSON.parse(JSON.stringify(project), (_, value) =>
      value && typeof value === 'object' && !Object.keys(value).length ? undefined : value,
    );
    for (const sequence of Object.values((copy.sequences ?? {}) as Project['sequences'] & object))
      sequence.tracks = sequence.tracks?.filter((track) => track.items?.length) ?? [];
    return copy;
  }
  test('on what is gone change nothing at all', () => {
    const project = film(1);
    const both = [
      setTo('title', 'Other'),
      setTo('shots/nobody/prompt/too/deep', 'x'),
      { op: 'remove', at: 'cast/none' },
    ];
    expect(() => edit(project, both as Operation[])).toThrow(Lost);
    expect(project.title).toBe('Film');
  });
});

describe('the time line', () => {
  test('writes moments as timecode', () => {
    expect([0, 23, 24, 110, 86_400].map((frame) => timecode(frame, 24))).toEqual([
      '00:00:00',
      '00:00:23',
      '00:01:00',
      '00:04:14',
      '01:00:00:00',
    ]);
  });
  test('has a word at every fifth mark, and never marks closer than they can be told apart', () => {
    expect(
      ruler(10, 43)
        .filter((one) => one.text)
        .map((one) => one.text),
    ).toEqual(['00:00', '00:05', '00:10']);
    for (const pixels of [1, 6, 43, 112]) {
      const [first, second] = ruler(300, pixels);
      expect((second?.left ?? 0) - (first?.left ?? 0)).toBeGreaterThanOrEqual(9);
    }
  });
  test('is seen in whole where there is room, and never vanishes', () => {
    expect(SCALES[fitting(26, 1320)]).toBe(43);
    expect(fitting(5, 5000)).toBe(SCALES.length - 1);
    expect(SCALES[fitting(7200, 390)]).toBe(16);
  });
  test('finds the card at a frame and the place for one that is let go', () => {
    const cards = on(solve(film(1, 2, 1)), 'picture');
    expect([0, 23, 24, 95, 200].map((frame) => cardAt(cards, frame))).toEqual([0, 0, 1, 2, 2]);
    const ids = cards.map((one) => one.item.id);
    expect(dropBefore(cards, ids[0] ?? '', 90)).toBe(null);
    expect(dropBefore(cards, ids[2] ?? '', 3)).toBe(ids[0]);
    expect(dropBefore(cards, ids[0] ?? '', 74)).toBe(ids[2]);
  });
});

describe('cuts that the server has solved', () => {
  const known = JSON.parse(
    readFileSync(new URL('../../../../tests/studio/solved_cuts.json', import.meta.url), 'utf8'),
  ) as { document: Project; cuts: Record<string, Record<string, [number, number]>> }[];
  test.each(known.map((one) => [one.document.id, one] as const))(
    'are solved alike: %s',
    (_, one) => {
      for (const [language, wanted] of Object.entries(one.cuts)) {
        const placed = solve(one.document, language).tracks.flatMap(({ items }) => items);
        expect(
          Object.fromEntries(placed.map((each) => [each.item.id, [each.start, each.end]])),
        ).toEqual(wanted);
      }
    },
  );
});
