/** What this window wrote while another one changed the same: nothing is lost, somebody chooses. */
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { useBoard } from './store';

export function Refused() {
  const say = useWords();
  const refused = useBoard((board) => board.refused);
  const { decide } = useBoard.getState();
  if (!refused) return null;
  const mine = refused.operations.map(({ now }) => {
    const value = (now as { value?: unknown } | null)?.value ?? now;
    return typeof value === 'string' ? value : '';
  });
  const text = mine.filter(Boolean).join(', ');
  return (
    <div className="notice" role="alert">
      <Icon name="warn" />
      <p dir="auto">
        {say('board.refused')} {text ? `“${text}”` : refused.reason}
      </p>
      <span className="row">
        <button type="button" className="link" onClick={() => decide(false)}>
          {say('board.theirs')}
        </button>
        <button type="button" className="link" onClick={() => decide(true)}>
          {say('board.mine')}
        </button>
      </span>
    </div>
  );
}
