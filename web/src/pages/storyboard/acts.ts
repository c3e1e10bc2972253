/** What a person does to a storyboard, as operations on the document. */
import {
  baseLanguage,
  handlesOf,
  type Item,
  type Line,
  languagesOf,
  MAIN,
  type Project,
  type Scene,
  type Shot,
  sceneOf,
  type Track,
  type TrackKind,
  type Transition,
  trackOf,
  tracksOf,
} from './document';
import { insert, move, type Operation, remove, setTo } from './edits';
import { type Exact, written } from './exact';

/** The first words of a text as an id: "Mia runs, fast!" becomes "mia-runs-fast". */
export function slug(text: string, words = 4): string {
  const found = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return found.slice(0, words).join('-').slice(0, 40).replace(/-+$/, '') || 'x';
}

function taken(project: Project): Set<string> {
  const all = new Set<string>();
  const tables = [
    'cast',
    'places',
    'assets',
    'lines',
    'shots',
    'sequences',
    'deliverables',
  ] as const;
  for (const table of tables) for (const id of Object.keys(project[table] ?? {})) all.add(id);
  for (const scene of project.scenes ?? []) all.add(scene.id);
  for (const shot of Object.values(project.shots ?? {}))
    for (const take of shot.takes ?? []) all.add(take.id);
  for (const track of tracksOf(project)) {
    all.add(track.id);
    for (const item of track.items ?? []) all.add(item.id);
  }
  return all;
}

/** Ids that nobody has yet, each different from the ones before. */
function names(project: Project): (wanted: string) => string {
  const all = taken(project);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; all.has(name); count += 1) name = `${wanted}-${count}`;
    all.add(name);
    return name;
  };
}

/** The picture track's cards in the order in which they are seen. */
export function cardsOf(project: Project): Item[] {
  return trackOf(project, 'picture')?.items ?? [];
}

const itemPath = (track: Track, item: string) =>
  `sequences/${MAIN}/tracks/${track.id}/items/${item}`;

function track(project: Project, kind: TrackKind, id: string): { track: Track; made: Operation[] } {
  const found = trackOf(project, kind);
  if (found) return { track: found, made: [] };
  const fresh: Track = { id: names(project)(id), kind };
  const made = insert(`sequences/${MAIN}/tracks/${fresh.id}`, fresh);
  return { track: fresh, made: [made] };
}

export interface NewCard {
  prompt: string;
  seconds: Exact;
  /** Whether it begins a scene of its own, at the end of the film. */
  isScene?: boolean;
}

/** A card behind another one (at the end without), in that one's scene. */
export function addCard(
  project: Project,
  { prompt, seconds, isScene = false }: NewCard,
  after?: string,
): { operations: Operation[]; shot: string; item: string } {
  const free = names(project);
  const picture = track(project, 'picture', 'picture');
  const operations = [...picture.made];
  const cards = cardsOf(project);
  const here = cards.findIndex((one) => one.id === after);
  const beside = isScene ? undefined : here >= 0 ? cards[here] : cards.at(-1);
  const behind = here >= 0 && !isScene ? (cards[here + 1]?.id ?? null) : null;
  let scene = beside ? sceneOf(project, beside.ref) : isScene ? undefined : project.scenes?.at(-1);
  if (!scene) {
    scene = { id: free('scene') };
    operations.push(insert(`scenes/${scene.id}`, scene));
  }
  const shot = free(`${scene.id}.${slug(prompt || 'card')}`);
  const item = free(`cut.${shot}`);
  const seed = Math.floor(Math.random() * 2 ** 31);
  const value: Shot = { prompt, seed, length: { seconds: written(seconds) } };
  const inScene = scene.shots ?? [];
  const next = beside ? (inScene[inScene.indexOf(beside.ref) + 1] ?? null) : null;
  operations.push(
    insert(`shots/${shot}`, value),
    insert(`scenes/${scene.id}/shots/${shot}`, shot, next),
    insert(itemPath(picture.track, item), { id: item, ref: shot }, behind),
  );
  return { operations, shot, item };
}

