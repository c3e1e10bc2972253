/** Every place and every clip by its words, from the keyboard. */
import { type KeyboardEvent, useState } from 'react';
import { useNames, useVideos } from '../api/library';
import { usePrefs, useTheme } from '../state/prefs';
import { clipPath, go } from '../state/route';
import { LANGUAGES, useWords } from '../words';
import { Overlay } from './Overlay';
import { PLACES, SECTIONS } from './places';

interface Command {
  key: string;
  name: string;
  hint?: string;
  act: () => void;
}

export function Palette({ has, onClose }: { has: (page: string) => boolean; onClose: () => void }) {
  const say = useWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const wanted = text.trim();
  const number = /^#?\d+$/.test(wanted) ? Number(wanted.replace('#', '')) : null;
  const found = useVideos(number === null ? { text: wanted } : { number }, wanted !== '');
  const commands = useCommands(has);
  const settings = useSettings();
  const named = (one: Command) => one.name.toLowerCase().includes(wanted.toLowerCase());
  const clips = (wanted ? found.videos : []).slice(0, 8).map((video) => ({
    key: video.id,
    name: video.prompt || say('plate.untitled'),
    hint: say('plate.number', { n: video.kinema.number ?? '' }),
    act: () => go(clipPath(video.id)),
  }));
  const all: Command[] = [
    ...(number === null ? [] : clips),
    ...commands.filter(named),
    ...(wanted ? settings.filter(named) : []),
    ...(number === null ? clips : []),
  ];
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
            <span dir="auto">{one.name}</span>
            {one.hint ? <small>{one.hint}</small> : null}
          </div>
        ))}
      </div>
      {all.length ? null : <p className="muted">{say('palette.none')}</p>}
    </Overlay>
  );
}

/** Places, and what can be done from anywhere. */
function useCommands(has: (page: string) => boolean): Command[] {
  const say = useWords();
  const theme = useTheme();
  const { setTheme, captions, setCaptions } = usePrefs();
  const other = theme === 'dark' ? 'light' : 'dark';
  const toPrompt = () => {
    go('/');
    setTimeout(() => document.getElementById('prompt')?.focus());
  };
  return [
    { key: 'prompt', name: say('palette.prompt'), hint: '/', act: toPrompt },
    ...PLACES.filter((place) => has(place.page)).map((place) => ({
      key: place.to,
      name: say(place.word),
      act: () => go(place.to),
    })),
    { key: 'looks', name: say('cast.looks'), act: () => go('/characters?show=looks') },
    { key: 'settings', name: say('nav.settings'), act: () => go('/settings') },
    {
      key: 'favourites',
      name: say('lib.favourites'),
      hint: say('nav.library'),
      act: () => go('/?only=favourites'),
    },
    {
      key: 'drafts',
      name: say('lib.drafts'),
      hint: say('nav.library'),
      act: () => go('/?only=drafts'),
    },
    {
      key: 'theme',
      name: say('theme.switch', { name: say(`theme.${other}`) }),
      act: () => setTheme(other),
    },
    {
      key: 'captions',
      name: say(captions ? 'palette.captionsOff' : 'palette.captionsOn'),
      act: () => setCaptions(!captions),
    },
  ];
}

/** Models that can be asked for, languages, and places within the settings. */
function useSettings(): Command[] {
  const say = useWords();
  const names = useNames().data ?? [];
  const { write, setLanguage } = usePrefs();
  return [
    ...names.map((name) => ({
      key: `model ${name}`,
      name,
      hint: say('prompt.model'),
      act: () => write({ model: name }),
    })),
    ...Object.entries(LANGUAGES).map(([code, name]) => ({
      key: `language ${code}`,
      name,
      hint: say('settings.language'),
      act: () => setLanguage(code),
    })),
    ...SECTIONS.map(([part, word]) => ({
      key: `settings ${part}`,
      name: say(word),
      hint: say('nav.settings'),
      act: () => go(`/settings#${part}`),
    })),
  ];
}
