/** A recipe as something to paste: each of these makes the same clip again. */
import type { Recipe } from '../../api/client';
import type { Order } from '../../api/make';

/** One clip of a line of clips, each of which was made from those before it. */
export interface Link {
  id: string;
  number: number | null;
  order: Order;
  seconds: number;
  characters: { name: string; looks: string }[];
}

export const fileOf = ({ id, number }: Pick<Link, 'id' | 'number'>) => `kinema-${number ?? id}.mp4`;

export function linkOf(recipe: Recipe, order: Order): Link {
  const { video, request } = recipe;
  return {
    id: video.id,
    number: video.kinema.number,
    order,
    seconds: Number(video.seconds),
    characters: (request.characters ?? []) as Link['characters'],
  };
}

export const asJson = (order: Order) => JSON.stringify(order, null, 2);

/** Who asks, as a shell says it: where there are no keys, any word will do. */
const BEARER = `"Authorization: Bearer \${KINEMA_API_KEY:-local}"`;

export function asCurl(order: Order, base: string): string {
  return [
    `curl -sS ${base}/v1/kinema/generations \\`,
    `  -H ${BEARER} \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d ${quoted(JSON.stringify(order, null, 2))}`,
  ].join('\n');
}

/** Fields of `videos.create`, and those that go beside them. */
const OFFICIAL = ['prompt', 'model', 'size', 'seconds', 'characters'];
const BESIDE = ['seed', 'quality', 'style', 'negative_prompt'];

