/** Files that a person brings for a card. */
import { addFile, fetchBoard } from '../../api/storyboards';
import { useToasts } from '../../state/toasts';
import { useBoard } from './store';

export const FILES = 'image/png,image/jpeg,image/webp,video/mp4,video/webm';

/** A film becomes the card's take, a picture what it begins with. */
export async function giveFile(shot: string, file: File | undefined): Promise<void> {
  const { id, take } = useBoard.getState();
  if (!id || !file) return;
  try {
    await addFile(id, shot, file);
    take(await fetchBoard(id));
  } catch (error) {
    useToasts.getState().add((error as Error).message);
  }
}
