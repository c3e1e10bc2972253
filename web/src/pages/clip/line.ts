/** The clips that a clip was made from, as far back as it goes. */
import { api, queries, type Recipe, take } from '../../api/client';
import { orderOf } from '../../api/clip';
import { type Link, linkOf } from './copyas';

const LONGEST = 40;

/** Each before those that were made from it, the clip last; null where one is not known any more. */
export async function lineOf(recipe: Recipe, signal: AbortSignal): Promise<Link[] | null> {
  const links = new Map<string, Link>();
  const visit = async (one: Recipe): Promise<boolean> => {
    const order = orderOf(one);
    if (!order || links.size > LONGEST) return false;
    for (const given of [order.video, order.second]) {
      if (!given?.id || links.has(given.id)) continue;
      const before = await recipeOf(given.id, signal);
      if (!before || !(await visit(before))) return false;
    }
    links.set(one.video.id, linkOf(one, order));
    return true;
  };
  return (await visit(recipe)) ? [...links.values()] : null;
}

async function recipeOf(id: string, signal: AbortSignal): Promise<Recipe | null> {
  const asked = queries.fetchQuery({
    queryKey: ['recipe', id, 'completed'],
    queryFn: () =>
      take(
        api.GET('/v1/kinema/clips/{video_id}/recipe', {
          params: { path: { video_id: id } },
          signal,
        }),
      ),
  });
  return asked.catch(() => null);
}
