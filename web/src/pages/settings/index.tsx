/** Settings: how it looks, what can be asked for, who makes it, where it lies, who may ask. */
import { useEffect } from 'react';
import { SECTIONS } from '../../parts/places';
import { useWords } from '../../words';
import { Keys } from './Keys';
import { Look } from './Look';
import { Models } from './Models';
import { Storage } from './Storage';
import './settings.css';
import { Webhooks } from './Webhooks';
import { Workers } from './Workers';

export default function Settings() {
  const say = useWords();
  useEffect(() => {
    const show = () => document.getElementById(location.hash.slice(1))?.scrollIntoView();
    show();
    addEventListener('hashchange', show);
    return () => removeEventListener('hashchange', show);
  }, []);
  return (
    <div className="settings">
      <header>
        <h1>{say('nav.settings')}</h1>
        <nav aria-label={say('settings.parts')}>
          {SECTIONS.map(([part, word]) => (
            <a key={part} href={`#${part}`}>
              {say(word)}
            </a>
          ))}
        </nav>
      </header>
      <div>
        <Look />
        <Models />
        <Workers />
        <Storage />
        <Keys />
        <Webhooks />
        <section id="marks">
          <h2>{say('settings.marks')}</h2>
          <p>{say('settings.marksNote')}</p>
        </section>
      </div>
    </div>
  );
}
