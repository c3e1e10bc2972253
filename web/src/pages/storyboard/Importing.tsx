/** A cut or captions that another program changed, taken in as one step that can be undone. */
import { type DragEvent, useState } from 'react';
import { importInto } from '../../api/storyboards';
import { Overlay } from '../../parts/Overlay';
import { useWords } from '../../words';
import { useBoard } from './store';

const ENDINGS = '.otio,.xml,.edl,.vtt,.srt,.ass,.zip';

export function Importing({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const id = useBoard((board) => board.id) ?? '';
  const [said, setSaid] = useState<string[]>([]);
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const { board, notes } = await importInto(id, file);
      useBoard.getState().take(board);
      if (notes.length) setSaid(notes);
      else onClose();
    } catch (error) {
      setSaid([(error as Error).message]);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  return (
    <Overlay title={say('board.import')} onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the field in it takes keys and focus */}
      <div className="sb-sheet" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <p className="muted">{say('board.importNote')}</p>
        <input
          type="file"
          accept={ENDINGS}
          aria-label={say('board.importFile')}
          onChange={(event) => void take(event.target.files?.[0])}
        />
        <ul role="status">
          {said.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </div>
    </Overlay>
  );
}
