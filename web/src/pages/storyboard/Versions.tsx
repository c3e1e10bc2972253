/** Every state that the storyboard was in; an old one can be had back as a new step. */
import { restore, useVersions, WINDOW } from '../../api/storyboards';
import { Overlay } from '../../parts/Overlay';
import { useToasts } from '../../state/toasts';
import { ago, type Say, useWords, type WordKey } from '../../words';
import { useBoard } from './store';

export function Versions({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const id = useBoard((board) => board.id) ?? '';
  const now = useBoard((board) => board.base?.version ?? 0);
  const versions = useVersions(id, now);
  const back = async (version: number) => {
    try {
      useBoard.getState().take(await restore(id, version));
      onClose();
    } catch (error) {
      useToasts.getState().add((error as Error).message);
    }
  };
  return (
    <Overlay title={say('board.versions')} onClose={onClose}>
      <ul className="sb-sheet sb-versions">
        {(versions.data ?? []).map((one) => (
          <li key={one.version}>
            <span className="mono">{one.version}</span>
            <span className="cap">
              {one.undoes === null
                ? one.why ||
                  summary(
                    say,
                    one.operations.map((each) => String(each.at)),
                  )
                : say('board.undid', { n: one.undoes })}
            </span>
            <span className="muted">
              {one.by === WINDOW ? say('board.here') : say('board.elsewhere')} · {ago(say, one.at)}
            </span>
            {one.version === now ? (
              <span className="muted">{say('board.nowVersion')}</span>
            ) : (
              <button type="button" className="link" onClick={() => void back(one.version)}>
                {say('board.restore')}
              </button>
            )}
          </li>
        ))}
        {now > 0 ? (
          <li>
            <span className="mono">0</span>
            <span className="cap">{say('version.beginning')}</span>
            <button type="button" className="link" onClick={() => void back(0)}>
              {say('board.restore')}
            </button>
          </li>
        ) : null}
      </ul>
    </Overlay>
  );
}

/** What a step changed, in words; the first pattern that fits a path says it. */
const CHANGES: readonly [RegExp, WordKey][] = [
  [/^shots\/[^/]+\/prompt$/, 'version.sentence'],
  [/^shots\/[^/]+\/length/, 'version.length'],
  [/^shots\/[^/]+\/(selected|takes)/, 'version.take'],
  [/^shots\/[^/]+\/characters/, 'version.characters'],
  [/^shots\/[^/]+$/, 'version.card'],
  [/^shots\//, 'version.looks'],
  [/\/items\/[^/]+\/transition$/, 'version.transition'],
  [/^lines\//, 'version.words'],
  [/^cast\//, 'version.characters'],
  [/^(scenes|places)\//, 'version.scene'],
  [/^sequences\//, 'version.order'],
  [/^title$/, 'version.title'],
];

function summary(say: Say, paths: readonly string[]): string {
  const found = paths.map((path) => CHANGES.find(([form]) => form.test(path))?.[1]);
  const words = [...new Set(found.flatMap((key) => (key ? [say(key)] : [])))];
  return words.slice(0, 3).join(', ') || say('version.more');
}
