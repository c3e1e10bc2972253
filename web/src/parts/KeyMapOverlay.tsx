/** Every key, by place. */
import { usePrefs } from '../state/prefs';
import { useWords, type WordKey } from '../words';
import { Overlay } from './Overlay';

const MAP: readonly [WordKey, readonly [string, WordKey][]][] = [
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
      ['G  L S C V E', 'keys.go'],
    ],
  ],
  [
    'keys.grid',
    [
      ['← → ↑ ↓', 'keys.move'],
      ['↵', 'keys.open'],
      ['S', 'keys.select'],
      ['F', 'keys.favourite'],
      ['C', 'keys.compare'],
      ['Del', 'keys.delete'],
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
