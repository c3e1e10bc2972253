/** The sheet of the action that is chosen. */
import type { ModelCard } from '../../api/cards';
import type { Recipe, Video } from '../../api/client';
import { wordsOf } from '../../api/clip';
import { useVideo } from '../../api/library';
import { Blend } from './sheets/Blend';
import { Edit } from './sheets/Edit';
import { Extend } from './sheets/Extend';
import { Loop } from './sheets/Loop';
import { Recut } from './sheets/Recut';
import { Remix } from './sheets/Remix';
import { type Act, taskOf, useWish } from './wish';

interface Props {
  act: Act;
  video: Video;
  recipe: Recipe | undefined;
  card: ModelCard | undefined;
  fps: number;
  brush: number;
  onBrush: (width: number) => void;
}

export function ActionSheet({ act, video, recipe, card, fps, brush, onBrush }: Props) {
  const [wish, change] = useWish(act, video);
  const second = useVideo(act === 'blend' ? (wish.second ?? '') : '').data;
  const task = taskOf(act, wish.where);
  const draws = card?.family === 'storybook' && card.tasks[task] !== undefined;
  const note = card?.notes?.[task];
  const read = wordsOf(recipe);
  const shared = { act, video, wish, change, read, draws, fps, ...(note ? { note } : {}) };
  const styles = card?.styles ?? [];
  switch (act) {
    case 'remix':
      return <Remix {...shared} styles={styles} />;
    case 'extend':
      return <Extend {...shared} />;
    case 'edit':
      return <Edit {...shared} styles={styles} brush={brush} onBrush={onBrush} />;
    case 'loop':
      return <Loop {...shared} />;
    case 'blend':
      return <Blend {...shared} second={second} />;
    default:
      return <Recut {...shared} />;
  }
}
