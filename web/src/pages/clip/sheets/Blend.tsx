import { type DragEvent, useState } from 'react';
import { contentUrl, type Video } from '../../../api/client';
import { useVideos } from '../../../api/library';
import { Icon } from '../../../parts/Icon';
import { Overlay } from '../../../parts/Overlay';
import { DRAGGED } from '../../../parts/PromptBar';
import { Tabs } from '../../../parts/Tabs';
import { useWords } from '../../../words';
import { type Curve, orderFor } from '../wish';
import { Sheet, type SheetProps } from './Sheet';

const CURVES = ['transition', 'mix', 'dip'] as const;
const LINES: Record<Curve, string> = {
  transition: 'M6 74C54 74 84 14 132 14',
  mix: 'M6 44H132',
  dip: 'M6 74C44 74 44 14 69 14S94 74 132 74',
};

/** Flow into another clip. */
export function Blend(props: SheetProps & { second: Video | undefined }) {
  const { video, wish, change, draws, second } = props;
  const say = useWords();
  const [choosing, setChoosing] = useState(false);
  const longest = Math.max(Number(video.seconds), Number(second?.seconds ?? 0));
  const drop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(DRAGGED);
    if (!id || id === video.id) return;
    event.preventDefault();
    change({ second: id });
  };
  return (
    <Sheet
      {...props}
      order={orderFor('blend', video, wish, second, draws)}
      ask={draws ? null : say('sheet.whatShown')}
      at={longest / 2}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same */}
      <div className="field" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <span>{say('sheet.into')}</span>
        <span className="into">
          {second ? (
            <>
              <img src={contentUrl(second.id, 'thumbnail')} alt="" />
              <span className="cap lines2" dir="auto">
                {second.prompt || say('plate.untitled')}
              </span>
            </>
          ) : (
            <span className="muted">{say('sheet.noSecond')}</span>
          )}
          <button type="button" className="btn line small" onClick={() => setChoosing(true)}>
            {say('sheet.choose')}
          </button>
        </span>
      </div>
      <div className="field">
        <span>{say('sheet.curve')}</span>
        <span className="row curve">
          <svg viewBox="0 0 138 88" width={138} height={88} aria-hidden="true">
            <path d="M6 14H132M6 44H132M6 74H132" className="curve-grid" />
            <path d={LINES[wish.curve]} className="curve-line" />
          </svg>
          <span className="curve-side">
            <Tabs
              label={say('sheet.curve')}
              value={wish.curve}
              items={CURVES.map((one) => [one, say(`curve.${one}`)] as const)}
              onPick={(curve) => change({ curve: curve as Curve })}
            />
            <span className="muted">{say(`curveNote.${wish.curve}`)}</span>
          </span>
        </span>
      </div>
      {choosing ? (
        <Chooser
          without={video.id}
          onClose={() => setChoosing(false)}
          onPick={(id) => {
            change({ second: id });
            setChoosing(false);
          }}
        />
      ) : null}
    </Sheet>
  );
}

interface ChooserProps {
  without: string;
  onPick: (id: string) => void;
  onClose: () => void;
}

/** The finished clips of the library, newest first, found by their words. */
function Chooser({ without, onPick, onClose }: ChooserProps) {
  const say = useWords();
  const [text, setText] = useState('');
  const { videos } = useVideos(text.trim() ? { text: text.trim() } : {});
  const others = videos.filter((one) => one.status === 'completed' && one.id !== without);
  return (
    <Overlay title={say('sheet.into')} onClose={onClose}>
      <label className="search">
        <Icon name="search" size={16} />
        <input
          type="search"
          value={text}
          placeholder={say('lib.find')}
          aria-label={say('lib.find')}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <ul className="chooser">
        {others.slice(0, 60).map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => onPick(one.id)}>
              <img src={contentUrl(one.id, 'thumbnail')} alt="" loading="lazy" />
              <span className="cap lines2" dir="auto">
                {one.prompt || say('plate.untitled')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {others.length ? null : <p className="muted">{say('lib.none')}</p>}
    </Overlay>
  );
}
