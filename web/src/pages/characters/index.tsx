/** Characters and styles: who plays in your clips, and how they look. */
import { Tabs } from '../../parts/Tabs';
import { setQuery, useRoute } from '../../state/route';
import { useWords } from '../../words';
import { Cast } from './Cast';
import { Looks } from './Looks';
import './characters.css';

export default function Characters() {
  const say = useWords();
  const { query } = useRoute();
  const show = query.get('show') === 'looks' ? 'looks' : 'cast';
  return (
    <div className="cast-page">
      <div className="head">
        <div>
          <h1>{say('cast.title')}</h1>
          <p className="muted">{say(show === 'cast' ? 'cast.about' : 'look.about')}</p>
        </div>
        <Tabs
          label={say('cast.title')}
          value={show}
          items={[
            ['cast', say('nav.characters')],
            ['looks', say('cast.looks')],
          ]}
          onPick={(value) => setQuery({ show: value === 'looks' ? value : null, from: null })}
        />
      </div>
      {show === 'cast' ? <Cast /> : <Looks />}
    </div>
  );
}
