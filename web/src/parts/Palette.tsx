/** Every place and every clip by its words, from the keyboard. */
import { type KeyboardEvent, useState } from 'react';
import { useFound } from '../api/library';
import { usePrefs, useTheme } from '../state/prefs';
import { clipPath, go } from '../state/route';
import { useWords } from '../words';
import { Overlay } from './Overlay';
import { PLACES } from './Shell';

export function Palette({ has, onClose }: { has: (page: string) => boolean; onClose: () => void }) {
  const say = useWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const theme = useTheme();
  const setTheme = usePrefs((prefs) => prefs.setTheme);
  const found = useFound(text.trim(), false);
  const other = theme === 'dark' ? 'light' : 'dark';
  const commands = [
    ...PLACES.filter((place) => has(place.page)).map((place) => ({
      key: place.to,
      name: say(place.word),
      act: () => go(place.to),
    })),
    { key: 'settings', name: say('nav.settings'), act: () => go('/settings') },
    {
      key: 'theme',
      name: say('theme.switch', { name: say(`theme.${other}`) }),
      act: () => setTheme(other),
    },
  ].filter((one) => one.name.toLowerCase().includes(text.trim().toLowerCase()));
  const clips = (text.trim() ? (found.data?.data ?? []) : []).slice(0, 8).map((video) => ({
    key: video.id,
    name: video.prompt ?? '',
    act: () => go(clipPath(video.id)),
  }));
  const all = [...commands, ...clips];
  const run = (act: (() => void) | undefined) => {
    onClose();
    act?.();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, all.length));
    else if (event.key === 'ArrowUp') setAt((at + all.length - 1) % Math.max(1, all.length));
    else if (event.key === 'Enter') run(all[at]?.act);
    else return;
    event.preventDefault();
  };
  return (
    <Overlay title={say('palette.label')} onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={all[at] ? `palette-${at}` : undefined}
        aria-label={say('palette.label')}
        value={text}
        onKeyDown={keys}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div id="palette-list" className="palette" role="listbox" aria-label={say('palette.label')}>
        {all.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field above
          <div
            key={one.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => run(one.act)}
          >
            {one.name}
          </div>
        ))}
      </div>
      {all.length ? null : <p className="muted">{say('palette.none')}</p>}
    </Overlay>
  );
}
