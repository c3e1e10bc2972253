/** Every key, by place. */
import { usePrefs } from '../state/prefs';
import { useWords, type WordKey } from '../words';
import { Overlay } from './Overlay';

type Keys = readonly (readonly [string, WordKey])[];

const MAP: readonly (readonly [WordKey, Keys])[] = [
  [
    'keys.everywhere',
    [
      ['/', 'keys.prompt'],
      ['Ctrl ↵', 'keys.make'],
      ['Ctrl ⇧ ↵', 'keys.anew'],
      ['Ctrl K', 'keys.palette'],
      ['Q', 'keys.queue'],
      ['?', 'keys.help'],
      ['Esc', 'keys.escape'],
      ['Ctrl Z', 'keys.undo'],
      ['G  L S C V P E', 'keys.go'],
    ],
  ],
  [
    'keys.grid',
    [
      ['← → ↑ ↓', 'keys.move'],
      ['↵', 'keys.open'],
      ['⇧ F10', 'keys.menu'],
      ['S', 'keys.select'],
      ['F', 'keys.favourite'],
      ['C', 'keys.compare'],
      ['Del', 'keys.delete'],
      ['@', 'keys.cast'],
    ],
  ],
  [
    'keys.player',
    [
      ['K  Space', 'keys.play'],
      ['J  L', 'keys.wind'],
      [',  .', 'keys.frame'],
      ['⇧ ← →', 'keys.second'],
      ['I  O', 'keys.inOut'],
      ['C  M  Z', 'keys.captions'],
    ],
  ],
  [
    'keys.clip',
    [
      ['R  X  E', 'keys.acts1'],
      ['O  B  T', 'keys.acts2'],
      ['[  ]', 'keys.neighbours'],
      ['P', 'keys.parent'],
    ],
  ],
  [
    'keys.comparing',
    [
      ['1 – 9', 'keys.keep'],
      ['W  D', 'keys.wipe'],
    ],
  ],
  [
    'keys.board',
    [
      ['J  K  L', 'keys.wind'],
      ['↑  ↓', 'keys.cards'],
      ['N', 'keys.newCard'],
      ['Alt ← →', 'keys.moveCard'],
      ['⇧ T', 'keys.takes'],
      ['Del', 'keys.takeOut'],
      ['-  =', 'keys.zoom'],
    ],
  ],
  [
    'keys.live',
    [
      ['↵', 'keys.steer'],
      ['H', 'keys.hold'],
      ['S', 'keys.keepPiece'],
    ],
  ],
];

export function KeyMapOverlay({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const { letters, setLetters } = usePrefs();
  return (
    <Overlay title={say('keys.title')} onClose={onClose}>
      <div className="keymap">
        {MAP.map(([title, keys]) => (
          <section key={title}>
            <h3>{say(title)}</h3>
            <dl>
              {keys.map(([key, word]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{say(word)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="row">
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => setLetters(event.target.checked)}
        />
        {say('keys.letters')}
      </label>
    </Overlay>
  );
}
