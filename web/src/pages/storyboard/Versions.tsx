/** Every state that the storyboard was in; an old one can be had back as a new step. */
import { restore, useVersions, WINDOW } from '../../api/storyboards';
import { Overlay } from '../../parts/Overlay';
import { useToasts } from '../../state/toasts';
import { ago, useWords } from '../../words';
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
                ? one.why || summary(one.operations.map((each) => String(each.at)))
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
      </ul>
    </Overlay>
  );
}

/** What a step touched, as paths without the tables that they lead through. */
function summary(paths: readonly string[]): string {
  const short = paths.map((path) => path.replace(/^sequences\/main\/tracks\//, ''));
  return [...new Set(short)].slice(0, 3).join(', ');
}
