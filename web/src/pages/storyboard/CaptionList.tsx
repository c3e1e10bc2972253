/** Everything that is read, in the order of time, in one language; the monitor shows it at once. */
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { addLanguage, setWords, shiftItem } from './acts';
import { on, type Placed } from './cut';
import { baseLanguage, languagesOf, type Project, wordsOf } from './document';
import { rateOf, timecode } from './layout';
import { usePlayhead } from './playhead';
import { useBoard } from './store';
import { useText } from './text';

const KNOWN = ['en', 'de', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'tr', 'uk', 'zh'] as const;

export function CaptionList() {
  const say = useWords();
  const project = useBoard((board) => board.project);
  const cut = useBoard((board) => board.cut);
  const language = useBoard((board) => board.language);
  const { speak } = useBoard.getState();
  if (!project || !cut) return null;
  const placed = on(cut, 'speech', 'overlay').sort((a, b) => a.start - b.start);
  return (
    <div className="sb-captions">
      <div className="row">
        <select
          className="sb-select"
          value={language}
          aria-label={say('settings.language')}
          onChange={(event) => speak(event.target.value)}
        >
          {languagesOf(project).map((one) => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </select>
        <Another project={project} />
      </div>
      {placed.length ? null : <p className="muted">{say('board.noWords')}</p>}
      <ol>
        {placed.map((one) => (
          <Caption
            key={`${one.item.id} ${language}`}
            placed={one}
            project={project}
            language={language}
            rate={rateOf(cut)}
          />
        ))}
      </ol>
    </div>
  );
}

/** A language in its own words. */
function nameOf(language: string): string {
  return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
}

function Another({ project }: { project: Project }) {
  const say = useWords();
  const { act, speak } = useBoard.getState();
  const rest = KNOWN.filter((one) => !languagesOf(project).includes(one));
  const [to, setTo] = useState('');
  return (
    <select
      className="sb-select"
      value={to}
      aria-label={say('board.anotherLanguage')}
      onChange={(event) => {
        const language = event.target.value;
        setTo('');
        if (!language) return;
        act(addLanguage(project, language));
        speak(language);
      }}
    >
      <option value="">{say('board.anotherLanguage')}</option>
      {rest.map((one) => (
        <option key={one} value={one}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  );
}

interface Props {
  placed: Placed;
  project: Project;
  language: string;
  rate: number;
}

function Caption({ placed, project, language, rate }: Props) {
  const say = useWords();
  const { act } = useBoard.getState();
  const isWanted = useBoard((board) => board.wanted === placed.item.ref);
  const field = useRef<HTMLTextAreaElement>(null);
  const line = project.lines?.[placed.item.ref];
  const words = line?.text[language];
  const text = useText(wordsOf(project, placed.item.ref, language), (value) =>
    value.trim() ? act(setWords(project, placed.item.ref, language, value.trim())) : undefined,
  );
  useEffect(() => {
    if (isWanted) field.current?.focus();
  }, [isWanted]);
  const shift = (frames: number) => act(shiftItem(project, placed.item.id, frames));
  const moment = timecode(placed.start, rate);
  const state = words ? words.state : language === baseLanguage(project) ? undefined : 'missing';
  return (
    <li>
      <span className="sb-moment">
        <button
          type="button"
          className="mono"
          onClick={() => usePlayhead.getState().seek(placed.start)}
        >
          {moment}
        </button>
        <button
          type="button"
          className="icon-btn small"
          aria-label={say('board.earlier', { at: moment })}
          onClick={() => shift(-1)}
        >
          <Icon name="back" size={13} />
        </button>
        <button
          type="button"
          className="icon-btn small flip"
          aria-label={say('board.later', { at: moment })}
          onClick={() => shift(1)}
        >
          <Icon name="back" size={13} />
        </button>
      </span>
      <textarea
        ref={field}
        className="input cap"
        rows={2}
        dir="auto"
        lang={language}
        maxLength={2000}
        aria-label={say('board.captionAt', { at: moment })}
        onFocus={() => usePlayhead.getState().seek(placed.start)}
        {...text.props}
      />
      {state && state !== 'source' && state !== 'reviewed' ? (
        <span className="muted">{say(`board.state.${state}`)}</span>
      ) : null}
    </li>
  );
}
