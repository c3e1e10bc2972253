/** Addresses that are told when something ends. */
import { type FormEvent, useState } from 'react';
import {
  deleteHook,
  type Hook,
  type HookEvent,
  makeHook,
  rotateHook,
  tryHook,
  useDeliveries,
  useHooks,
} from '../../api/access';
import { Chip } from '../../parts/Chip';
import { Secret } from '../../parts/Secret';
import { Sure } from '../../parts/Sure';
import { useToasts } from '../../state/toasts';
import { ago, useWords } from '../../words';

const KINDS: readonly HookEvent[] = [
  'video.completed',
  'video.failed',
  'batch.completed',
  'batch.failed',
  'batch.expired',
  'batch.cancelled',
];
const tell = (text: string) => useToasts.getState().add(text);

export function Webhooks() {
  const say = useWords();
  const hooks = useHooks().data?.data ?? [];
  const [secret, setSecret] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    const kinds = KINDS.filter((kind) => given.has(kind));
    setProblem(null);
    makeHook(String(given.get('name')), String(given.get('url')), kinds).then(
      (made) => {
        setSecret(made.signing_secret);
        form.reset();
      },
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <section id="webhooks">
      <h2>{say('settings.webhooks')}</h2>
      <p className="muted">{say('settings.hookNote')}</p>
      {secret ? <Secret text={secret} note={say('settings.secretOnce')} /> : null}
      <ul className="cards">
        {hooks.map((hook) => (
          <OneHook key={hook.id} hook={hook} onSecret={setSecret} />
        ))}
      </ul>
      <form className="model-card" onSubmit={make}>
        <div className="row">
          <input
            className="input short"
            name="name"
            required
            maxLength={200}
            autoComplete="off"
            placeholder={say('settings.hookName')}
            aria-label={say('settings.hookName')}
          />
          <input
            className="input short"
            name="url"
            type="url"
            required
            maxLength={2048}
            placeholder="https://"
            aria-label={say('settings.hookUrl')}
          />
        </div>
        <div className="row">
          {KINDS.map((kind, at) => (
            <label key={kind} className="check">
              <input type="checkbox" name={kind} defaultChecked={at < 2} />
              {kind}
            </label>
          ))}
        </div>
        {problem ? <p role="alert">{problem}</p> : null}
        <div className="row">
          <button type="submit" className="btn line">
            {say('settings.hookMake')}
          </button>
        </div>
      </form>
    </section>
  );
}

function OneHook({ hook, onSecret }: { hook: Hook; onSecret: (secret: string) => void }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  const sample = (hook.event_types[0] ?? 'video.completed') as HookEvent;
  const attempt = () => {
    tryHook(hook.id, sample).then(
      (status) => tell(say('settings.hookAnswered', { status })),
      (error: Error) => tell(error.message),
    );
  };
  return (
    <li className="model-card" data-hook={hook.id}>
      <h3 dir="auto">{hook.name}</h3>
      <code className="url">{hook.url}</code>
      <div className="row tight">
        {hook.event_types.map((kind) => (
          <Chip key={kind}>{kind}</Chip>
        ))}
      </div>
      <div className="row">
        <button type="button" className="btn line small" onClick={attempt}>
          {say('settings.hookTry')}
        </button>
        <button
          type="button"
          className="btn line small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {say('settings.hookSent')}
        </button>
        <Sure
          label={say('settings.hookRotate')}
          sure={say('settings.hookRotateSure')}
          onSure={async () => onSecret((await rotateHook(hook.id)).signing_secret)}
        />
        <Sure
          label={say('common.delete')}
          sure={say('settings.hookDeleteSure')}
          onSure={() => deleteHook(hook.id)}
        />
      </div>
      {open ? <Deliveries id={hook.id} /> : null}
    </li>
  );
}

function Deliveries({ id }: { id: string }) {
  const say = useWords();
  const sent = useDeliveries(id, true).data?.data ?? [];
  if (!sent.length) return <p className="muted">{say('settings.hookNone')}</p>;
  return (
    <ul className="lines">
      {sent.map((one) => (
        <li key={one.id}>
          <span>
            {one.event_type}
            <small>
              {ago(say, one.created_at)}
              {one.attempts.map((attempt) => ` · ${attempt.status ?? attempt.problem}`).join('')}
            </small>
          </span>
          <span className={`chip ${one.state === 'delivered' ? 'ok' : 'warn'}`}>
            {say(`settings.hook.${one.state}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}
