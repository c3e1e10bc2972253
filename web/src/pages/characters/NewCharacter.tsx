/** A new character: a name, the clip that shows it, and what it looks like. */
import { type FormEvent, useState } from 'react';
import { makeCharacter } from '../../api/cast';
import { contentUrl, type Video } from '../../api/client';
import { useVideo, useVideos } from '../../api/library';
import { setQuery } from '../../state/route';
import { useWords } from '../../words';

/** Clips to choose from. */
const SHOWN = 24;

export function NewCharacter({ from }: { from: string | null }) {
  const say = useWords();
  const [clip, setClip] = useState<string | null>(from);
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = useVideo(clip ?? '').data;
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const source = file ?? clip;
    if (!source) return setProblem(say('cast.noClip'));
    setBusy(true);
    setProblem(null);
    try {
      const name = String(given.get('name')).trim();
      await makeCharacter(name, source, String(given.get('looks')));
      setQuery({ new: null, from: null });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };
  return (
    <form className="model-card new-one" aria-label={say('cast.new')} onSubmit={make}>
      <label className="field">
        <span>{say('cast.name')}</span>
        <input
          className="input"
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: the form was asked for
          autoFocus
        />
      </label>
      <fieldset className="field">
        <legend>{say('cast.from')}</legend>
        <Clips
          chosen={file ? null : clip}
          first={chosen}
          onPick={(id) => {
            setClip(id);
            setFile(null);
          }}
        />
        <label className="check">
          {say('cast.file')}
          <input
            type="file"
            accept="video/mp4,video/webm"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </label>
      </fieldset>
      <label className="field">
        <span>{say('cast.looks1')}</span>
        <textarea
          className="input"
          name="looks"
          rows={2}
          maxLength={2000}
          dir="auto"
          placeholder={file ? '' : (chosen?.prompt ?? '')}
        />
      </label>
      <label className="check">
        <input type="checkbox" required />
        {say('cast.consent')}
      </label>
      {problem ? <p role="alert">{problem}</p> : null}
      <div className="row">
        <button type="submit" className="btn lamp" disabled={busy}>
          {say('cast.make')}
        </button>
        <button type="button" className="btn" onClick={() => setQuery({ new: null, from: null })}>
          {say('common.cancel')}
        </button>
      </div>
    </form>
  );
}

interface ClipsProps {
  chosen: string | null;
  first: Video | undefined;
  onPick: (id: string) => void;
}

function Clips({ chosen, first, onPick }: ClipsProps) {
  const say = useWords();
  const { videos } = useVideos();
  const done = videos.filter((one) => one.kinema.state === 'completed').slice(0, SHOWN);
  const all = first && !done.some((one) => one.id === first.id) ? [first, ...done] : done;
  return (
    <div className="clips" role="radiogroup" aria-label={say('cast.from')}>
      {all.map((one) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio button cannot be drawn as a picture
        <button
          key={one.id}
          type="button"
          role="radio"
          aria-checked={one.id === chosen}
          aria-label={one.prompt || say('plate.untitled')}
          title={one.prompt ?? ''}
          onClick={() => onPick(one.id)}
        >
          <img src={contentUrl(one.id, 'thumbnail')} alt="" loading="lazy" />
        </button>
      ))}
    </div>
  );
}
