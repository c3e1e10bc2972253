/** Tracks under each other: cards, who is in them, what is said, captions and music. */
import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import { Icon, type IconName } from '../../parts/Icon';
import { useWords } from '../../words';
import { on, type Placed } from './cut';
import { wordsOf } from './document';
import { MARGIN, rateOf, ruler } from './layout';
import { usePlayhead } from './playhead';
import { Shots } from './Shots';
import { useBoard } from './store';

const INKS = ['ember', 'violet', 'aqua', 'meadow', 'rose', 'lake'] as const;

interface Props {
  /** A second is so wide. */
  pixels: number;
  adds: () => void;
  zoom: (by: number) => void;
}

export function TimeLine({ pixels, adds, zoom }: Props) {
  const say = useWords();
  const project = useBoard((board) => board.project);
  const cut = useBoard((board) => board.cut);
  const language = useBoard((board) => board.language);
  const scroller = useRef<HTMLElement>(null);
  if (!project || !cut) return null;
  const rate = rateOf(cut);
  const scale = pixels / rate;
  const seconds = cut.frames / rate;
  const cards = on(cut, 'picture');
  const spoken = on(cut, 'speech');
  const titles = on(cut, 'overlay');
  const sound = on(cut, 'music', 'ambience', 'effects');
  const who = Object.entries(project.cast ?? {}).filter(([id]) =>
    cards.some((card) => project.shots?.[card.item.ref]?.characters?.includes(id)),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so takes the focus
    <section className="sb-line" aria-label={say('board.timeLine')} tabIndex={0} ref={scroller}>
      <div className="sb-tracks" style={{ width: cut.frames * scale + MARGIN }}>
        <Ruler seconds={seconds} pixels={pixels} scale={scale} zoom={zoom} />
        <Lane name={say('board.shots')} look="shots">
          <Shots cards={cards} scale={scale} adds={adds} />
        </Lane>
        {who.map(([id, { name }], at) => (
          <Lane key={id} name={`@${name}`} look="thin">
            {cards
              .filter((card) => project.shots?.[card.item.ref]?.characters?.includes(id))
              .map((card) => (
                <i
                  key={card.item.id}
                  className="sb-span"
                  style={{ ...place(card, scale), background: `var(--${INKS[at % INKS.length]})` }}
                />
              ))}
          </Lane>
        ))}
        {titles.length ? (
          <Lane name={say('board.titles')} icon="image">
            {titles.map((placed) => (
              <Said
                key={placed.item.id}
                placed={placed}
                scale={scale}
                look="title"
                text={wordsOf(project, placed.item.ref, language)}
              />
            ))}
          </Lane>
        ) : null}
        {spoken.length ? (
          <>
            <Lane name={say('board.narrator')} icon="sound">
              {spoken.map((placed) => (
                <span key={placed.item.id} className="sb-voice" style={place(placed, scale)}>
                  <Wave text={wordsOf(project, placed.item.ref, language)} />
                </span>
              ))}
            </Lane>
            <Lane name={say('board.captions')} icon="captions">
              {spoken.map((placed) => (
                <Said
                  key={placed.item.id}
                  placed={placed}
                  scale={scale}
                  look="caption"
                  text={wordsOf(project, placed.item.ref, language)}
                />
              ))}
            </Lane>
          </>
        ) : null}
        {sound.length ? (
          <Lane name={say('board.music')} icon="sound">
            {sound.map((placed) => {
              const asset = project.assets?.[placed.item.ref];
              return (
                <span key={placed.item.id} className="sb-music" style={place(placed, scale)}>
                  <b>{asset?.path ?? placed.item.ref}</b>
                  {placed.item.gain ? ` ${placed.item.gain} dB` : null} · {say('board.silent')}
                </span>
              );
            })}
          </Lane>
        ) : null}
        <Head scale={scale} scroller={scroller} />
      </div>
    </section>
  );
}

const place = ({ start, end }: Placed, scale: number) => ({
  left: start * scale,
  width: Math.max(2, (end - start) * scale - 3),
});

function Lane({
  name,
  icon,
  look = '',
  children,
}: {
  name: string;
  icon?: IconName;
  look?: string;
  children: React.ReactNode;
}) {
  return (
    <div className={`sb-track ${look}`}>
      <span className="sb-track-name">
        {icon ? <Icon name={icon} size={14} /> : null}
        {name}
      </span>
      <div className="sb-lane">{children}</div>
    </div>
  );
}

interface RulerProps {
  seconds: number;
  pixels: number;
  scale: number;
  zoom: (by: number) => void;
}

function Ruler({ seconds, pixels, scale, zoom }: RulerProps) {
  const say = useWords();
  const marks = useMemo(() => ruler(seconds, pixels), [seconds, pixels]);
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left } = event.currentTarget.getBoundingClientRect();
    const { seek, run } = usePlayhead.getState();
    run(0);
    seek(Math.floor((event.clientX - left) / scale));
  };
  return (
    <div className="sb-track ruler">
      <span className="sb-track-name">
        <button type="button" aria-label={say('board.farther')} onClick={() => zoom(-1)}>
          −
        </button>
        <button type="button" aria-label={say('board.nearer')} onClick={() => zoom(1)}>
          +
        </button>
      </span>
      <div className="sb-lane" onPointerDown={follow} onPointerMove={follow}>
        {marks.map((mark) => (
          <i key={mark.left} style={{ left: mark.left }} className={mark.text ? 'long' : ''}>
            {mark.text}
          </i>
        ))}
      </div>
    </div>
  );
}

function Said({
  placed,
  scale,
  look,
  text,
}: {
  placed: Placed;
  scale: number;
  look: string;
  text: string;
}) {
  return (
    <button
      type="button"
      className={`sb-said ${look}`}
      style={place(placed, scale)}
      title={text}
      dir="auto"
      onClick={() => {
        usePlayhead.getState().seek(placed.start);
        useBoard.getState().show('captions', placed.item.ref);
      }}
    >
      {text || '…'}
    </button>
  );
}

/** Heights that look like speech: the same text has the same ones. There is no sound to draw yet. */
function Wave({ text }: { text: string }) {
  const heights = useMemo(
    () =>
      [...text].map(
        (letter, at) => 0.3 + (((letter.codePointAt(0) ?? 0) * 31 + at * 17) % 70) / 100,
      ),
    [text],
  );
  return (
    <svg
      viewBox={`0 0 ${Math.max(1, heights.length)} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {heights.map((height, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: letters have no other name
        <rect key={at} x={at} y={5 - height * 4.5} width=".5" height={height * 9} />
      ))}
    </svg>
  );
}

/** The line at the moment that is seen; while the cut runs, the tracks follow it. */
function Head({
  scale,
  scroller,
}: {
  scale: number;
  scroller: React.RefObject<HTMLElement | null>;
}) {
  const line = useRef<HTMLElement>(null);
  useEffect(() => {
    const follow = () => {
      const { frame, speed } = usePlayhead.getState();
      const left = frame * scale;
      if (line.current) line.current.style.transform = `translateX(${left}px)`;
      const box = scroller.current;
      if (!box || !speed) return;
      const [from, to] = [box.scrollLeft, box.scrollLeft + box.clientWidth - 160];
      if (left > to || left < from) box.scrollLeft = left - 40;
    };
    follow();
    return usePlayhead.subscribe(follow);
  }, [scale, scroller]);
  return <i className="sb-head" ref={line} aria-hidden="true" />;
}
