/** Where clips begin: words that are read as they are typed, choices, and what it will take. */
import { type DragEvent, useMemo, useRef, useState } from 'react';
import { type ModelCard, useCards } from '../api/cards';
import { Refusal } from '../api/client';
import { steer, useNames } from '../api/library';
import { order, ordered, uploadPicture, useEstimate, useReading } from '../api/make';
import { useKeys } from '../state/keys';
import { useLive } from '../state/live';
import { keepForLater } from '../state/outbox';
import { type Picture, usePrefs } from '../state/prefs';
import { lasting, named, useWords } from '../words';
import { Icon } from './Icon';
import { Menu } from './Menu';
import { pieces } from './marks';

const SIZES = [
  ['16:9', '1280x720'],
  ['9:16', '720x1280'],
  ['1:1', '720x720'],
  ['4:3', '960x720'],
  ['21:9', '1680x720'],
  ['16:9 HD', '1920x1080'],
] as const;
const LENGTHS = [2, 4, 8, 12, 20] as const;
const QUALITIES = ['draft', 'standard', 'high'] as const;
const VARIATIONS = [1, 2, 4, 8] as const;
const looks = import.meta.glob<string>('../style/looks/*.webp', {
  eager: true,
  query: '?url',
  import: 'default',
});

let lastMade: string[] = [];

export function PromptBar() {
  const say = useWords();
  const { draft, write } = usePrefs();
  const online = useLive((live) => live.online);
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [dropping, setDropping] = useState(false);
  const reading = useReading(draft.prompt);
  const empty = draft.prompt.trim() === '' && draft.pictures.length === 0;
  const forecast = useEstimate(empty ? null : ordered(draft));
  const cards = useCards();
  const card = cards.data?.find((one) => one.name === draft.model);
  const isOurs = card?.family === 'storybook';
  const cut = useMemo(
    () => pieces(draft.prompt, isOurs ? (reading.data?.words ?? []) : []),
    [draft.prompt, reading.data, isOurs],
  );
  const refused =
    forecast.error instanceof Refusal &&
    forecast.error.status >= 400 &&
    forecast.error.status < 500;

  const make = async (anew = false) => {
    if (empty) return;
    setProblem(null);
    if (!online) {
      keepForLater(ordered(draft));
      setProblem(say('prompt.kept'));
      return;
    }
    try {
      if (anew) await Promise.allSettled(lastMade.map((id) => steer(id, 'cancel')));
      const seed = anew ? Math.floor(Math.random() * 2 ** 31) : undefined;
      const made = await order({ ...ordered(draft), ...(seed === undefined ? {} : { seed }) });
      lastMade = made.map((one) => one.id);
      field.current?.select();
      scrollTo({ top: 0 });
    } catch (error) {
      if (error instanceof Refusal && error.status === 0) {
        keepForLater(ordered(draft));
        setProblem(say('prompt.kept'));
      } else setProblem((error as Error).message);
    }
  };
  const add = async (files: Iterable<File>) => {
    for (const file of files) {
      if (!/^image\/(png|jpeg|webp)$/.test(file.type)) {
        setProblem(say('prompt.notPicture', { name: file.name }));
        continue;
      }
      try {
        const id = await uploadPicture(file);
        const pictures: Picture[] = usePrefs.getState().draft.pictures;
        const role = pictures.some((one) => one.role === 'first') ? 'last' : 'first';
        write({ pictures: [...pictures, { id, name: file.name, role, at: 0 }] });
      } catch (error) {
        setProblem((error as Error).message);
      }
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    void add(event.dataTransfer.files);
  };

  useKeys({
    '/': () => field.current?.focus(),
    'Ctrl+Enter': () => void make(),
    'Ctrl+Shift+Enter': () => void make(true),
  });

  return (
    <form
      className={`pbar ${dropping ? 'dropping' : ''}`}
      aria-label={say('prompt.form')}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      <div className="ptop">
        <AddPicture onFiles={(files) => void add(files)} />
        <div className="pwrap">
          <div className="pmirror" aria-hidden="true">
            {cut.map((piece, at) =>
              piece.ink ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
                <mark key={at} className={`k-${piece.ink}`}>
                  {piece.text}
                </mark>
              ) : (
                piece.text
              ),
            )}{' '}
          </div>
          <textarea
            ref={field}
            rows={1}
            value={draft.prompt}
            dir="auto"
            maxLength={32_000}
            placeholder={say('prompt.placeholder')}
            aria-label={say('prompt.label')}
            aria-describedby="prompt-note"
            onChange={(event) => {
              setProblem(null);
              write({ prompt: event.target.value });
            }}
          />
        </div>
      </div>
      <Pictures />
      <div className="pbot">
        <Choices card={card} cards={cards.data ?? []} />
        <div className="pgo">
          <Est empty={empty} refused={refused} />
          <button type="submit" className="btn lamp" disabled={empty}>
            {!online
              ? say('prompt.sendLater')
              : draft.variations > 1
                ? say('prompt.makeMany', { n: draft.variations })
                : say('prompt.make')}
            <kbd aria-hidden="true">Ctrl ↵</kbd>
          </button>
        </div>
      </div>
      <div id="prompt-note" role="status">
        {problem || (refused && !empty) ? (
          <p className="pnote" data-problem>
            <Icon name="warn" size={15} />
            {problem ?? forecast.error?.message}
          </p>
        ) : null}
        {isOurs && !problem && !refused ? (
          <Lost words={lostIn(cut)} model={draft.model} cards={cards.data ?? []} />
        ) : null}
      </div>
    </form>
  );
}

