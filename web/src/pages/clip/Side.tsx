/** The words of the clip and what can be done with all of it. */
import type { Recipe as Made, Video } from '../../api/client';
import { useVideo, vary } from '../../api/library';
import { Lineage } from '../../parts/Chip';
import { Icon } from '../../parts/Icon';
import { favour } from '../../parts/plate/acts';
import { useToasts } from '../../state/toasts';
import { useLanguage, useWords } from '../../words';
import { Read } from './Read';
import { Recipe } from './Recipe';

interface Props {
  video: Video;
  recipe: Made | undefined;
  onAgain: () => void;
}

export function Side(props: Props) {
  const { video, recipe } = props;
  return (
    <aside className="clip-side">
      <Story {...props} />
      {video.status === 'completed' ? <Read {...props} /> : null}
      <Recipe {...props} />
      {video.status === 'completed' ? <Origin video={video} recipe={recipe} /> : null}
    </aside>
  );
}

function Story({ video, onAgain }: Props) {
  const say = useWords();
  const { add } = useToasts();
  const parent = useVideo(video.kinema.source ?? '').data;
  const prompt = video.prompt ?? '';
  const tell = (error: Error) => add(error.message);
  return (
    <section className="story">
      <h1 className="storyline" dir="auto">
        {prompt || say('plate.untitled')}
      </h1>
      <div className="row">
        <button
          type="button"
          className="btn line small"
          disabled={!prompt}
          onClick={() => {
            navigator.clipboard.writeText(prompt).then(() => add(say('plate.copied')), tell);
          }}
        >
          <Icon name="copy" size={15} />
          {say('common.copy')}
        </button>
        <button type="button" className="btn line small" onClick={onAgain}>
          <Icon name="edit" size={15} />
          {say('plate.again')}
        </button>
        {video.status === 'completed' ? (
          <button
            type="button"
            className="btn line small"
            onClick={() => {
              vary(video.id, 4).then(() => add(say('clip.varied')), tell);
            }}
          >
            <Icon name="star" size={15} />
            {say('plate.variations1')}
          </button>
        ) : null}
        <button
          type="button"
          className="icon-btn small heart-btn"
          aria-pressed={video.kinema.favourite}
          aria-label={say('plate.favourite')}
          title={say('plate.favourite')}
          onClick={() => favour(say, video)}
        >
          <Icon name="heart" size={17} />
        </button>
      </div>
      {video.kinema.source ? (
        <div className="row">
          <Lineage
            video={video}
            parent={parent ? { prompt: parent.prompt, number: parent.kinema.number } : null}
          />
        </div>
      ) : null}
    </section>
  );
}

/** Who made it, when, and how one can tell. */
function Origin({ video, recipe }: { video: Video; recipe: Made | undefined }) {
  const say = useWords();
  const language = useLanguage();
  const when = new Date((video.completed_at ?? video.created_at) * 1000);
  const date = when.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  const print = video.kinema.fingerprint?.replace(/^sha256:/, '').slice(0, 12);
  return (
    <section aria-labelledby="origin-title">
      <h2 id="origin-title">{say('origin.title')}</h2>
      <p className="muted">
        {say('origin.made', { date, version: recipe?.versions.kinema ?? '' })}{' '}
        {print ? (
          <>
            {say('origin.print')} <span className="mono">{print}</span>
          </>
        ) : null}
      </p>
    </section>
  );
}
