/**
 * Changes of a document as operations on stable ids. They are carried out here at once, so that
 * nobody waits, and by the server in the same way.
 */
import type { Project } from './document';

export interface Operation {
  op: 'set' | 'insert' | 'remove' | 'move';
  at: string;
  now?: unknown;
  was?: unknown;
  before?: string | null;
  was_before?: string | null;
}

/** An operation that cannot be carried out; `at` is the path that leads nowhere. */
export class Lost extends Error {
  readonly at: string;

  constructor(at: string, problem = 'leads nowhere') {
    super(`${at}: ${problem}`);
    this.at = at;
  }
}

export const setTo = (at: string, now: unknown): Operation => ({ op: 'set', at, now });
export const insert = (at: string, now: unknown, before: string | null = null): Operation => ({
  op: 'insert',
  at,
  now,
  before,
});
export const remove = (at: string): Operation => ({ op: 'remove', at });
export const move = (at: string, before: string | null): Operation => ({ op: 'move', at, before });

type Table = Record<string, unknown>;

const idOf = (element: unknown): string | null =>
  typeof element === 'string' ? element : ((element as { id?: string } | null)?.id ?? null);
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Carry out operations, all or none. Throws `Lost`; the given document is not written to. */
export function edit(
  project: Project,
  operations: readonly Operation[],
): { project: Project; done: Operation[] } {
  const document = structuredClone(project);
  const done = operations.map((operation) => carryOut(document as unknown as Table, operation));
  return { project: document, done };
}

/** What takes a carried-out operation back. */
export function inverse(operation: Operation): Operation {
  const { op, at, now, was, before = null, was_before = null } = operation;
  if (op === 'set') return { op, at, now: was, was: now };
  if (op === 'insert') return { op: 'remove', at, was: now, was_before: before };
  if (op === 'remove') return { op: 'insert', at, now: was, before: was_before };
  return { op, at, before: was_before, was_before: before };
}

function carryOut(document: Table, operation: Operation): Operation {
  const way = operation.at.split('/');
  const last = way.pop() ?? '';
  const holder = walk(document, way, operation);
  if (Array.isArray(holder)) return changeList(holder, last, operation);
  if (!isTable(holder)) throw new Lost(operation.at);
  return changeTable(holder, last, operation);
}

/** Go down a path; on the way to something new, what is left out as default is put in. */
function walk(document: Table, way: readonly string[], operation: Operation): unknown {
  const makes = operation.op === 'set' || operation.op === 'insert';
  let here: unknown = document;
  for (const [depth, name] of way.entries()) {
    if (Array.isArray(here)) {
      here = here.find((element) => idOf(element) === name);
      if (here === undefined) throw new Lost(operation.at);
      continue;
    }
    if (!isTable(here)) throw new Lost(operation.at);
    if (!Object.hasOwn(here, name)) {
      if (!makes) throw new Lost(operation.at);
      const isList =
        depth === way.length - 1 && operation.op === 'insert' && idOf(operation.now) !== null;
      here[name] = isList ? [] : {};
    }
    here = here[name];
  }
  return here;
}

function changeTable(table: Table, key: string, operation: Operation): Operation {
  const { op, at, now } = operation;
  const has = Object.hasOwn(table, key);
  const was = has ? table[key] : null;
  if (op === 'set') {
    if (now === null || now === undefined) delete table[key];
    else table[key] = structuredClone(now);
    return { ...operation, was };
  }
  if (op === 'insert') {
    if (has) throw new Lost(at, 'is there already');
    table[key] = structuredClone(now);
    return { ...operation, was: null, was_before: null };
  }
  if (op === 'move' || !has) throw new Lost(at);
  delete table[key];
  return { ...operation, was, was_before: null };
}

function changeList(elements: unknown[], name: string, operation: Operation): Operation {
  const { op, at, now } = operation;
  const where = elements.findIndex((element) => idOf(element) === name);
  if (op === 'insert') {
    if (where >= 0) throw new Lost(at, 'is there already');
    put(elements, structuredClone(now), operation);
    return operation;
  }
  if (where < 0) throw new Lost(at);
  const behind = idOf(elements[where + 1] ?? null);
  const [was] = elements.splice(where, 1);
  if (op === 'remove') return { ...operation, was, was_before: behind };
  if (op === 'move') {
    put(elements, was, operation);
    return { ...operation, was_before: behind };
  }
  elements.splice(where, 0, structuredClone(now));
  return { ...operation, was };
}

function put(elements: unknown[], element: unknown, { at, before }: Operation): void {
  const where = before ? elements.findIndex((one) => idOf(one) === before) : elements.length;
  if (where < 0) throw new Lost(at, `there is no ${before}`);
  elements.splice(where, 0, element);
}
