/** Where clips begin: words that are read as they are typed, choices, and what it will take. */
import { type DragEvent, useMemo, useRef, useState } from 'react';
import { useCards } from '../api/cards';
import { Refusal } from '../api/client';
import { useNames } from '../api/library';
import { type Order, useEstimate, useReading } from '../api/make';
import { useFilm } from '../state/film';
import { useKeys } from '../state/keys';
import { useLive } from '../state/live';
import { usePrefs } from '../state/prefs';
import { lasting, useWords } from '../words';
import { Icon } from './Icon';
import { Menu } from './Menu';
import { type Piece, pieces } from './marks';
import { AddFile, Attached } from './prompt/Attached';
import { Choices } from './prompt/Choices';
import { Field } from './prompt/Field';
import { attach, send, useOrder } from './prompt/send';

const NOTE = 'prompt-note';
/** What a plate carries when it is dragged. */
export const DRAGGED = 'application/x-kinema-clip';

export function PromptBar() {
  const say = useWords();
  const draft = usePrefs((prefs) => prefs.draft);
  const write = usePrefs((prefs) => prefs.write);
  const film = useFilm((now) => now.file);
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [dropping, setDropping] = useState(false);
  const what = useOrder();
  const forecast = useEstimate(what);
  const card = useCards().data?.find((one) => one.name === draft.model);
  const reading = useReading(draft.prompt);
  const isOurs = card?.family === 'storybook';
  const cut = useMemo(
    () => pieces(draft.prompt, isOurs ? (reading.data?.words ?? []) : []),
    [draft.prompt, reading.data, isOurs],
  );
  const refusal = what && forecast.error instanceof Refusal ? forecast.error : null;
  const refused = refusal && refusal.status >= 400 && refusal.status < 500 ? refusal : null;

  const make = async (anew = false) => {
    if (!what) return;
    setProblem(null);
    try {
      const done = await send(what, anew);
      if (done === 'kept') setProblem(say('prompt.kept'));
      field.current?.select();
      scrollTo({ top: 0 });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const add = (files: Iterable<File>) => {
    attach(files).then(
      (misfit) => misfit && setProblem(say('prompt.notPicture', { name: misfit.name })),
      (error: Error) => setProblem(error.message),
    );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    const clip = event.dataTransfer.getData(DRAGGED);
    if (clip) write({ clip });
    else add(event.dataTransfer.files);
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
        <AddFile onFiles={add} />
        <Field
          field={field}
          cut={cut}
          note={NOTE}
          placeholder={say(draft.clip || film ? 'prompt.change' : 'prompt.placeholder')}
          onWrite={() => setProblem(null)}
        />
        <History />
      </div>
      <Attached />
      <div className="pbot">
        <Choices card={card} />
        <div className="pgo">
          <Est what={refused ? null : what} />
          <MakeButton disabled={!what} />
        </div>
      </div>
      <div id={NOTE} role="status">
        {problem || refused ? (
          <p className="pnote" data-problem>
            <Icon name="warn" size={15} />
            <span>{problem ?? refused?.message}</span>
            {refused && !problem ? <Others /> : null}
          </p>
        ) : null}
        {isOurs && !problem && !refused ? <Lost cut={cut} /> : null}
      </div>
    </form>
  );
}

function MakeButton({ disabled }: { disabled: boolean }) {
  const say = useWords();
  const online = useLive((live) => live.online);
  const variations = usePrefs((prefs) => prefs.draft.variations);
  const many = variations > 1 ? say('prompt.makeMany', { n: variations }) : say('prompt.make');
  return (
    <button type="submit" className="btn lamp" disabled={disabled}>
      {online ? many : say('prompt.sendLater')}
      <kbd aria-hidden="true">Ctrl ↵</kbd>
    </button>
  );
}

/** Prompts of before, to be gone on with; what stands in the bar takes its place among them. */
function History() {
  const say = useWords();
  const { history, open } = usePrefs();
  if (!history.length) return null;
  return (
    <Menu<number>
      label={say('prompt.history')}
      className="icon-btn"
      look="past"
      shown={<Icon name="history" size={18} />}
      items={history.map(({ prompt }, value) => ({ value, label: prompt }))}
      onPick={(at) => {
        const past = history[at];
        if (past) open(past);
      }}
    />
  );
}

/** The first model here that draws no storybook world, and so knows other words. */
function useOther(): string | undefined {
  const cards = useCards().data ?? [];
  const names = useNames().data;
  return cards.find((one) => one.family !== 'storybook' && names?.includes(one.name))?.name;
}

function Others() {
  const say = useWords();
  const other = useOther();
  const { draft, write } = usePrefs();
  if (!other || other === draft.model) return null;
  return (
    <button type="button" className="link" onClick={() => write({ model: other })}>
      {say('prompt.useOther', { model: other })}
    </button>
  );
}

function Lost({ cut }: { cut: readonly Piece[] }) {
  const say = useWords();
  const model = usePrefs((prefs) => prefs.draft.model);
  const lost = cut.filter((piece) => piece.ink === 'lost').map((piece) => piece.text);
  const words = [...new Set(lost)];
  if (!words.length) return null;
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
      <Others />
    </p>
  );
}

function Est({ what }: { what: Order | null }) {
  const say = useWords();
  const { data } = useEstimate(what);
  if (!data || !what) return <span className="est" />;
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
