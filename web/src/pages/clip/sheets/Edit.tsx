import { Icon } from '../../../parts/Icon';
import { Tabs } from '../../../parts/Tabs';
import { useWords } from '../../../words';
import { subjectsOf } from '../kept';
import { orderFor, type Where } from '../wish';
import { Styles } from './Remix';
import { Sheet, type SheetProps, useSeen } from './Sheet';

const PLACES = ['anywhere', 'brush', 'subject', 'outside'] as const;
const SHAPES = [
  ['21:9', '1680x720'],
  ['16:9', '1280x720'],
  ['4:3', '960x720'],
  ['1:1', '720x720'],
  ['9:16', '720x1280'],
] as const;

interface Props extends SheetProps {
  styles: readonly string[];
  brush: number;
  onBrush: (width: number) => void;
}

/** One change, everything else stays. */
export function Edit({ styles, brush, onBrush, ...props }: Props) {
  const { video, wish, change, read, draws } = props;
  const say = useWords();
  const ask = { brush: 'sheet.whatThere', outside: 'sheet.whatAround' } as const;
  const isWordless = wish.where === 'outside' && draws;
  const word = wish.where === 'brush' || wish.where === 'outside' ? ask[wish.where] : null;
  return (
    <Sheet
      {...props}
      order={orderFor('edit', video, wish, undefined, draws)}
      ask={isWordless ? null : say(word ?? 'sheet.whatChanges')}
      at={useSeen(props.fps)}
    >
      <div className="field">
        <span>{say('sheet.where')}</span>
        <Tabs
          label={say('sheet.where')}
          value={wish.where}
          items={PLACES.map((one) => [one, say(`where.${one}`)] as const)}
          onPick={(where) => change({ where: where as Where })}
        />
      </div>
      {wish.where === 'anywhere' ? (
        <div className="row">
          <Styles styles={styles} value={wish.style} onPick={(style) => change({ style })} />
        </div>
      ) : null}
      {wish.where === 'subject' ? (
        <Subjects
          subjects={subjectsOf(read)}
          onPick={(subject) => change({ words: begun(wish.words, subject) })}
        />
      ) : null}
      {wish.where === 'brush' ? (
        <div className="row">
          <label className="row">
            <span className="muted">{say('edit.width')}</span>
            <input
              type="range"
              min={0.02}
              max={0.3}
              step={0.01}
              value={brush}
              onChange={(event) => onBrush(Number(event.target.value))}
            />
          </label>
          <button
            type="button"
            className="btn line small"
            disabled={!wish.strokes.length}
            onClick={() => change({ strokes: [], mask: null })}
          >
            <Icon name="trash" size={14} />
            {say('edit.clear')}
          </button>
          <p id="brush-how" className="muted">
            {say('edit.how')}
          </p>
        </div>
      ) : null}
      {wish.where === 'outside' ? <Shapes {...props} /> : null}
    </Sheet>
  );
}

/** What was said with a subject in front, so that the words are about it. */
function begun(words: string, subject: string): string {
  const rest = words.replace(/^the \S+ is ?/i, '');
  return `the ${subject} is ${rest}`;
}

function Subjects({ subjects, onPick }: { subjects: string[]; onPick: (subject: string) => void }) {
  const say = useWords();
  if (!subjects.length) return <p className="muted">{say('edit.noSubjects')}</p>;
  return (
    <div className="row">
      {subjects.map((subject) => (
        <button
          key={subject}
          type="button"
          className="btn line small"
          onClick={() => onPick(subject)}
        >
          {subject}
        </button>
      ))}
    </div>
  );
}

/** Other shapes of the frame, in which more of the scene is seen. */
function Shapes({ video, wish, change }: SheetProps) {
  const say = useWords();
  const [width = 1, height = 1] = video.size.split('x').map(Number);
  const ways = SHAPES.filter(([, size]) => size !== video.size);
  return (
    <div className="row shapes">
      {ways.map(([name, size]) => {
        const [w = 1, h = 1] = size.split('x').map(Number);
        return (
          <button
            key={name}
            type="button"
            className="shape"
            aria-pressed={wish.size === size}
            onClick={() => change({ size })}
          >
            <svg viewBox="-34 -34 68 68" width={56} height={56} aria-hidden="true">
              <Frame width={w} height={h} />
              <Frame width={width} height={height} dashed />
            </svg>
            {name}
          </button>
        );
      })}
      <span className="sr">{say('edit.shapes')}</span>
    </div>
  );
}

function Frame({ width, height, dashed }: { width: number; height: number; dashed?: boolean }) {
  const scale = 56 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  return (
    <rect
      x={-w / 2}
      y={-h / 2}
      width={w}
      height={h}
      rx={2}
      fill="none"
      stroke="currentColor"
      strokeWidth={dashed ? 1 : 2}
      strokeDasharray={dashed ? '3 3' : undefined}
    />
  );
}
