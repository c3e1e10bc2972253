/** Theme, language, captions, letters: what this browser remembers. */
import { Tabs } from '../../parts/Tabs';
import { usePrefs, useTheme } from '../../state/prefs';
import { LANGUAGES, useLanguage, useWords } from '../../words';

export function Look() {
  const say = useWords();
  const theme = useTheme();
  const language = useLanguage();
  const { setTheme, setLanguage, captions, setCaptions, letters, setLetters } = usePrefs();
  return (
    <section id="look">
      <h2>{say('settings.look')}</h2>
      <div className="row">
        <Tabs
          label={say('settings.theme')}
          value={theme}
          items={[
            ['dark', say('theme.dark')],
            ['light', say('theme.light')],
          ]}
          onPick={(value) => setTheme(value === 'light' ? 'light' : 'dark')}
        />
        <Tabs
          label={say('settings.language')}
          value={language}
          items={Object.entries(LANGUAGES)}
          onPick={setLanguage}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={captions}
          onChange={(event) => setCaptions(event.target.checked)}
        />
        {say('settings.captions')}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => setLetters(event.target.checked)}
        />
        {say('keys.letters')}
      </label>
    </section>
  );
}