function lostIn(cut: ReturnType<typeof pieces>): string[] {
  return [...new Set(cut.filter((piece) => piece.ink === 'lost').map((piece) => piece.text))];
}

function Lost({ words, model, cards }: { words: string[]; model: string; cards: ModelCard[] }) {
  const say = useWords();
  const names = useNames();
  const write = usePrefs((prefs) => prefs.write);
  if (!words.length) return null;
  const other = cards.find((one) => one.family !== 'storybook' && names.data?.includes(one.name));
  const said = words
    .slice(0, 6)
    .map((word) => `“${word}”`)
    .join(', ');
  return (
    <p className="pnote">
      <Icon name="warn" size={15} />
      <span>
        {say(words.length > 1 ? 'prompt.lostMany' : 'prompt.lostOne', { words: said, model })}
      </span>
      {other ? (
        <button type="button" className="link" onClick={() => write({ model: other.name })}>
          {say('prompt.useOther', { model: other.name })}
        </button>
      ) : null}
    </p>
  );
}

function Est({ empty, refused }: { empty: boolean; refused: boolean }) {
  const say = useWords();
  const draft = usePrefs((prefs) => prefs.draft);
  const { data } = useEstimate(empty ? null : ordered(draft));
  if (!data || refused || empty) return <span className="est" />;
  const memory = say('prompt.memory', { n: (data.megabytes / 1000).toFixed(1) });
  const clips = data.videos > 1 ? say('prompt.clips', { n: data.videos }) : say('prompt.clip');
  return (
    <span className="est" data-estimate>
      <b>{data.seconds === null ? say('prompt.noTime') : lasting(say, data.seconds)}</b>
      <span>
        {clips} · {memory} · {say('prompt.free')}
      </span>
    </span>
  );
}

