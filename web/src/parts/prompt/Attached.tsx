/** What begins a clip beside the words: pictures with their places in time, or another clip. */
import { useRef } from 'react';
import { contentUrl } from '../../api/client';
import { useVideo } from '../../api/library';
import { useFilm } from '../../state/film';
import { type Picture, usePrefs } from '../../state/prefs';
import { useWords } from '../../words';
import { Icon } from '../Icon';

const ACCEPTED = 'image/png,image/jpeg,image/webp,video/mp4,video/webm';

export function AddFile({ onFiles }: { onFiles: (files: File[]) => void }) {
  const say = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="icon-btn"
        aria-label={say('prompt.add')}
        title={say('prompt.add')}
        onClick={() => input.current?.click()}
      >
        <Icon name="plus" size={20} />
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        aria-label={say('prompt.add')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

export function Attached() {
  const { pictures, clip } = usePrefs((prefs) => prefs.draft);
  const film = useFilm((now) => now.file);
  if (!pictures.length && !clip && !film) return null;
  return (
    <ul className="pimages">
      {pictures.map((one) => (
        <OnePicture key={one.id} picture={one} />
      ))}
      {clip ? <OneClip id={clip} /> : null}
      {film ? <OneFilm file={film} /> : null}
    </ul>
  );
}

function OnePicture({ picture }: { picture: Picture }) {
  const say = useWords();
  const { draft, write } = usePrefs();
  const change = (what: Partial<Picture>) =>
    write({
      pictures: draft.pictures.map((one) => (one.id === picture.id ? { ...one, ...what } : one)),
    });
  return (
    <li className="pimage">
      <img src={`/v1/files/${picture.id}/content`} alt="" />
      <span className="line1">{picture.name}</span>
      <select
        value={picture.role}
        aria-label={say('prompt.role', { name: picture.name })}
        onChange={(event) => change({ role: event.target.value as Picture['role'] })}
      >
        <option value="first">{say('prompt.roleFirst')}</option>
        <option value="last">{say('prompt.roleLast')}</option>
        <option value="at">{say('prompt.roleAt')}</option>
      </select>
      {picture.role === 'at' ? (
        <input
          type="number"
          min={0}
          max={draft.seconds}
          step={0.1}
          value={picture.at}
          aria-label={say('prompt.at')}
          onChange={(event) => change({ at: Number(event.target.value) })}
        />
      ) : null}
      <Remove
        name={picture.name}
        onClick={() =>
          write({ pictures: draft.pictures.filter((other) => other.id !== picture.id) })
        }
      />
    </li>
  );
}

function OneClip({ id }: { id: string }) {
  const say = useWords();
  const write = usePrefs((prefs) => prefs.write);
  const video = useVideo(id).data;
  const name = video?.prompt || say('plate.untitled');
  return (
    <li className="pimage op-edit">
      <img src={contentUrl(id, 'thumbnail')} alt="" />
      <span className="line1" dir="auto">
        {name}
      </span>
      <span className="chip op-edit">{say('prompt.changes')}</span>
      <Remove name={name} onClick={() => write({ clip: null })} />
    </li>
  );
}

function OneFilm({ file }: { file: File }) {
  const say = useWords();
  return (
    <li className="pimage op-edit">
      <Icon name="play" size={13} />
      <span className="line1" dir="auto">
        {file.name}
      </span>
      <span className="chip op-edit">{say('prompt.changes')}</span>
      <Remove name={file.name} onClick={() => useFilm.setState({ file: null })} />
    </li>
  );
}

function Remove({ name, onClick }: { name: string; onClick: () => void }) {
  const say = useWords();
  return (
    <button
      type="button"
      className="icon-btn small"
      aria-label={say('prompt.remove', { name })}
      onClick={onClick}
    >
      <Icon name="close" size={13} />
    </button>
  );
}
