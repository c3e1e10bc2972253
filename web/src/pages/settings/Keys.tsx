/** The key of this browser; and for who runs the server, projects and their keys. */
import { type FormEvent, useState } from 'react';
import {
  type Key,
  makeKey,
  makeProject,
  type NewKey,
  type Project,
  revokeKey,
  useKeysOf,
  useProjects,
} from '../../api/access';
import { queries } from '../../api/client';
import { Secret } from '../../parts/Secret';
import { Sure } from '../../parts/Sure';
import { useToasts } from '../../state/toasts';
import { ago, useWords } from '../../words';

const wrong = (error: Error) => useToasts.getState().add(error.message);

export function Keys() {
  const say = useWords();
  const projects = useProjects().data?.data ?? [];
  return (
    <section id="keys">
      <h2>{say('settings.keys')}</h2>
      <OwnKey />
      {projects.map((project) => (
        <KeysOf key={project.id} project={project} />
      ))}
      {projects.length ? <NewProject /> : null}
    </section>
  );
}

function OwnKey() {
  const say = useWords();
  const [kept, setKept] = useState(false);
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const key = String(new FormData(form).get('key') ?? '');
    // biome-ignore lint/suspicious/noDocumentCookie: the other way to set one needs https
    document.cookie = `kinema_key=${encodeURIComponent(key)}; path=/v1; samesite=strict`;
    setKept(true);
    form.reset();
    void queries.invalidateQueries();
  };
  return (
    <>
      <p className="muted">{say('settings.keyNote')}</p>
      <form className="row" onSubmit={keep}>
        <input
          className="input short"
          type="password"
          name="key"
          required
          autoComplete="off"
          aria-label={say('settings.ownKey')}
          placeholder={say('settings.ownKey')}
        />
        <button type="submit" className="btn line">
          {say('settings.keySave')}
        </button>
        <span role="status">{kept ? say('settings.keySaved') : null}</span>
      </form>
    </>
  );
}

function KeysOf({ project }: { project: Project }) {
  const say = useWords();
  const keys = useKeysOf(project.id).data?.data ?? [];
  const [made, setMade] = useState<NewKey | null>(null);
  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    makeKey(project.id, String(given.get('name')), given.has('admin')).then((key) => {
      setMade(key);
      form.reset();
    }, wrong);
  };
  return (
    <div className="model-card" data-project={project.id}>
      <h3>{project.name}</h3>
      {made ? <Secret text={made.key} note={say('settings.keyOnce')} /> : null}
      <ul className="lines">
        {keys.map((key) => (
          <OneKey key={key.id} project={project.id} of={key} />
        ))}
      </ul>
      <form className="row" onSubmit={make}>
        <input
          className="input short"
          name="name"
          required
          maxLength={200}
          autoComplete="off"
          placeholder={say('settings.keyName')}
          aria-label={say('settings.keyName')}
        />
        <label className="check">
          <input type="checkbox" name="admin" />
          {say('settings.keyAdmin')}
        </label>
        <button type="submit" className="btn line">
          {say('settings.keyMake')}
        </button>
      </form>
    </div>
  );
}

function OneKey({ project, of: key }: { project: string; of: Key }) {
  const say = useWords();
  const used = key.used_at === null ? say('settings.unused') : ago(say, key.used_at);
  return (
    <li>
      <span>
        <b dir="auto">{key.name}</b> <code>{key.hint}</code>
        <small>
          {key.admin ? `${say('settings.admin')} · ` : null}
          {key.revoked_at === null ? say('settings.usedAt', { time: used }) : null}
          {key.revoked_at === null ? null : say('settings.revoked')}
        </small>
      </span>
      {key.revoked_at === null ? (
        <Sure
          label={say('settings.revoke')}
          sure={say('settings.revokeSure')}
          onSure={() => revokeKey(project, key.id)}
        />
      ) : null}
    </li>
  );
}

function NewProject() {
  const say = useWords();
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        makeProject(String(new FormData(form).get('name'))).then(() => form.reset(), wrong);
      }}
    >
      <input
        className="input short"
        name="name"
        required
        maxLength={200}
        autoComplete="off"
        placeholder={say('settings.projectName')}
        aria-label={say('settings.projectName')}
      />
      <button type="submit" className="btn line">
        {say('settings.projectMake')}
      </button>
    </form>
  );
}
