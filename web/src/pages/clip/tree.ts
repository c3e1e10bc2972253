/** A family of clips as a drawing: those who came first to the left, children beside each other. */
import type { Video } from '../../api/client';

export interface Placed {
  video: Video;
  column: number;
  row: number;
}

export interface Tree {
  placed: Placed[];
  edges: { from: Placed; to: Placed }[];
  columns: number;
  rows: number;
}

export function treeOf(videos: readonly Video[]): Tree {
  const known = new Map(videos.map((video) => [video.id, video]));
  const children = new Map<string, Video[]>();
  const roots: Video[] = [];
  for (const video of videos) {
    const { source } = video.kinema;
    if (source && known.has(source)) {
      children.set(source, [...(children.get(source) ?? []), video]);
    } else roots.push(video);
  }
  const placed: Placed[] = [];
  const edges: Tree['edges'] = [];
  let row = 0;
  const put = (video: Video, column: number): Placed => {
    const mine = children.get(video.id) ?? [];
    const node: Placed = { video, column, row };
    const below = mine.map((child) => put(child, column + 1));
    const [first] = below;
    const last = below.at(-1);
    if (first && last) node.row = (first.row + last.row) / 2;
    else row += 1;
    placed.push(node);
    for (const to of below) edges.push({ from: node, to });
    return node;
  };
  for (const root of roots) put(root, 0);
  return { placed, edges, columns: 1 + Math.max(0, ...placed.map((one) => one.column)), rows: row };
}
