/** What the clip was made from, and the same as something to paste. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useCards } from '../../api/cards';
import type { Recipe as Made, Video } from '../../api/client';
import { fpsOf, fraction, orderOf } from '../../api/clip';
import { Icon } from '../../parts/Icon';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../state/toasts';
import { lasting, named, useWords } from '../../words';
import { asCommands, asCurl, asJson, asPython, linkOf } from './copyas';
import { lineOf } from './line';

const WAYS = ['prompt', 'json', 'curl', 'python', 'kinema'] as const;
type Way = (typeof WAYS)[number];

interface Props {
  video: Video;
  recipe: Made | undefined;
  onAgain: () => void;
}

export function Recipe({ video, recipe, onAgain }: Props) {
  const say = useWords();
  const [copying, setCopying] = useState(false);
  return (
    <section className="recipe" aria-labelledby="recipe-title">
      <div className="section-head">
        <h2 id="recipe-title">{say('clip.recipe')}</h2>
        <button type="button" className="link" onClick={onAgain}>
          {say('recipe.edit')}
        </button>
        <button
          type="button"
          className="link"
          aria-expanded={copying}
          onClick={() => setCopying(!copying)}
        >
          {say('recipe.copyAs')}
        </button>
      </div>
      {copying && recipe ? <CopyAs video={video} recipe={recipe} /> : null}
      <Facts video={video} recipe={recipe} />
    </section>
  );
}

function Facts({ video, recipe }: Omit<Props, 'onAgain'>) {
  const say = useWords();
  const card = useCards().data?.find((one) => one.name === video.kinema.model);
  const fps = fpsOf(recipe);
  const frames = Math.round(Number(video.seconds) * fps);
  const sampling = (recipe?.request.sampling ?? {}) as { steps?: number; guidance?: number };
  const steps = sampling.steps ?? card?.steps[video.kinema.quality];
  const drawn = card?.tasks[video.kinema.task] === 'exact';
  const { request } = recipe ?? {};
  const version = recipe?.versions.kinema;
  const weights = recipe?.weights.replace(/^sha256:/, '').slice(0, 7);
  const rows: [string, ReactNode, ReactNode?][] = [
    [
      say('prompt.model'),
      video.kinema.model,
      [version, weights].filter(Boolean).join(' · ') || undefined,
    ],
    [say('prompt.size'), video.size.replace('x', ' × ')],
    [
      say('prompt.length'),
      say('recipe.length', {
        seconds: say('common.seconds', { n: video.seconds }),
        frames,
        fps: Math.round(fps * 100) / 100,
      }),
    ],
    [say('recipe.seed'), video.kinema.seed, say('recipe.same')],
    [
      say('prompt.quality'),
      say(`quality.${video.kinema.quality as 'draft' | 'standard' | 'high'}`),
      drawn || !steps ? say('recipe.exact') : say('recipe.steps', { n: steps }),
    ],
    [
      say('prompt.style'),
      video.kinema.style ? named(say, 'style', video.kinema.style) : say('style.none'),
    ],
  ];
  if (request?.strength !== undefined) {
    rows.push([say('recipe.strength'), fraction(request.strength, 0).toFixed(2)]);
  }
  if (request?.negative) rows.push([say('recipe.without'), String(request.negative)]);
  if (recipe?.took && video.status === 'completed') {
    const promised = recipe.promised
      ? say('recipe.said', { time: lasting(say, recipe.promised) })
      : undefined;
    rows.push([say('clip.took'), lasting(say, recipe.took), promised]);
  }
  return (
    <dl className="facts">
      {rows.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b dir="auto">{value}</b> {note ? <span className="muted">{note}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CopyAs({ video, recipe }: { video: Video; recipe: Made }) {
  const say = useWords();
  const [way, setWay] = useState<Way>('prompt');
  const order = orderOf(recipe);
  const card = useCards().data?.find((one) => one.name === video.kinema.model);
  const line = useQuery({
    queryKey: ['line', video.id],
    enabled: way === 'kinema' && order !== null,
    queryFn: ({ signal }) => lineOf(recipe, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const base = location.origin;
  const texts: Record<Way, () => string | null | undefined> = {
    prompt: () => video.prompt,
    json: () => order && asJson(order),
    curl: () => order && asCurl(order, base),
    python: () => order && asPython(linkOf(recipe, order), base, fraction(card?.default_fps, 24)),
    kinema: () => line.data && asCommands(line.data, base),
  };
  const text = texts[way]();
  const copy = () => {
    if (!text) return;
    navigator.clipboard.writeText(text).then(
      () => useToasts.getState().add(say('plate.copied')),
      (error: Error) => useToasts.getState().add(error.message),
    );
  };
  return (
    <div className="copyas">
      <Tabs
        label={say('recipe.copyAs')}
        value={way}
        items={WAYS.map((one) => [one, say(`copy.${one}`)] as const)}
        onPick={(one) => setWay(one as Way)}
      />
      {text ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys as well */}
          <pre tabIndex={0} aria-label={say(`copy.${way}`)} data-copy={way}>
            <code>{text}</code>
          </pre>
          <button type="button" className="btn line small" onClick={copy}>
            <Icon name="copy" size={15} />
            {say('common.copy')}
          </button>
        </>
      ) : (
        <p className="muted">{line.isFetching ? say('app.opening') : say('copy.none')}</p>
      )}
    </div>
  );
}
