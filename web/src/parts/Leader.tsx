/** The film-leader count-down: the one sign of progress, with the seconds left in the middle. */
import { useEffect, useState } from 'react';
import { useLive } from '../state/live';
import { useWords } from '../words';

interface Props {
  percent: number;
  /** Seconds left, null where nobody knows. */
  left: number | null;
  size?: number;
  /** On the wall, not over a picture. */
  onPage?: boolean;
}

export function Leader({ percent, left, size = 56, onPage = false }: Props) {
  const say = useWords();
  const shown =
    left === null ? '' : left < 60 ? Math.max(0, Math.round(left)) : `${Math.floor(left / 60)}′`;
  const said =
    left === null
      ? say('leader.unknown')
      : say('leader.left', { n: Math.max(0, Math.round(left)) });
  return (
    <span
      className={`leader ${onPage ? 'on-page' : ''}`}
      style={{
        width: size,
        height: size,
        fontSize: size * 0.36,
        ['--done' as string]: `${percent}%`,
      }}
      role="progressbar"
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label={say('leader.label', { percent: Math.round(percent), left: said })}
    >
      <i />
      <b aria-hidden="true">{shown}</b>
    </span>
  );
}

/** The time, once a second while somebody looks. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Percent from which the speed so far says more than the estimate. */
export const SURE = 10;

/** The count-down of one forming clip. */
export function ClipLeader({
  id,
  promised,
  ...look
}: { id: string; promised: number | null } & Omit<Props, 'percent' | 'left'>) {
  const forming = useLive((live) => live.forming[id]);
  const now = useNow();
  const isSure = forming?.until && forming.percent >= SURE;
  const left = isSure ? Math.max(0, ((forming.until ?? now) - now) / 1000) : promised;
  return <Leader percent={forming?.percent ?? 0} left={left} {...look} />;
}
