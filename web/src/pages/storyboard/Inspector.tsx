/** Everything about the chosen card. */
import { useCards } from '../../api/cards';
import { Icon } from '../../parts/Icon';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import { cardsOf, longestTransition, removeCard, setLength, setTransition } from './acts';
import { on } from './cut';
import type { Item, Project, Shot } from './document';
import { setTo } from './edits';
import { ratio, sure, toNumber } from './exact';
import { Field } from './Field';
import { Camera, Picture } from './Looks';
import { rateOf } from './layout';
import { Characters, Lines } from './People';
import { Reading } from './Reading';
import { useBoard } from './store';
import { Takes } from './Takes';

const HALF = 2;
const LONGEST = 20;
export function Inspector({ adds }: { adds: () => void }) {
  const say = useWords();
  const project = useBoard((board) => board.project);
  const chosen = useBoard((board) => board.chosen);
  const act = useBoard((board) => board.act);
  const item = project ? cardsOf(project).find((one) => one.id === chosen) : undefined;
  const shot = item && project?.shots?.[item.ref];
  if (!project || !item || !shot) {
    return (
      <div className="sb-inspector">
        <p className="muted">{say('board.noCard')}</p>
        <button type="button" className="btn line" onClick={adds}>
          <Icon name="plus" size={16} />
          {say('board.addCard')}
        </button>
      </div>
    );
  }
  const cards = cardsOf(project);
  const set = (field: string, value: unknown) => act([setTo(`shots/${item.ref}/${field}`, value)]);
  return (
    <div className="sb-inspector" key={item.id}>
      <div className="row">
        <h2>{say('board.cardN', { n: cards.indexOf(item) + 1 })}</h2>
        <span className="grow" />
        <button
          type="button"
          className="icon-btn small"
          aria-label={say('board.removeCard')}
          title={say('board.removeCard')}
          onClick={() => takeOut(project, item, say('board.removed'))}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
      <Sentence shot={shot} onChange={(text) => set('prompt', text)} project={project} />
      <div className="sb-two">
        <LengthField item={item} shot={shot} />
        <Bend project={project} item={item} />
      </div>
      <Characters project={project} item={item} shot={shot} />
      <Takes shot={item.ref} />
      <Lines project={project} shot={item.ref} />
      <Camera shot={shot} set={set} project={project} />
      <Picture item={item} shot={shot} set={set} />
    </div>
  );
}

/** Take a card out, so that it can be had back for a while. */
export function takeOut(project: Project, item: Item, said: string): void {
  const { act, undo, choose } = useBoard.getState();
  const cards = cardsOf(project);
  const at = cards.indexOf(item);
  act(removeCard(project, item.ref));
  choose((cards[at + 1] ?? cards[at - 1])?.id ?? null);
  useToasts.getState().add(said, () => void undo());
}

function Sentence({
  shot,
  project,
  onChange,
}: {
  shot: Shot;
  project: Project;
  onChange: (text: string) => void;
}) {
  const say = useWords();
  const cards = useCards();
  const model = shot.model ?? project.look?.model ?? 'animatic';
  const reads = cards.data?.find((one) => one.name === model)?.family === 'storybook';
  return (
    <Reading
      value={shot.prompt ?? ''}
      label={say('board.happens')}
      reads={reads}
      model={model}
      onChange={onChange}
      names={Object.values(project.cast ?? {}).map((one) => one.name)}
    />
  );
}

function LengthField({ item, shot }: { item: Item; shot: Shot }) {
  const say = useWords();
  const { tryOut, settle } = useBoard.getState();
  const cut = useBoard((board) => board.cut);
  const seconds = toNumber(sure(shot.length?.seconds));
  const placed = cut && on(cut, 'picture').find((one) => one.item.id === item.id);
  const lasts = placed && cut ? (placed.end - placed.start) / rateOf(cut) : seconds;
  const byWords = !item.trim && lasts > seconds + 0.05;
  const said = say('common.seconds', { n: Math.round(lasts * 100) / 100 });
  return (
    <label className="field">
      <span className="sb-label">
        {say('prompt.length')}
        <b>{said}</b>
      </span>
      <input
        type="range"
        min={0.5}
        max={LONGEST}
        step={1 / HALF}
        value={seconds}
        aria-valuetext={said}
        onKeyDown={(event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation()}
        onChange={(event) =>
          tryOut(
            setLength(item.ref, ratio(BigInt(Math.round(Number(event.target.value) * HALF)), 2n)),
          )
        }
        onKeyUp={settle}
        onPointerUp={settle}
        onBlur={settle}
      />
      {byWords ? <span className="muted">{say('board.byWords')}</span> : null}
      {lasts < 1 ? <span className="muted">{say('board.short')}</span> : null}
    </label>
  );
}

function Bend({ project, item }: { project: Project; item: Item }) {
  const say = useWords();
  const act = useBoard((board) => board.act);
  const rate = useBoard((board) => (board.cut ? rateOf(board.cut) : 24));
  const bend = item.transition;
  const kind = bend ? (bend.kind ?? 'dissolve') : 'cut';
  const usual = Math.min(longestTransition(project), Math.round(rate / 2));
  const lengths = [
    ...new Set([usual, Math.round(rate), Math.round(rate * 1.5), bend?.frames ?? usual]),
  ]
    .filter((frames) => frames <= longestTransition(project))
    .sort((a, b) => a - b);
  const pick = (to: string) => {
    if (to === 'cut') return act(setTransition(project, item.id, null));
    const frames = bend?.frames ?? usual;
    act(setTransition(project, item.id, to === 'dip' ? { kind: 'dip', frames } : { frames }));
  };
  return (
    <Field
      name={say('board.into')}
      note={
        bend ? (
          <select
            className="sb-select"
            aria-label={say('board.bendLength')}
            value={bend.frames}
            onChange={(event) =>
              act(setTransition(project, item.id, { ...bend, frames: Number(event.target.value) }))
            }
          >
            {lengths.map((frames) => (
              <option key={frames} value={frames}>
                {say('common.seconds', { n: Math.round((frames / rate) * 100) / 100 })}
              </option>
            ))}
          </select>
        ) : null
      }
    >
      <Tabs
        label={say('board.into')}
        value={kind}
        items={[
          ['cut', say('board.cut')],
          ['dissolve', say('board.dissolve')],
          ['dip', say('board.dip')],
        ]}
        onPick={pick}
      />
    </Field>
  );
}
