/** The one main button: how many cards would be made, and before that which and why. */
import { useState } from 'react';
import { makeMissing, usePlan } from '../../api/storyboards';
import { Icon } from '../../parts/Icon';
import { Overlay } from '../../parts/Overlay';
import { lasting, type Say, useWords, type WordKey } from '../../words';
import { cardsOf } from './acts';
import { useBoard } from './store';

export function Making({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const say = useWords();
  const id = useBoard((board) => board.id) ?? '';
  const base = useBoard((board) => board.base);
  const waiting = useBoard((board) => board.waiting.length);
  const makes = Object.values(base?.cards ?? {}).filter((card) => card.making).length;
  const missing = base?.missing ?? 0;
  const plan = usePlan(id, base?.version ?? 0, missing > 0);
  const seconds = plan.data?.seconds;
  const label = missing
    ? [
        say(missing === 1 ? 'board.makeOne' : 'board.make', { n: missing }),
        seconds ? lasting(say, seconds) : null,
      ]
    : [
        makes
          ? say('board.making', { n: makes })
          : Object.keys(base?.cards ?? {}).length
            ? say('board.allMade')
            : say('board.nothing'),
      ];
  return (
    <>
      <button
        type="button"
        className="btn lamp"
        disabled={!missing}
        data-make={missing}
        onClick={() => onOpen(true)}
      >
        {label.filter(Boolean).join(' · ')}
      </button>
      {open ? (
        <Before id={id} isSaved={waiting === 0} plan={plan} onClose={() => onOpen(false)} />
      ) : null}
    </>
  );
}

const REASONS: Record<string, WordKey> = {
  'never made': 'board.why.never',
  'its clip is damaged': 'board.why.damaged',
};

/** Why a card would be made, in the reader's language where it is one of the usual reasons. */
function why(say: Say, said: string | null): string | null {
  const key = said === null ? undefined : REASONS[said];
  return key ? say(key) : said;
}

interface BeforeProps {
  id: string;
  isSaved: boolean;
  plan: ReturnType<typeof usePlan>;
  onClose: () => void;
}

/** What would be made again, and what stays. */
function Before({ id, isSaved, plan, onClose }: BeforeProps) {
  const say = useWords();
  const project = useBoard((board) => board.project);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const shots = plan.data?.shots ?? [];
  const missing = shots.filter((one) => one.state === 'missing');
  const ready = shots.length - missing.length;
  const number = (shot: string) =>
    project ? cardsOf(project).findIndex((one) => one.ref === shot) + 1 : 0;
  const bare = missing.find(({ shot }) => {
    const { prompt, image } = project?.shots?.[shot] ?? {};
    return !prompt?.trim() && !image;
  });
  const wordless = bare ? number(bare.shot) : 0;
  const make = async () => {
    setBusy(true);
    try {
      useBoard.getState().take(await makeMissing(id));
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <Overlay title={say('board.before')} onClose={onClose}>
      <div className="sb-sheet">
        <p className="muted">
          {ready ? say('board.untouched', { n: ready }) : say('board.allNew')}
        </p>
        <ul className="sb-plan">
          {missing.map((one) => (
            <li key={`${one.shot} ${one.deliverable}`}>
              <span className="mono">{number(one.shot)}</span>
              <span className="cap lines2" dir="auto">
                {project?.shots?.[one.shot]?.prompt || say('plate.untitled')}
              </span>
              <span className="muted">
                {[why(say, one.why), one.seconds ? lasting(say, one.seconds) : null]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
        {wordless ? (
          <p className="pnote" role="status">
            <Icon name="warn" size={15} />
            {say('board.wordless', { n: wordless })}
          </p>
        ) : null}
        {(problem ?? plan.error) ? (
          <p className="pnote" role="alert">
            <Icon name="warn" size={15} />
            {problem ?? plan.error?.message}
          </p>
        ) : null}
        <div className="row">
          <button
            type="button"
            className="btn lamp"
            disabled={busy || !isSaved || !missing.length || wordless > 0}
            onClick={() => void make()}
          >
            {say(missing.length === 1 ? 'board.makeOne' : 'board.make', { n: missing.length })}
          </button>
          <span className="muted">
            {plan.data?.seconds ? lasting(say, plan.data.seconds) : say('prompt.noTime')} ·{' '}
            {say('prompt.free')}
          </span>
        </div>
      </div>
    </Overlay>
  );
}
