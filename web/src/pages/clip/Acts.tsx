/** The six actions, each in its ink; the one that is chosen opens its sheet beneath. */
import type { ModelCard } from '../../api/cards';
import type { Video } from '../../api/client';
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { ACTS, type Act } from './wish';

interface Props {
  video: Video;
  card: ModelCard | undefined;
  chosen: Act | null;
  onChoose: (act: Act) => void;
}

/** Whether the model of a clip knows an action. */
export function can(card: ModelCard | undefined, act: Act): boolean {
  if (!card) return true; // the server has the last word
  const tasks = act === 'edit' ? ['edit', 'region_edit', 'outpaint'] : [act];
  return tasks.some((task) => task in card.tasks);
}

export function Acts({ video, card, chosen, onChoose }: Props) {
  const say = useWords();
  const done = video.status === 'completed' && video.kinema.state !== 'expired';
  return (
    // biome-ignore lint/a11y/useSemanticElements: six buttons of one kind
    <div className="acts" role="group" aria-label={say('clip.acts')}>
      {ACTS.map((act) => {
        const able = can(card, act);
        return (
          <button
            key={act}
            type="button"
            className={`act op-${act}`}
            disabled={!done || !able}
            title={able ? undefined : say('clip.cannot', { model: video.kinema.model })}
            aria-pressed={chosen === act}
            onClick={() => onChoose(act)}
          >
            <Icon name={act} size={19} />
            {say(`act.${act}`)}
          </button>
        );
      })}
    </div>
  );
}
