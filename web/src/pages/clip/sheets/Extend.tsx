import { Tabs } from '../../../parts/Tabs';
import { useWords } from '../../../words';
import { orderFor } from '../wish';
import { Sheet, type SheetProps } from './Sheet';

const LENGTHS = [2, 4, 8, 12];

/** Add time before or after. */
export function Extend(props: SheetProps) {
  const { video, wish, change } = props;
  const say = useWords();
  const whole = Number(video.seconds) + wish.more;
  return (
    <Sheet
      {...props}
      order={orderFor('extend', video, wish)}
      ask={say('sheet.whatNext')}
      at={wish.backward ? wish.more / 2 : whole - wish.more / 2}
    >
      <div className="field">
        <span className="field-row">
          <span className="strong">{say('sheet.direction')}</span>
          <span className="muted">{say('sheet.inAll', { n: Math.round(whole * 100) / 100 })}</span>
        </span>
        <span className="row">
          <Tabs
            label={say('sheet.direction')}
            value={wish.backward ? 'before' : 'after'}
            items={[
              ['before', say('sheet.before')],
              ['after', say('sheet.after')],
            ]}
            onPick={(way) => change({ backward: way === 'before' })}
          />
          <Tabs
            label={say('prompt.length')}
            value={String(wish.more)}
            items={LENGTHS.map((n) => [String(n), say('common.seconds', { n })] as const)}
            onPick={(more) => change({ more: Number(more) })}
          />
        </span>
        <Join whole={whole} at={wish.backward ? wish.more : whole - wish.more} />
      </div>
    </Sheet>
  );
}

/** Where the old and the new part meet. */
function Join({ whole, at }: { whole: number; at: number }) {
  const say = useWords();
  return (
    <span className="join" role="img" aria-label={say('sheet.joinAt', { n: at })}>
      <i style={{ width: `${(at / whole) * 100}%` }} />
      <span className="muted">{say('sheet.joinAt', { n: at })}</span>
    </span>
  );
}
