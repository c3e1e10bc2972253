/** What the clips were made with, where it is not the same for all of them. */
import type { Video } from '../../api/client';
import { named, useWords } from '../../words';

export function Differ({ videos, kept }: { videos: readonly Video[]; kept: readonly string[] }) {
  const say = useWords();
  const rows: [string, (video: Video) => string][] = [
    [say('recipe.seed'), (one) => String(one.kinema.seed)],
    [say('prompt.model'), (one) => one.kinema.model],
    [say('prompt.label'), (one) => one.prompt ?? ''],
    [say('lib.made'), (one) => named(say, 'task', one.kinema.task)],
    [say('prompt.size'), (one) => one.size.replace('x', ' × ')],
    [say('prompt.length'), (one) => say('common.seconds', { n: one.seconds })],
    [say('prompt.quality'), (one) => named(say, 'quality', one.kinema.quality)],
    [
      say('prompt.style'),
      (one) => (one.kinema.style ? named(say, 'style', one.kinema.style) : say('style.none')),
    ],
  ];
  const differs = rows.filter(([, of]) => new Set(videos.map(of)).size > 1);
  const same = rows.filter((row) => !differs.includes(row)).map(([name]) => name);
  return (
    <section className="differ" aria-labelledby="differ-title">
      <h2 id="differ-title">{say('compare.differs')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys as well */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region that scrolls */}
      <div role="region" aria-labelledby="differ-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td />
              {videos.map((one, place) => (
                <th key={one.id} scope="col" className="mono">
                  {place + 1} · {one.kinema.number}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differs.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {videos.map((one) => (
                  <td key={one.id} className={kept.includes(one.id) ? 'kept' : ''} dir="auto">
                    {of(one)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {same.length ? (
        <p className="muted">{say('compare.same', { names: same.join(', ') })}</p>
      ) : null}
    </section>
  );
}
