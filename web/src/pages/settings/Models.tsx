/** What can be asked for: each model's card, with what it needs and what its licence asks. */
import { useState } from 'react';
import { type ModelCard, useCards } from '../../api/cards';
import { useNames } from '../../api/library';
import { Chip } from '../../parts/Chip';
import { Tabs } from '../../parts/Tabs';
import { usePrefs } from '../../state/prefs';
import { go } from '../../state/route';
import { named, useWords } from '../../words';

export function Models() {
  const say = useWords();
  const cards = useCards().data ?? [];
  const names = useNames().data ?? [];
  const [all, setAll] = useState(false);
  const here = cards.filter((card) => names.includes(card.name));
  const elsewhere = cards.filter((card) => !names.includes(card.name));
  return (
    <section id="models">
      <h2>{say('settings.models')}</h2>
      <Tabs
        label={say('settings.models')}
        value={all ? 'all' : 'here'}
        items={[
          ['here', say('settings.here', { n: here.length })],
          ['all', say('settings.all', { n: cards.length })],
        ]}
        onPick={(value) => setAll(value === 'all')}
      />
      <ul className="cards">
        {[...here, ...(all ? elsewhere : [])].map((card) => (
          <Model key={card.name} card={card} isHere={here.includes(card)} />
        ))}
      </ul>
    </section>
  );
}

function Model({ card, isHere }: { card: ModelCard; isHere: boolean }) {
  const say = useWords();
  const write = usePrefs((prefs) => prefs.write);
  const { id, url, limits = [], commercial = true } = card.licence;
  return (
    <li className="model-card">
      <h3>
        {card.name}
        <span className={`chip ${isHere ? 'ok' : ''}`}>
          {say(isHere ? 'settings.runs' : 'settings.absent')}
        </span>
      </h3>
      <p>{card.summary}</p>
      <dl>
        <div>
          <dt>{say('settings.licence')}</dt>
          <dd>
            {url ? (
              <a className="link" href={url} target="_blank" rel="noreferrer">
                {id}
              </a>
            ) : (
              id
            )}
            {commercial ? null : <small>{say('settings.notCommercial')}</small>}
            {limits.map((limit) => (
              <small key={limit}>{limit}</small>
            ))}
          </dd>
        </div>
        {!isHere && card.needs?.length ? (
          <div>
            <dt>{say('settings.needs')}</dt>
            <dd>
              {card.needs.map((need) => (
                <small key={need}>{need}</small>
              ))}
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{say('settings.sizes')}</dt>
          <dd>
            {card.default_size.width} × {card.default_size.height},{' '}
            {say('common.seconds', { n: Number(card.default_seconds) })}
          </dd>
        </div>
      </dl>
      <div className="row tight">
        {Object.keys(card.tasks).map((task) => (
          <Chip key={task}>{named(say, 'task', task)}</Chip>
        ))}
      </div>
      <p className="muted">
        {say('settings.steps', {
          draft: card.steps.draft ?? 1,
          standard: card.steps.standard ?? 1,
          high: card.steps.high ?? 1,
        })}
      </p>
      {isHere ? (
        <button
          type="button"
          className="link"
          onClick={() => {
            write({ model: card.name });
            go('/');
          }}
        >
          {say('settings.use')}
        </button>
      ) : null}
    </li>
  );
}
