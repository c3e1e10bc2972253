import { useWords } from '../../../words';
import { DualRange } from '../DualRange';
import { orderFor } from '../wish';
import { Sheet, type SheetProps, useSeen } from './Sheet';

/** Join the end to the start. */
export function Loop(props: SheetProps) {
  const { video, wish, change, draws, fps } = props;
  const say = useWords();
  return (
    <Sheet
      {...props}
      order={orderFor('loop', video, wish, undefined, draws)}
      ask={draws ? null : say('sheet.whatShown')}
      at={useSeen(fps)}
    >
      <DualRange
        label={say('sheet.loopPart')}
        start={0}
        end={wish.end}
        most={Number(video.seconds)}
        step={1 / fps}
        fixed
        onChange={(_, end) => change({ end })}
      />
      <p className="muted">{say('sheet.loopNote')}</p>
    </Sheet>
  );
}
