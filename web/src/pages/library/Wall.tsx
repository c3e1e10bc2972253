/** The justified wall of plates; only rows near the window are in the page. */
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Video } from '../../api/client';
import { Chip } from '../../parts/Chip';
import { Icon } from '../../parts/Icon';
import { Gate, type Kin, openMenu, Plate } from '../../parts/Plate';
import { useKeys } from '../../state/keys';
import { link } from '../../state/route';
import { ago, useLanguage, useWords } from '../../words';
import { grouped, layOut, type Row, spreadColumns, visible } from './layout';

const AHEAD = 900;

interface Props {
  videos: Video[];
  rowHeight: number;
  picked: string[];
  onPick: (id: string) => void;
  /** Called when the end of the wall comes near. */
  onEnd: () => void;
}

export function Wall({ videos, rowHeight, picked, onPick, onEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [range, setRange] = useState({ from: 0, to: 2000 });

  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    const measure = new ResizeObserver(() => setWidth(node.clientWidth));
    measure.observe(node);
    setWidth(node.clientWidth);
    return () => measure.disconnect();
  }, []);

  const { rows, total } = useMemo(
    () => layOut(grouped(videos, dayOf), Math.max(width, 200), Math.min(rowHeight, width)),
    [videos, width, rowHeight],
  );

  useEffect(() => {
    const look = () => {
      const above = box.current?.getBoundingClientRect().top ?? 0;
      const from = Math.floor((-above - AHEAD) / 300) * 300;
      const to = from + innerHeight + 2 * AHEAD + 300;
      setRange((old) => (old.from === from && old.to === to ? old : { from, to }));
      if (-above + innerHeight + AHEAD > total) onEnd();
    };
    let frame = 0;
    const soon = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [total, onEnd]);

  useGridKeys(box);
  const kin = useMemo(
    () =>
      new Map(
        videos.map(({ id, prompt, kinema: { number } }) => [id, { prompt, number }] as const),
      ),
    [videos],
  );

  return (
    <div ref={box} className="wall" style={{ height: total }}>
      {width > 0
        ? visible(rows, range.from, range.to).map((row) => (
            <WallRow
              key={row.key}
              row={row}
              width={width}
              kin={kin}
              picked={picked}
              onPick={onPick}
            />
          ))
        : null}
    </div>
  );
}

type RowProps = Pick<Props, 'picked' | 'onPick'> & {
  row: Row;
  width: number;
  kin: ReadonlyMap<string, Kin>;
};

const WallRow = memo(function WallRow({ row, width, kin, picked, onPick }: RowProps) {
  return (
    <div className={`wall-row ${row.kind}`} style={{ top: row.top }}>
      {row.kind === 'day' ? <DayName day={row.day} /> : null}
      {row.kind === 'spread' ? (
        <Spread row={row} width={width} picked={picked} onPick={onPick} />
      ) : null}
      {row.kind === 'plates'
        ? row.plates.map(({ video, width: wide }) => (
            <Plate
              key={video.id}
              video={video}
              width={wide}
              parent={kin.get(video.kinema.source ?? '')}
              picked={picked.includes(video.id)}
              onPick={() => onPick(video.id)}
            />
          ))
        : null}
    </div>
  );
});

function dayOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function DayName({ day }: { day: string }) {
  const say = useWords();
  const language = useLanguage();
  const now = Date.now() / 1000;
  if (day === dayOf(now)) return <h2>{say('day.today')}</h2>;
  if (day === dayOf(now - 86_400)) return <h2>{say('day.yesterday')}</h2>;
  const date = new Date(`${day}T12:00:00`);
  return (
    <h2>{date.toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' })}</h2>
  );
}

type SpreadProps = Pick<Props, 'picked' | 'onPick'> & {
  row: Extract<Row, { kind: 'spread' }>;
  width: number;
};

function Spread({ row, width, picked, onPick }: SpreadProps) {
  const say = useWords();
  const [first] = row.videos;
  if (!first) return null;
  const across = spreadColumns(row.videos.length, width);
  const prompt = first.prompt || say('plate.untitled');
  const finished = row.videos.filter((one) => one.status === 'completed');
  return (
    <section className="spread" aria-label={prompt}>
      <div className="spread-row" style={{ gridTemplateColumns: `repeat(${across}, 1fr)` }}>
        {row.videos.map((video, at) => {
          const isPicked = picked.includes(video.id);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the menu has a button inside
            <div
              key={video.id}
              className={`plate ${isPicked ? 'picked' : ''}`}
              data-clip={video.id}
              data-status={video.status}
              onContextMenu={openMenu}
            >
              <Gate
                video={video}
                picked={isPicked}
                onPick={() => onPick(video.id)}
                badge={String(video.kinema.number ?? at + 1)}
              />
            </div>
          );
        })}
      </div>
      <div className="spread-cap">
        <p className="cap lines2" dir="auto">
          {prompt}
        </p>
        <div className="meta">
          <Numbers videos={row.videos} />
          <Chip>{say('plate.variations', { n: row.videos.length })}</Chip>
          <Chip>{first.kinema.model}</Chip>
          <span className="age">{ago(say, first.created_at)}</span>
        </div>
        {finished.length > 1 ? (
          <a
            className="btn line"
            {...link(`/compare?ids=${finished.map((one) => one.id).join(',')}`)}
          >
            <Icon name="compare" />
            {say('plate.compare')}
          </a>
        ) : null}
      </div>
    </section>
  );
}

/** The numbers of a spread, from the first to the last. */
function Numbers({ videos }: { videos: readonly Video[] }) {
  const numbers = videos.flatMap((one) => one.kinema.number ?? []);
  if (numbers.length < 2) return null;
  return (
    <span className="mono number">
      {Math.min(...numbers)}–{Math.max(...numbers)}
    </span>
  );
}

/** Arrows go from plate to plate as they stand on the screen. */
function useGridKeys(box: React.RefObject<HTMLDivElement | null>): void {
  const move = (dx: number, dy: number) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-plate]') ?? [])];
    const here = document.activeElement;
    const from = here instanceof HTMLElement && all.includes(here) ? here : null;
    if (!from) {
      all.find((one) => one.getBoundingClientRect().bottom > 0)?.focus();
      return;
    }
    if (dx) return all[all.indexOf(from) + dx]?.focus();
    const start = from.getBoundingClientRect();
    const middle = start.left + start.width / 2;
    const beyond = all
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box: at }) => (dy > 0 ? at.top >= start.bottom : at.bottom <= start.top))
      .map(({ one, box: at }) => ({
        one,
        far: Math.abs(at.top - start.top) * 4 + Math.abs(at.left + at.width / 2 - middle),
      }))
      .sort((a, b) => a.far - b.far);
    beyond[0]?.one.focus();
  };
  useKeys({
    ArrowRight: () => move(1, 0),
    ArrowLeft: () => move(-1, 0),
    ArrowDown: () => move(0, 1),
    ArrowUp: () => move(0, -1),
  });
}
