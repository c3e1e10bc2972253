/** From the bar to the server, or to the box of what waits for it. */
import { useMemo } from 'react';
import { useCast, useLooks } from '../../api/cast';
import { Refusal, type Video } from '../../api/client';
import { anySeed, editFilm, type Order, order, ordered, uploadPicture } from '../../api/make';
import { steer } from '../../api/queue';
import { useFilm } from '../../state/film';
import { useLive } from '../../state/live';
import { keepForLater } from '../../state/outbox';
import { type Draft, usePrefs } from '../../state/prefs';

/** What stands in the bar, as an order; null where there is nothing. */
export function useOrder(): Order | null {
  const draft = usePrefs((prefs) => prefs.draft);
  const looks = useLooks();
  const cast = useCast();
  return useMemo(() => (isEmpty(draft) ? null : ordered(draft, looks, cast)), [draft, looks, cast]);
}

export function isEmpty(draft: Draft): boolean {
  return draft.prompt.trim() === '' && (draft.pictures.length === 0 || draft.clip !== null);
}

let lastMade: string[] = [];

/**
 * Send an order. Says 'made', or 'kept' where the server cannot be heard; throws a Refusal that
 * names the field. `anew` stops what the last one of this tab has not finished.
 */
export async function send(what: Order, anew: boolean): Promise<'made' | 'kept'> {
  const wish = { ...what, seed: anySeed() };
  const { file } = useFilm.getState();
  usePrefs.getState().remember(usePrefs.getState().draft);
  if (!useLive.getState().online && !file) {
    keepForLater(wish);
    return 'kept';
  }
  try {
    if (anew) await Promise.allSettled(lastMade.map((id) => steer(id, 'cancel')));
    const made: Video[] = file ? [await editFilm(file, wish)] : await order(wish);
    lastMade = made.map((one) => one.id);
    return 'made';
  } catch (error) {
    const isAway = error instanceof Refusal && (error.status === 0 || error.status >= 502);
    if (!isAway || file) throw error;
    keepForLater(wish);
    return 'kept';
  }
}

const PICTURE = /^image\/(png|jpeg|webp)$/;
const FILM = /^video\/(mp4|webm)$/;

/** Take files up: pictures for times of the clip, a film to be changed. Returns the first misfit. */
export async function attach(files: Iterable<File>): Promise<File | null> {
  let misfit: File | null = null;
  for (const file of files) {
    if (FILM.test(file.type)) {
      useFilm.setState({ file });
      usePrefs.getState().write({ clip: null });
    } else if (PICTURE.test(file.type)) {
      const id = await uploadPicture(file);
      const { pictures } = usePrefs.getState().draft;
      const role = pictures.some((one) => one.role === 'first') ? 'last' : 'first';
      usePrefs.getState().write({ pictures: [...pictures, { id, name: file.name, role, at: 0 }] });
    } else misfit ??= file;
  }
  return misfit;
}
