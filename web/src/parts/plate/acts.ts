/** What can be done with a clip, wherever it is seen. */
import { api, contentUrl, take, type Video } from '../../api/client';
import { deleteSoon, setFavourite, undelete, vary } from '../../api/library';
import { uploadPicture } from '../../api/make';
import { retry } from '../../api/queue';
import { usePrefs } from '../../state/prefs';
import { clipPath, go } from '../../state/route';
import { useToasts } from '../../state/toasts';
import type { Say, WordKey } from '../../words';
import type { IconName } from '../Icon';
import type { MenuItem } from '../Menu';

const SHEETS = ['remix', 'extend', 'edit', 'loop', 'blend', 'recut'] as const;

/** Delete a clip in a way that can be undone for six seconds. */
export function deleteWithUndo(say: Say, id: string): void {
  deleteSoon(id);
  useToasts.getState().add(say('plate.deleted'), () => undelete(id));
}

/** Mark a clip as a favourite, or no longer; this can be undone. */
export function favour(say: Say, video: Video): void {
  const { add } = useToasts.getState();
  const next = !video.kinema.favourite;
  const asked = setFavourite(video, next).catch((error: Error) => add(error.message));
  const marked = { ...video, kinema: { ...video.kinema, favourite: next } };
  add(say(next ? 'plate.favoured' : 'plate.unfavoured'), () => {
    void asked.then(() => setFavourite(marked, !next));
  });
}

/** Write a clip's words into the bar. What stood there is put aside, and comes back with undo. */
export function writeAgain(say: Say, video: Video): void {
  const before = usePrefs.getState().draft;
  usePrefs.getState().open({
    prompt: video.prompt ?? '',
    size: video.size,
    seconds: Number(video.seconds),
    quality: video.kinema.quality as 'draft' | 'standard' | 'high',
    style: video.kinema.style,
    look: null,
    clip: null,
  });
  if (before.prompt.trim() && before.prompt !== video.prompt) {
    const back = () => usePrefs.getState().open(before);
    useToasts.getState().add(say('plate.asideText'), back);
  }
}

/** Take the first frame of a finished clip as a picture that the next one begins with. */
async function takeFrame(video: Video): Promise<void> {
  const film = document.createElement('video');
  film.muted = true;
  film.src = contentUrl(video.id);
  await new Promise<void>((resolve, reject) => {
    film.onloadeddata = () => resolve();
    film.onerror = () => reject(new Error(film.error?.message));
  });
  const canvas = document.createElement('canvas');
  canvas.width = film.videoWidth;
  canvas.height = film.videoHeight;
  canvas.getContext('2d')?.drawImage(film, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) return;
  const name = `${video.kinema.number ?? video.id}.png`;
  const id = await uploadPicture(new File([blob], name, { type: 'image/png' }));
  const { write, draft } = usePrefs.getState();
  const others = draft.pictures.filter((one) => one.role !== 'first');
  write({ size: video.size, pictures: [{ id, name, role: 'first', at: 0 }, ...others] });
}

export function download(video: Video): void {
  const anchor = document.createElement('a');
  anchor.href = contentUrl(video.id);
  anchor.download = `kinema-${video.kinema.number ?? video.id}.mp4`;
  anchor.click();
}

async function copyRecipe(id: string): Promise<void> {
  const asked = api.GET('/v1/kinema/clips/{video_id}/recipe', {
    params: { path: { video_id: id } },
  });
  await navigator.clipboard.writeText(JSON.stringify((await take(asked)).request, null, 2));
}

type Act = (say: Say, video: Video) => unknown;

const ACTS: Record<string, { word: WordKey; icon: IconName; act: Act }> = {
  again: { word: 'plate.again', icon: 'history', act: writeAgain },
  change: {
    word: 'plate.change',
    icon: 'edit',
    act: (_, { id }) => usePrefs.getState().write({ clip: id }),
  },
  vary: { word: 'plate.variations1', icon: 'star', act: (_, { id }) => vary(id, 4) },
  frame: { word: 'plate.frame', icon: 'image', act: (_, video) => takeFrame(video) },
  character: {
    word: 'plate.character',
    icon: 'user',
    act: (_, { id }) => go(`/characters?from=${id}`),
  },
  copy: {
    word: 'plate.copy',
    icon: 'copy',
    act: (_, { prompt }) => navigator.clipboard.writeText(prompt ?? ''),
  },
  recipe: { word: 'plate.recipe', icon: 'copy', act: (_, { id }) => copyRecipe(id) },
  download: { word: 'plate.download', icon: 'download', act: (_, video) => download(video) },
  delete: {
    word: 'plate.delete',
    icon: 'trash',
    act: (say, { id }) => deleteWithUndo(say, id),
  },
};

/** The whole menu of a finished clip. */
export function clipItems(say: Say): MenuItem<string>[] {
  return [
    ...SHEETS.map((act) => ({ value: act as string, label: say(`act.${act}`), icon: act })),
    ...Object.entries(ACTS).map(([value, { word, icon }]) => ({ value, label: say(word), icon })),
  ];
}

/** Do what was picked there. */
export function doAct(say: Say, video: Video, pick: string): void {
  const known = ACTS[pick];
  if (!known) {
    go(clipPath(video.id, pick));
    return;
  }
  Promise.resolve(known.act(say, video)).catch((error: Error) => {
    useToasts.getState().add(error.message);
  });
}

/** Make a clip again whose files are gone. */
export function remake(id: string): void {
  retry(id, { keep: true }).catch((error: Error) => useToasts.getState().add(error.message));
}
