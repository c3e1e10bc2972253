/** Title, what the film is, and what can be done with the whole of it. */
import { useState } from 'react';
import { deleteBoard } from '../../api/storyboards';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { Overlay } from '../../parts/Overlay';
import { Sure } from '../../parts/Sure';
import { go, link } from '../../state/route';
import { lasting, useWords } from '../../words';
import type { Cut } from './cut';
import { type Project, sizeOf } from './document';
import { Exporting } from './Exporting';
import { setTo } from './edits';
import { FromScript } from './FromScript';
import { Importing } from './Importing';
import { rateOf } from './layout';
import { Making } from './Making';
import { textOf } from './screenplay';
import { useBoard } from './store';
import { useText } from './text';
import { Versions } from './Versions';

type Sheet = 'make' | 'export' | 'import' | 'versions' | 'script' | 'delete';

export function Header({ project, cut }: { project: Project; cut: Cut }) {
  const say = useWords();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const { act, undo, redo } = useBoard.getState();
  const canUndo = useBoard((board) => board.done.length > 0 || board.base?.can_undo === true);
  const canRedo = useBoard((board) => board.undone.length > 0 || board.base?.can_redo === true);
  const waiting = useBoard((board) => board.waiting.length);
  const missing = useBoard((board) => board.base?.missing ?? 0);
  const making = useBoard(
    (board) => Object.values(board.base?.cards ?? {}).filter((card) => card.making).length,
  );
  const title = useText(project.title, (now) =>
    now.trim() ? act([setTo('title', now.trim())]) : undefined,
  );
  const size = sizeOf(project);
  const cards = cut.tracks.find(({ track }) => track.kind === 'picture')?.items.length ?? 0;
  const rate = Math.round(rateOf(cut) * 100) / 100;
  return (
    <header className="head">
      <div className="grow">
        <a className="link" {...link('/s')}>
          {say('board.all')}
        </a>
        <h1 className="sr">{project.title}</h1>
        <input
          className="sb-titlefield"
          dir="auto"
          maxLength={200}
          aria-label={say('board.filmTitle')}
          {...title.props}
        />
        <p className="muted">
          {cards === 1 ? say('board.countOne') : say('board.count', { n: cards })} ·{' '}
          {lasting(say, cut.frames / rateOf(cut))} ·{' '}
          {!cards
            ? say('board.nothing')
            : missing
              ? say('board.missing', { n: missing })
              : making
                ? say('board.making', { n: making })
                : say('board.allMade')}{' '}
          ·{' '}
          <span className="mono">
            {size.width}×{size.height}, {rate} fps
          </span>
          {waiting ? ` · ${say('board.saving')}` : null}
        </p>
      </div>
      <div className="tools">
        <button
          type="button"
          className="icon-btn"
          disabled={!canUndo}
          aria-label={say('common.undo')}
          title={`${say('common.undo')} (Ctrl Z)`}
          onClick={undo}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          className="icon-btn"
          disabled={!canRedo}
          aria-label={say('board.redo')}
          title={`${say('board.redo')} (Ctrl ⇧ Z)`}
          onClick={redo}
        >
          <Icon name="redo" />
        </button>
        <Menu<Sheet>
          label={say('board.more')}
          className="icon-btn"
          shown={<Icon name="more" />}
          below
          items={[
            { value: 'versions', label: say('board.versions') },
            { value: 'script', label: say('board.fromScript') },
            { value: 'import', label: say('board.import') },
            { value: 'delete', label: say('board.delete') },
          ]}
          onPick={setSheet}
        />
        <button type="button" className="btn line" onClick={() => setSheet('export')}>
          <Icon name="download" size={16} />
          {say('board.export')}
        </button>
        <Making open={sheet === 'make'} onOpen={(is) => setSheet(is ? 'make' : null)} />
      </div>
      {sheet === 'export' ? <Exporting project={project} onClose={() => setSheet(null)} /> : null}
      {sheet === 'import' ? <Importing onClose={() => setSheet(null)} /> : null}
      {sheet === 'script' ? (
        <FromScript text={textOf(project)} kind={project.kind} onClose={() => setSheet(null)} />
      ) : null}
      {sheet === 'delete' ? (
        <Overlay title={say('board.delete')} onClose={() => setSheet(null)}>
          <Sure
            label={say('board.delete')}
            sure={say('board.deleteSure')}
            onSure={() => deleteBoard(useBoard.getState().id ?? '').then(() => go('/s'))}
          />
        </Overlay>
      ) : null}
      {sheet === 'versions' ? <Versions onClose={() => setSheet(null)} /> : null}
    </header>
  );
}
