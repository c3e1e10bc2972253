/** All storyboards, and where the next one begins. */
import { useState } from 'react';
import { contentUrl } from '../../api/client';
import { type BoardFace, createBoard, useBoards } from '../../api/storyboards';
import { Icon } from '../../parts/Icon';
import { go, link } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { ago, useWords } from '../../words';
import { FromScript } from './FromScript';
import { SAMPLES } from './samples';

export function List() {
  const say = useWords();
  const boards = useBoards();
  const [writing, setWriting] = useState<string | null>(null);
  const add = useToasts((toasts) => toasts.add);
  const blank = async () => {
    try {
      go(`/s/${(await createBoard({ title: say('board.untitled') })).id}`);
    } catch (error) {
      add((error as Error).message);
    }
  };
  const begin = (
    <>
      <button type="button" className="btn line" onClick={() => setWriting('')}>
        <Icon name="edit" size={16} />
        {say('board.fromScript')}
      </button>
      <button type="button" className="btn lamp" onClick={() => void blank()}>
        <Icon name="plus" size={16} />
        {say('board.new')}
      </button>
    </>
  );
  return (
    <div className="sb-list">
      {boards.data?.length === 0 ? (
        <div className="sb-empty">
          <h1>{say('board.empty')}</h1>
          <p className="muted">{say('board.emptyNote')}</p>
          <div className="row">{begin}</div>
          <p className="muted">{say('board.samples')}</p>
          <div className="row">
            {SAMPLES.map((sample) => (
              <button
                key={sample.title}
                type="button"
                className="btn line small"
                onClick={() => setWriting(sample.text)}
              >
                {sample.title}
              </button>
            ))}
          </div>
        </div>
      ) : (
        <>
          <div className="head">
            <h1>{say('board.all')}</h1>
            <div className="tools">{begin}</div>
          </div>
          {boards.isError ? (
            <p className="notice" role="status">
              {say('lib.refresh')}
              <button type="button" className="link" onClick={() => void boards.refetch()}>
                {say('common.now')}
              </button>
            </p>
          ) : null}
          <ul className="sb-boards">
            {(boards.data ?? []).map((board) => (
              <Face key={board.id} board={board} />
            ))}
          </ul>
        </>
      )}
      {writing === null ? null : <FromScript text={writing} onClose={() => setWriting(null)} />}
    </div>
  );
}

function Face({ board }: { board: BoardFace }) {
  const say = useWords();
  return (
    <li className="sb-board">
      <a {...link(`/s/${board.id}`)}>
        <span className="gate">
          <span className="sb-strip">
            {board.clips.length ? null : (
              <span className="sb-page" aria-hidden="true">
                <span dir="auto">{board.title}</span>
              </span>
            )}
            {board.clips.slice(0, 4).map((clip) => (
              <img key={clip} src={contentUrl(clip, 'thumbnail')} alt="" loading="lazy" />
            ))}
          </span>
        </span>
        <span className="cap lines2" dir="auto">
          {board.title}
        </span>
      </a>
      <span className="muted">
        {board.cards === 1 ? say('board.countOne') : say('board.count', { n: board.cards })} ·{' '}
        {ago(say, board.changed_at)}
      </span>
    </li>
  );
}
