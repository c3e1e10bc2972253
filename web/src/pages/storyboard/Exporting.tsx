/** The cut for other programs: chosen, made as a job, and fetched. */
import { useState } from 'react';
import { cancelExport, type Export, exportBoard, useExports } from '../../api/storyboards';
import { Icon } from '../../parts/Icon';
import { Leader } from '../../parts/Leader';
import { Overlay } from '../../parts/Overlay';
import { Tabs } from '../../parts/Tabs';
import { ago, useWords } from '../../words';
import type { Project } from './document';
import { Shape } from './FromScript';
import { useBoard } from './store';

const FORMS = ['mp4', 'otio', 'fcp7xml', 'edl', 'vtt', 'srt', 'ass', 'zip'] as const;
type Form = (typeof FORMS)[number];

export function Exporting({ project, onClose }: { project: Project; onClose: () => void }) {
  const say = useWords();
  const id = useBoard((board) => board.id) ?? '';
  const films = Object.entries(project.deliverables ?? {});
  const [as, setAs] = useState<Form>('mp4');
  const [film, setFilm] = useState(films[0]?.[0]);
  const [problem, setProblem] = useState<string | null>(null);
  const exports = useExports(id);
  const begin = async () => {
    setProblem(null);
    try {
      await exportBoard(id, as, film);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Overlay title={say('board.export')} onClose={onClose}>
      <div className="sb-sheet">
        <Tabs
          label={say('board.exportAs')}
          value={as}
          items={FORMS.map((one) => [one, say(`board.as.${one}`)] as const)}
          onPick={(one) => setAs(one as Form)}
        />
        <p className="muted">{say(`board.asNote.${as}`)}</p>
        {films.length > 1 ? (
          <div className="sb-formats" role="radiogroup" aria-label={say('board.film')}>
            {films.map(([name, one]) => (
              <label key={name}>
                <Shape format={`${one.size.width}:${one.size.height}`} />
                <span>
                  <input
                    type="radio"
                    name="film"
                    checked={film === name}
                    onChange={() => setFilm(name)}
                  />{' '}
                  {one.size.width}×{one.size.height} {one.language}
                </span>
              </label>
            ))}
          </div>
        ) : null}
        <div className="row">
          <button type="button" className="btn lamp" onClick={() => void begin()}>
            <Icon name="download" size={16} />
            {say('board.exportNow')}
          </button>
          {problem ? <span role="alert">{problem}</span> : null}
        </div>
        <ul className="sb-versions" aria-live="polite">
          {(exports.data ?? []).map((one) => (
            <One key={one.id} board={id} one={one} />
          ))}
        </ul>
      </div>
    </Overlay>
  );
}

function One({ board, one }: { board: string; one: Export }) {
  const say = useWords();
  const goesOn = one.state === 'waiting' || one.state === 'queued' || one.state === 'running';
  return (
    <li data-export={one.as} data-state={one.state}>
      <b>{one.as}</b>
      <span className="cap line1">{one.filename ?? say(`board.export.${one.state}`)}</span>
      {goesOn ? (
        <>
          <Leader percent={one.progress} left={null} size={30} onPage />
          <button type="button" className="link" onClick={() => void cancelExport(board, one.id)}>
            {say('board.cancelExport')}
          </button>
        </>
      ) : null}
      {one.error ? <span className="muted">{one.error.message}</span> : null}
      <span className="muted">{ago(say, one.created_at)}</span>
      {one.url ? (
        <a className="link" href={one.url} download={one.filename ?? ''}>
          {say('plate.download')}
        </a>
      ) : null}
    </li>
  );
}
