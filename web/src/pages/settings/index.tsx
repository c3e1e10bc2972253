/** Settings: how it looks, what can be asked for, who makes it, who may ask. */
import { useState } from 'react';
import { type ModelCard, useCards } from '../../api/cards';
import { queries } from '../../api/client';
import { useNames, useWorkers } from '../../api/library';
import { Tabs } from '../../parts/Tabs';
import { usePrefs, useTheme } from '../../state/prefs';
import { ago, LANGUAGES, useLanguage, useWords } from '../../words';

export default function Settings() {
  const say = useWords();
  return (
    <div className="settings">
      <h1>{say('nav.settings')}</h1>
      <Look />
      <Models />
      <Workers />
      <Key />
      <section>
        <h2>{say('settings.marks')}</h2>
        <p>{say('settings.marksNote')}</p>
      </section>
    </div>
  );
}

function Look() {
  const say = useWords();
  const theme = useTheme();
  const language = useLanguage();
  const { setTheme, setLanguage } = usePrefs();
  return (
    <section>
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
    </section>
  );
}

function Models() {
  const say = useWords();
  const cards = useCards().data ?? [];
  const names = useNames().data ?? [];
  const here = (card: ModelCard) => names.includes(card.name);
  const sorted = [...cards].sort((a, b) => Number(here(b)) - Number(here(a)));
  return (
    <section>
      <h2>{say('settings.models')}</h2>
      <ul className="cards">
        {sorted.map((card) => (
          <li key={card.name} className="model-card">
            <h3>
              {card.name}
              <span className={`chip ${here(card) ? 'ok' : ''}`}>
                {say(here(card) ? 'settings.runs' : 'settings.absent')}
              </span>
            </h3>
            <p>{card.summary}</p>
            <dl>
              <div>
                <dt>{say('settings.licence')}</dt>
                <dd>{card.licence.id}</dd>
              </div>
              <div>
                <dt>{say('settings.tasks')}</dt>
                <dd>{Object.keys(card.tasks).join(', ').replaceAll('_', ' ')}</dd>
              </div>
            </dl>
            <p className="muted">{say('settings.steps', card.steps)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Workers() {
  const say = useWords();
  const workers = useWorkers().data?.data ?? [];
  return (
    <section>
      <h2>{say('settings.workers')}</h2>
      {workers.length ? null : <p className="muted">{say('settings.noWorkers')}</p>}
      <ul className="cards">
        {workers.map((one) => (
          <li key={one.name} className="model-card">
            <h3>{one.name}</h3>
            <p>{say('settings.worker', { state: one.state, models: one.models.join(', ') })}</p>
            <p className="muted">{say('settings.seen', { time: ago(say, one.seen) })}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Key() {
  const say = useWords();
  const [key, setKey] = useState('');
  const [kept, setKept] = useState(false);
  return (
    <section>
      <h2>{say('settings.keys')}</h2>
      <p className="muted">{say('settings.keyNote')}</p>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          // biome-ignore lint/suspicious/noDocumentCookie: the other way to set one needs https
          document.cookie = `kinema_key=${encodeURIComponent(key)}; path=/v1; samesite=strict`;
          setKept(true);
          setKey('');
          void queries.invalidateQueries();
        }}
      >
        <input
          className="input"
          type="password"
          autoComplete="off"
          value={key}
          aria-label={say('settings.keys')}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className="btn line" disabled={!key}>
          {say('settings.keySave')}
        </button>
        <span role="status">{kept ? say('settings.keySaved') : null}</span>
      </form>
    </section>
  );
}