/** Put a card in front of another one, or at the end; it comes into that one's scene. */
export function moveCard(project: Project, item: string, before: string | null): Operation[] {
  const picture = trackOf(project, 'picture');
  const cards = cardsOf(project);
  const card = cards.find((one) => one.id === item);
  if (!picture || !card || item === before) return [];
  const rest = cards.filter((one) => one.id !== item);
  const at = before === null ? rest.length : rest.findIndex((one) => one.id === before);
  const was = cards.indexOf(card);
  if (at < 0 || at === was) return [];
  const operations = [move(itemPath(picture, item), before)];
  // A card that goes forward joins the scene of the one it passes, one that goes back likewise.
  const neighbour = (at > was ? rest[at - 1] : rest[at]) ?? rest[at - 1];
  const from = sceneOf(project, card.ref);
  const to = neighbour ? sceneOf(project, neighbour.ref) : from;
  if (!from || !to || !neighbour) return operations;
  const others = (to.shots ?? []).filter((one) => one !== card.ref);
  const place = others.indexOf(neighbour.ref) + (at > was ? 1 : 0);
  const next = others[place] ?? null;
  const path = (scene: Scene) => `scenes/${scene.id}/shots/${card.ref}`;
  if (from.id === to.id) operations.push(move(path(from), next));
  else operations.push(remove(path(from)), insert(path(to), card.ref, next));
  return operations;
}

/** Take a card out of the film, with what hangs on it; lines that were spoken over it stay. */
export function removeCard(project: Project, shot: string): Operation[] {
  const own = tracksOf(project).flatMap(({ items = [] }) =>
    items.filter((one) => one.ref === shot),
  );
  const operations = removeItems(
    project,
    own.map((one) => one.id),
  );
  for (const scene of project.scenes ?? [])
    if (scene.shots?.includes(shot)) operations.push(remove(`scenes/${scene.id}/shots/${shot}`));
  return [...operations, remove(`shots/${shot}`)];
}

/** Take items out of the film, and with them all whose anchors would lead nowhere. */
function removeItems(project: Project, items: readonly string[]): Operation[] {
  const every = tracksOf(project).flatMap(({ items = [] }) => items);
  const gone = new Set(items);
  for (;;) {
    const left = new Set(every.filter((one) => !gone.has(one.id)).map((one) => one.ref));
    const lost = [...gone].map((id) => `item.${id}.`);
    for (const { id, ref } of every) {
      if (!gone.has(id) || left.has(ref)) continue;
      for (const kind of ['shot', 'line']) lost.push(`${kind}.${ref}.`, `${kind}.${ref})`);
    }
    const more = every.filter(
      ({ id, start = '', end = '' }) =>
        !gone.has(id) && lost.some((name) => `${start} ${end}`.includes(name)),
    );
    if (!more.length) break;
    for (const { id } of more) gone.add(id);
  }
  return tracksOf(project).flatMap((track) =>
    (track.items ?? [])
      .filter(({ id }) => gone.has(id))
      .map(({ id }) => remove(itemPath(track, id))),
  );
}

/** Where a scene plays, in the words that a prompt gets; null takes the place away. */
export function setPlace(project: Project, scene: Scene, words: string | null): Operation[] {
  if (scene.place) return [setTo(`places/${scene.place}/words`, words)];
  if (!words) return [];
  const id = names(project)(`place.${slug(words)}`);
  return [insert(`places/${id}`, { name: words, words }), setTo(`scenes/${scene.id}/place`, id)];
}

/** How long a card lasts at least; words spoken over it may make it longer. */
export function setLength(shot: string, seconds: Exact): Operation[] {
  return [setTo(`shots/${shot}/length/seconds`, written(seconds))];
}

/** The longest transition that handles on both sides of a card allow, in frames. */
export const longestTransition = (project: Project) => 2 * handlesOf(project);

/** How a card comes in; null is a cut. */
export function setTransition(project: Project, item: string, to: Transition | null): Operation[] {
  const picture = trackOf(project, 'picture');
  return picture ? [setTo(`${itemPath(picture, item)}/transition`, to)] : [];
}

export function toggleCharacter(project: Project, shot: string, who: string): Operation[] {
  const has = project.shots?.[shot]?.characters?.includes(who);
  const path = `shots/${shot}/characters/${who}`;
  return [has ? remove(path) : insert(path, who)];
}

export function addCharacter(project: Project, name: string, looks: string, shot?: string) {
  const id = names(project)(`cast.${slug(name)}`);
  const operations = [insert(`cast/${id}`, { name, looks })];
  if (shot) operations.push(insert(`shots/${shot}/characters/${id}`, id));
  return operations;
}

