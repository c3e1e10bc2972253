/** A small fact; with an op it has the op's ink and leads to the clip it speaks of. */
import type { ReactNode } from 'react';
import type { Video } from '../api/client';
import { clipPath, link } from '../state/route';
import { named, useWords } from '../words';
import { Icon, type IconName } from './Icon';

export function Chip({ children, op, to }: { children: ReactNode; op?: string; to?: string }) {
  const look = `chip ${op ? `op-${op}` : ''}`;
  return to ? (
    <a className={look} {...link(to)}>
      {children}
    </a>
  ) : (
    <span className={look}>{children}</span>
  );
}

const OPS: Record<string, IconName> = {
  remix: 'remix',
  extend: 'extend',
  edit: 'edit',
  region_edit: 'edit',
  outpaint: 'edit',
  loop: 'loop',
  blend: 'blend',
  recut: 'recut',
};

interface Parent {
  prompt: string | null;
  number: number | null;
}

/** What a clip was made from, as a way there. */
export function Lineage({ video, parent }: { video: Video; parent?: Parent | null | undefined }) {
  const say = useWords();
  const { source, task } = video.kinema;
  if (!source) return null;
  const prompt = parent?.prompt ?? '';
  const short = parent?.number ?? (prompt.length > 18 ? `${prompt.slice(0, 18)}…` : prompt);
  return (
    <Chip op={task} to={clipPath(source)}>
      {OPS[task] ? <Icon name={OPS[task]} size={13} /> : null}
      {named(say, task in OPS ? 'op' : 'task', task)} {short}
    </Chip>
  );
}
