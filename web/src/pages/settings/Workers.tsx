/** Who makes the clips, and since when. */
import { useJobs, useWorkers } from '../../api/queue';
import { Chip } from '../../parts/Chip';
import { ago, named, useWords } from '../../words';

export function Workers() {
  const say = useWords();
  const workers = useWorkers().data?.data ?? [];
  const waiting = useJobs().data?.waiting ?? 0;
  return (
    <section id="workers">
      <h2>{say('settings.workers')}</h2>
      <p className="muted">
        {workers.length ? say('settings.waiting', { n: waiting }) : say('settings.noWorkers')}
      </p>
      <ul className="cards">
        {workers.map((one) => (
          <li key={one.name} className="model-card">
            <h3>
              {one.name}
              <span className={`chip ${one.state === 'online' ? 'ok' : 'warn'}`}>
                {named(say, 'worker', one.state)}
              </span>
            </h3>
            <dl>
              <div>
                <dt>{say('settings.host')}</dt>
                <dd>{one.host}</dd>
              </div>
              <div>
                <dt>{say('settings.since')}</dt>
                <dd>{ago(say, one.since)}</dd>
              </div>
              <div>
                <dt>{say('settings.heard')}</dt>
                <dd>{ago(say, one.seen)}</dd>
              </div>
            </dl>
            <div className="row tight">
              {one.models.map((model) => (
                <Chip key={model}>{model}</Chip>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