/** With the official SDK, by its own method where that can say everything. */
export function asPython(link: Link, base: string, usualFps: number): string {
  const order = order24(link.order, usualFps);
  const names = Object.keys(order);
  const isPlain = names.every((name) => OFFICIAL.includes(name) || BESIDE.includes(name));
  const head = [
    'import os',
    '',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${python(`${base}/v1`)}, api_key=os.environ.get("KINEMA_API_KEY", "local"))`,
  ];
  const make =
    isPlain && (order.characters?.length ?? 0) <= 2 ? created(order) : posted(link.order);
  const end = `client.videos.download_content(video.id).write_to_file(${python(fileOf(link))})`;
  return [...head, ...make, end].join('\n');
}

/** Without the frames a second that the model has anyway. */
function order24(order: Order, usualFps: number): Order {
  const { fps, ...rest } = order;
  return fps === undefined || fps === usualFps ? rest : order;
}

function created(order: Order): string[] {
  const all = Object.entries(order);
  const own = all.filter(([name]) => OFFICIAL.includes(name));
  const beside = Object.fromEntries(all.filter(([name]) => BESIDE.includes(name)));
  const said = own.map(
    ([name, value]) => `    ${name}=${python(name === 'seconds' ? String(value) : value)},`,
  );
  const body = Object.keys(beside).length ? [`    extra_body=${python(beside, 1)},`] : [];
  return ['video = client.videos.create_and_poll(', ...said, ...body, ')'];
}

function posted(order: Order): string[] {
  return [
    'made = client.post(',
    '    "/kinema/generations",',
    `    body=${python(order, 1)},`,
    '    cast_to=object,',
    ')',
    'video = client.videos.poll(made["data"][0]["id"])',
  ];
}

/** A value as Python writes it. */
export function python(value: unknown, depth = 0): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'object') return JSON.stringify(value);
  const pad = '    '.repeat(depth + 1);
  const isList = Array.isArray(value);
  const inner = isList
    ? value.map((one) => pad + python(one, depth + 1))
    : Object.entries(value).map(
        ([name, one]) => `${pad}${python(name)}: ${python(one, depth + 1)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  return inner.length
    ? `${open}\n${inner.join(',\n')},\n${'    '.repeat(depth)}${close}`
    : `${open}${close}`;
}

/** A text as a shell takes it, whatever is in it. */
export const quoted = (text: string) =>
  /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Commands that make a line of clips one after the other, the last of them being the clip.
 * null where the command line has no words for one of them.
 */
export function asCommands(links: readonly Link[], base: string): string | null {
  const known = new Map(links.map((link) => [link.id, link]));
  const lines: string[] = [];
  for (const link of links) {
    const said = command(link, known, base);
    if (said === null) return null;
    lines.push(...said);
  }
  return lines.join('\n');
}

function command(link: Link, known: Map<string, Link>, base: string): string[] | null {
  const { order } = link;
  const source = order.video ? known.get(order.video.id ?? '') : undefined;
  const second = order.second ? known.get(order.second.id ?? '') : undefined;
  if ((order.video && !source) || (order.second && !second)) return null;
  const fetched: string[] = [];
  const fetchFile = (id: string, name: string) => {
    fetched.push(`curl -sS -H ${BEARER} -o ${quoted(name)} ${base}/v1/files/${id}/content`);
    return name;
  };
  const said = words(link, source, second, fetchFile);
  if (said === null) return null;
  const out = ['-o', fileOf(link)];
  return [...fetched, ['kinema', ...said, ...usual(link), ...out].map(quoted).join(' ')];
}

type Fetch = (id: string, name: string) => string;

/** The command, what it is about, and what only it takes. */
function words(
  link: Link,
  source: Link | undefined,
  second: Link | undefined,
  fetchFile: Fetch,
): string[] | null {
  const { order } = link;
  const prompt = order.prompt ? [order.prompt] : [];
  const clip = source ? fileOf(source) : '';
  const strength = order.strength === undefined ? [] : ['--strength', String(order.strength)];
  const seconds = Number(order.seconds ?? link.seconds);
  switch (order.task ?? 'text_to_video') {
    case 'text_to_video':
    case 'image_to_video':
      return begun(link, prompt, strength, fetchFile);
    case 'remix':
      return ['remix', clip, ...prompt, ...strength];
    case 'edit':
      return ['edit', clip, ...prompt];
    case 'region_edit': {
      const id = order.mask?.file_id;
      return id ? ['edit', clip, ...prompt, '--mask', fetchFile(id, 'mask.png')] : null;
    }
    case 'outpaint':
      return ['edit', clip, '--size', order.size ?? ''];
    case 'extend': {
      const more = Math.round((seconds - (source?.seconds ?? 0)) * 1000) / 1000;
      const way = order.direction === 'backward' ? ['--backward'] : [];
      return ['extend', clip, ...prompt, '--seconds', String(more), ...way, ...strength];
    }
    case 'loop':
      return seconds === source?.seconds ? ['loop', clip, ...prompt] : null;
    case 'blend': {
      const curve = order.curve ? ['--curve', order.curve] : [];
      return second ? ['blend', clip, fileOf(second), ...prompt, ...curve] : null;
    }
    case 'recut': {
      const keep = `${order.keep?.start ?? 0}-${order.keep?.end ?? 0}`;
      const length = ['--seconds', String(seconds)];
      return ['recut', clip, ...prompt, '--keep', keep, ...length, ...strength];
    }
    default:
      return null;
  }
}

/** A clip that begins with words, and pictures where there are some. */
function begun(
  link: Link,
  prompt: string[],
  strength: string[],
  fetchFile: Fetch,
): string[] | null {
  const { order } = link;
  if (order.guide && order.guide !== 'animatic') return null;
  const roles = new Set((order.images ?? []).map((one) => one.role));
  if (roles.size > 1) return null;
  const images = (order.images ?? []).flatMap((one, place) => {
    const file = fetchFile(one.file_id ?? '', `picture-${place + 1}.png`);
    return ['--image', one.at ? `${file}@${one.at}` : file];
  });
  const role = [...roles].flatMap((one) => (one ? ['--image-role', one] : []));
  return [
    'generate',
    ...prompt,
    '--size',
    order.size ?? '',
    '--seconds',
    String(order.seconds ?? link.seconds),
    '--fps',
    String(order.fps ?? 24),
    ...images,
    ...role,
    ...(order.guide ? ['--guide', 'animatic'] : []),
    ...strength,
  ];
}

/** What every command takes. */
function usual({ order, characters }: Link): string[] {
  const named: [string, unknown][] = [
    ['--model', order.model],
    ['--seed', order.seed ?? 0],
    ['--quality', order.quality],
    ['--style', order.style],
    ['--negative', order.negative_prompt],
    ['--steps', order.steps],
    ['--guidance', order.guidance],
    ...characters.map(({ name, looks }): [string, unknown] => ['--character', `${name}=${looks}`]),
  ];
  return named.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [name, String(value)],
  );
}
