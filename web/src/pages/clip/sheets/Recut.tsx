import { useWords } from '../../../words';
import { DualRange } from '../DualRange';
import { orderFor } from '../wish';
import { Sheet, type SheetProps } from './Sheet';

/** Keep the best part, regrow the rest. */
export function Recut(props: SheetProps) {
  const { video, wish, change, fps } = props;
  const say = useWords();
  const whole = Number(video.seconds);
  const isLate = whole - wish.end >= wish.start;
  return (
    <Sheet
      {...props}
      order={orderFor('recut', video, wish)}
      ask={say('sheet.whatNew')}
      at={isLate ? (wish.end + whole) / 2 : wish.start / 2}
    >
      <DualRange
        label={say('sheet.keepPart')}
        start={wish.start}
        end={wish.end}
        most={whole}
        step={1 / fps}
        onChange={(start, end) => change({ start, end })}
      />
      <p className="muted">{say('sheet.keepNote')}</p>
    </Sheet>
  );
}