/** The lines that are spoken or shown over a card, in the order in which they begin. */
export function linesOf(project: Project, shot: string): string[] {
  const spoken = project.shots?.[shot]?.length?.lines ?? [];
  const anchor = new RegExp(`(^|[^a-z])shot\\.${shot.replaceAll('.', '\\.')}\\.`);
  const more = tracksOf(project)
    .filter(({ kind }) => kind === 'speech' || kind === 'overlay')
    .flatMap(({ items = [] }) => items)
    .filter(({ ref, start = '' }) => !spoken.includes(ref) && anchor.test(start))
    .map(({ ref }) => ref);
  return [...more, ...spoken];
}

/** Words over a card: spoken after those that are there, a title from its beginning. */
export function addLine(
  project: Project,
  shot: string,
  kind: Line['kind'],
  text: string,
  speaker?: string,
): Operation[] {
  const free = names(project);
  const isTitle = kind === 'title';
  const { track: on, made } = isTitle
    ? track(project, 'overlay', 'titles')
    : track(project, 'speech', 'speech');
  const line = free(slug(text, 5));
  const item = free(`at.${line}`);
  const spoken = project.shots?.[shot]?.length?.lines ?? [];
  const last = spoken.at(-1);
  const start = isTitle
    ? `shot.${shot}.start`
    : last
      ? `line.${last}.end+0.25s`
      : `shot.${shot}.start+0.3s`;
  const value: Line = { kind, text: { [baseLanguage(project)]: { value: text } } };
  if (speaker) value.speaker = speaker;
  const operations = [...made, insert(`lines/${line}`, value)];
  if (!isTitle) operations.push(insert(`shots/${shot}/length/lines/${line}`, line));
  operations.push(insert(itemPath(on, item), { id: item, ref: line, start }));
  return operations;
}

/** Take words away, and let what was spoken after them follow what was before them. */
export function removeLine(project: Project, line: string): Operation[] {
  const operations: Operation[] = [];
  const shots = Object.entries(project.shots ?? {});
  const owner = shots.find(([, shot]) => shot.length?.lines?.includes(line));
  const tracks = tracksOf(project);
  if (owner) {
    const [name, shot] = owner;
    const lines = shot.length?.lines ?? [];
    const before = lines[lines.indexOf(line) - 1];
    const start = before ? `line.${before}.end+0.25s` : `shot.${name}.start+0.3s`;
    for (const one of tracks) {
      for (const item of one.items ?? []) {
        if (item.start === `line.${line}.end+0.25s`)
          operations.push(setTo(`${itemPath(one, item.id)}/start`, start));
      }
    }
    operations.push(remove(`shots/${name}/length/lines/${line}`));
  }
  const stays = new Set(operations.map(({ at }) => at.replace(/\/start$/, '')));
  const own = tracks.flatMap(({ items = [] }) => items.filter((one) => one.ref === line));
  const gone = removeItems(
    project,
    own.map((one) => one.id),
  ).filter(({ at }) => !stays.has(at));
  return [...operations, ...gone, remove(`lines/${line}`)];
}

/** New words for a line in one language; a translation is a draft until somebody has read it. */
export function setWords(project: Project, line: string, language: string, value: string) {
  const isBase = language === baseLanguage(project);
  return [setTo(`lines/${line}/text/${language}`, isBase ? { value } : { value, state: 'draft' })];
}

export function addLanguage(project: Project, language: string): Operation[] {
  if (languagesOf(project).includes(language)) return [];
  return [setTo('languages', [...languagesOf(project), language])];
}

/** Move where words begin by frames, from where they hang. */
export function shiftItem(project: Project, item: string, frames: number): Operation[] {
  const on = tracksOf(project).find(({ items = [] }) => items.some((one) => one.id === item));
  const start = on?.items?.find((one) => one.id === item)?.start;
  if (!on || start === undefined || !frames) return [];
  const form = /^(.*?)([+-]\d+)f$/.exec(start);
  const shift = frames + (form ? Number(form[2]) : 0);
  const anchor = form ? form[1] : start;
  const to = shift === 0 ? anchor : `${anchor}${shift > 0 ? '+' : '-'}${Math.abs(shift)}f`;
  return [setTo(`${itemPath(on, item)}/start`, to)];
}
