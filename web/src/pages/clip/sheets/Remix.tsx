import { Menu } from '../../../parts/Menu';
import { named, useWords } from '../../../words';
import { orderFor, STRENGTHS, strengthWord } from '../wish';
import { Sheet, type SheetProps, useSeen } from './Sheet';

/** Change what is described, keep the staging. */
export function Remix(props: SheetProps & { styles: readonly string[] }) {
  const { video, wish, change, draws, styles } = props;
  const say = useWords();
  const word = say(`strength.${strengthWord(wish.strength)}`);
  return (
    <Sheet
      {...props}
      order={orderFor('remix', video, wish)}
      ask={say('sheet.whatHappens')}
      at={useSeen(props.fps)}
    >
      <div className="field">
        <span className="field-row">
          <label htmlFor="remix-strength">{say('sheet.howFar')}</label>
          <span className="muted">
            {word} · {wish.strength.toFixed(2)}
          </span>
        </span>
        <input
          id="remix-strength"
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={wish.strength}
          aria-valuetext={`${word} ${wish.strength.toFixed(2)}`}
          onChange={(event) => change({ strength: Number(event.target.value) })}
        />
        <span className="stops">
          {STRENGTHS.map(([name, strength]) => (
            <button
              key={name}
              type="button"
              aria-pressed={wish.strength === strength}
              style={{ left: `${strength * 100}%` }}
              onClick={() => change({ strength })}
            >
              {say(`strength.${name}`)}
            </button>
          ))}
        </span>
      </div>
      <div className="row">
        <Styles styles={styles} value={wish.style} onPick={(style) => change({ style })} />
        {draws ? (
          <label className="check">
            <input
              type="checkbox"
              checked={wish.seed !== null}
              onChange={(event) =>
                change({ seed: event.target.checked ? newSeed(video.kinema.seed) : null })
              }
            />
            {say('sheet.newScenery')}
          </label>
        ) : null}
      </div>
    </Sheet>
  );
}

/** Another seed than the one there was. */
function newSeed(old: number): number {
  const seed = Math.floor(Math.random() * 2 ** 31);
  return seed === old ? seed + 1 : seed;
}

export function Styles({
  styles,
  value,
  onPick,
}: {
  styles: readonly string[];
  value: string | null;
  onPick: (style: string | null) => void;
}) {
  const say = useWords();
  if (!styles.length) return null;
  return (
    <Menu<string>
      label={say('prompt.style')}
      className="btn line small"
      look="acts-menu"
      shown={value ? named(say, 'style', value) : say('sheet.sameStyle')}
      value={value ?? ''}
      items={[
        { value: '', label: say('sheet.sameStyle') },
        ...styles.map((one) => ({ value: one, label: named(say, 'style', one) })),
      ]}
      onPick={(style) => onPick(style || null)}
    />
  );
}