function AddPicture({ onFiles }: { onFiles: (files: File[]) => void }) {
  const say = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="icon-btn"
        aria-label={say('prompt.add')}
        onClick={() => input.current?.click()}
      >
        <Icon name="plus" size={20} />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept="image/png,image/jpeg,image/webp"
        aria-label={say('prompt.add')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

function Pictures() {
  const say = useWords();
  const { draft, write } = usePrefs();
  const { pictures } = draft;
  if (!pictures.length) return null;
  const change = (id: string, what: Partial<Picture>) =>
    write({ pictures: pictures.map((one) => (one.id === id ? { ...one, ...what } : one)) });
  return (
    <ul className="pimages">
      {pictures.map((one) => (
        <li key={one.id} className="pimage">
          <Icon name="image" size={16} />
          {one.name}
          <select
            value={one.role}
            aria-label={say('prompt.role', { name: one.name })}
            onChange={(event) => change(one.id, { role: event.target.value as Picture['role'] })}
          >
            <option value="first">{say('prompt.roleFirst')}</option>
            <option value="last">{say('prompt.roleLast')}</option>
            <option value="at">{say('prompt.roleAt')}</option>
          </select>
          {one.role === 'at' ? (
            <input
              type="number"
              min={0}
              max={draft.seconds}
              step={0.1}
              value={one.at}
              aria-label={say('prompt.at')}
              onChange={(event) => change(one.id, { at: Number(event.target.value) })}
            />
          ) : null}
          <button
            type="button"
            className="icon-btn small"
            aria-label={say('prompt.remove', { name: one.name })}
            onClick={() => write({ pictures: pictures.filter((other) => other.id !== one.id) })}
          >
            <Icon name="close" size={13} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Choices({ card, cards }: { card: ModelCard | undefined; cards: ModelCard[] }) {
  const say = useWords();
  const { draft, write } = usePrefs();
  const names = useNames().data;
  const down = <Icon name="down" size={13} />;
  const shape = SIZES.find(([, size]) => size === draft.size)?.[0] ?? draft.size;
  const models = cards.map((one) => {
    const here = names?.includes(one.name) ?? false;
    return {
      value: one.name,
      label: one.name,
      note: here ? short(one.summary) : say('prompt.notHere'),
      disabled: !here,
    };
  });
  models.sort((a, b) => Number(a.disabled) - Number(b.disabled));
  const styles = card?.styles ?? [];
  return (
    <div className="popts">
      <Menu
        label={say('prompt.model')}
        shown={
          <>
            {draft.model}
            {down}
          </>
        }
        value={draft.model}
        items={models}
        onPick={(model) => write({ model })}
      />
      <Menu<string>
        label={say('prompt.size')}
        shown={
          <>
            {shape}
            {down}
          </>
        }
        value={draft.size}
        items={SIZES.map(([label, value]) => ({ value, label, note: value.replace('x', ' × ') }))}
        onPick={(size) => write({ size })}
      />
      <Menu<number>
        label={say('prompt.length')}
        shown={
          <>
            {say('common.seconds', { n: draft.seconds })}
            {down}
          </>
        }
        value={draft.seconds}
        items={LENGTHS.map((value) => ({ value, label: say('common.seconds', { n: value }) }))}
        onPick={(seconds) => write({ seconds })}
      />
      <Menu<(typeof QUALITIES)[number]>
        label={say('prompt.quality')}
        shown={
          <>
            {say(`quality.${draft.quality}`)}
            {down}
          </>
        }
        value={draft.quality}
        items={QUALITIES.map((value) => ({ value, label: say(`quality.${value}`) }))}
        onPick={(quality) => write({ quality })}
      />
      {styles.length ? (
        <Menu<string | null>
          label={say('prompt.style')}
          look="looks"
          shown={
            <>
              {draft.style ? named(say, 'style', draft.style) : say('style.none')}
              {down}
            </>
          }
          value={draft.style}
          items={[
            { value: null, label: say('style.none'), ...look('none') },
            ...styles.map((value) => ({
              value,
              label: named(say, 'style', value),
              ...look(value),
            })),
          ]}
          onPick={(style) => write({ style })}
        />
      ) : null}
      <Menu<number>
        label={say('prompt.variations')}
        shown={
          <>
            {draft.variations}×{down}
          </>
        }
        value={draft.variations}
        items={VARIATIONS.map((value) => ({ value, label: `${value}×` }))}
        onPick={(variations) => write({ variations })}
      />
    </div>
  );
}

function look(style: string): { image?: string } {
  const image = looks[`../style/looks/${style}.webp`];
  return image ? { image } : {};
}

function short(summary: string): string {
  const [first = ''] = summary.split(/[:.;]/);
  return first.length > 46 ? `${first.slice(0, 45)}…` : first;
}
