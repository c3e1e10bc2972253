/** One clip: it plays, says what it was made from, and is where new ones begin. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, aspect, contentUrl, take, type Video } from '../../api/client';
import { useVideo } from '../../api/library';
import { order } from '../../api/make';
import { Lineage } from '../../parts/Chip';
import { Icon } from '../../parts/Icon';
import { Forming } from '../../parts/Plate';
import { usePrefs } from '../../state/prefs';
import { clipPath, go, link, setQuery, useRoute } from '../../state/route';
import { lasting, useWords } from '../../words';
import './clip.css';

const SHEETS = ['remix', 'extend'] as const;
type Sheet = (typeof SHEETS)[number];

export default function ClipPage() {
  const say = useWords();
  const { id, query } = useRoute();
  const { data: video, isError } = useVideo(id);
  const write = usePrefs((prefs) => prefs.write);
  const chosen = SHEETS.find((one) => one === query.get('do'));
  if (isError && !video) return <p className="page-note muted">{say('app.nothing')}</p>;
  if (!video) return null;
  const prompt = video.prompt || say('plate.untitled');
  const done = video.status === 'completed';
  const again = () => {
    write({ prompt: video.prompt ?? '', size: video.size, seconds: Number(video.seconds) });
    go('/');
  };
  return (
    <div className="clip">
      <div>
        <a className="link" {...link('/')}>
          {say('nav.library')}
        </a>
        <div className="gate screen" style={{ aspectRatio: aspect(video.size) }}>
          {done ? (
            // biome-ignore lint/a11y/useMediaCaption: clips have no sound yet
            <video
              className="vid"
              src={contentUrl(id)}
              poster={contentUrl(id, 'thumbnail')}
              aria-label={prompt}
              controls
              loop
              playsInline
            />
          ) : (
            <Forming video={video} />
          )}
        </div>
        <div className="row">
          {SHEETS.map((one) => (
            <button
              key={one}
              type="button"
              className={`btn line op-${one}`}
              disabled={!done}
              aria-pressed={chosen === one}
              onClick={() => setQuery({ do: chosen === one ? null : one })}
            >
              <Icon name={one} />
              {say(`act.${one}`)}
            </button>
          ))}
        </div>
        {chosen && done ? <ActionSheet key={chosen} act={chosen} video={video} /> : null}
      </div>
      <div className="clip-side">
        <h1 className="storyline" dir="auto">
          {prompt}
        </h1>
        {video.error ? <p className="notice">{video.error.message}</p> : null}
        <div className="row">
          <Lineage video={video} parent={null} />
          <button type="button" className="link" onClick={again}>
            {say('plate.again')}
          </button>
        </div>
        <Facts video={video} />
        <Family id={id} />
      </div>
    </div>
  );
}

function ActionSheet({ act, video }: { act: Sheet; video: Video }) {
  const say = useWords();
  const [words, setWords] = useState('');
  const [strength, setStrength] = useState(0.35);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async () => {
    const more = act === 'remix' ? { strength } : { seconds: 4 };
    try {
      const [made] = await order({ task: act, video: { id: video.id }, prompt: words, ...more });
      if (made) go(clipPath(made.id));
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <form
      className={`sheet op-${act}`}
      aria-label={say(`act.${act}`)}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <label className="field">
        <span>{say('clip.words')}</span>
        <textarea
          className="input"
          rows={2}
          value={words}
          dir="auto"
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      {act === 'remix' ? (
        <label className="field">
          <span>{say('clip.strength', { n: strength })}</span>
          <input
            type="range"
            min={0.05}
            max={1}
            step={0.05}
            value={strength}
            onChange={(event) => setStrength(Number(event.target.value))}
          />
        </label>
      ) : null}
      {problem ? <p role="alert">{problem}</p> : null}
      <div className="row">
        <button type="submit" className="btn lamp" disabled={!words.trim()}>
          {say(`act.${act}`)}
        </button>
        <span className="muted">{say('clip.newOne')}</span>
      </div>
    </form>
  );
}

function Facts({ video }: { video: Video }) {
  const say = useWords();
  const { data } = useQuery({
    queryKey: ['recipe', video.id, video.status],
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/clips/{video_id}/recipe', {
          params: { path: { video_id: video.id } },
          signal,
        }),
      ),
  });
  const rows: [string, string][] = [
    [say('prompt.model'), video.kinema.model],
    [say('prompt.size'), video.size.replace('x', ' × ')],
    [say('prompt.length'), say('common.seconds', { n: video.seconds })],
  ];
  if (data?.took) rows.push([say('clip.took'), lasting(say, data.took)]);
  if (data?.promised) rows.push([say('clip.promised'), lasting(say, data.promised)]);
  return (
    <section>
      <h2>{say('clip.recipe')}</h2>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Family({ id }: { id: string }) {
  const say = useWords();
  const { data } = useQuery({
    queryKey: ['family', id],
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/clips/{video_id}/family', {
          params: { path: { video_id: id } },
          signal,
        }),
      ),
  });
  const kin = (data?.data ?? []).filter((one) => one.id !== id && one.status === 'completed');
  if (!kin.length) return null;
  return (
    <section>
      <h2>{say('clip.family')}</h2>
      <ul className="kin">
        {kin.map((one) => (
          <li key={one.id}>
            <a className="gate" {...link(clipPath(one.id))}>
              <img className="vid" src={contentUrl(one.id, 'thumbnail')} alt={one.prompt ?? ''} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
