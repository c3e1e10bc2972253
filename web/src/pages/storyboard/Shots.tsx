/** The cards on the time line. They are dragged, or lifted with Space and moved with arrows. */
import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type PointerEvent, useRef, useState } from 'react';
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { moveCard, setLength } from './acts';
import { ClipState } from './ClipState';
import type { Placed } from './cut';
import { ratio } from './exact';
import { giveFile } from './files';
import { dropBefore, rateOf } from './layout';
import { usePlayhead } from './playhead';
import { useBoard } from './store';

interface Props {
  cards: Placed[];
  scale: number;
  adds: () => void;
}

export function Shots({ cards, scale, adds }: Props) {
  const say = useWords();
  const [before, setBefore] = useState<string | null | undefined>();
  const project = useBoard((board) => board.project);
  const act = useBoard((board) => board.act);
  const end = cards.at(-1)?.end ?? 0;

  /** In front of which card the lifted one would come; null is the end. */
  const aimed = useRef<string | null | undefined>(undefined);
  const aim = (to: string | null | undefined) => {
    aimed.current = to;
    setBefore(to);
  };
  /** Where an arrow key takes a lifted card: over the next card on that side. */
  const byKeys: KeyboardCoordinateGetter = (event, { currentCoordinates, active }) => {
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 0, ArrowDown: 0 }[event.code];
    if (way === undefined) return;
    event.preventDefault();
    const rest = cards.filter((one) => one.item.id !== active);
    const at = Math.max(0, Math.min(rest.length, placeOf(String(active)) - 1 + way));
    const passed = rest[way > 0 ? at - 1 : at];
    if (!way || placeOf(String(active)) - 1 === at || !passed) return;
    aim(rest[at]?.item.id ?? null);
    return {
      x: currentCoordinates.x + way * (passed.end - passed.start) * scale,
      y: currentCoordinates.y,
    };
  };
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 5 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: byKeys,
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter', 'Tab'] },
    }),
  );
  const moved = ({ active, delta, activatorEvent }: DragMoveEvent) => {
    if (activatorEvent instanceof KeyboardEvent) return; // the arrow key has said it
    const card = cards.find((one) => one.item.id === active.id);
    if (card) aim(dropBefore(cards, card.item.id, (card.start + card.end) / 2 + delta.x / scale));
  };
  const done = ({ active }: DragEndEvent) => {
    const to = aimed.current;
    if (to !== undefined && project) act(moveCard(project, String(active.id), to));
    aim(undefined);
  };
  const number = (id: string) => cards.findIndex((one) => one.item.id === id) + 1;
  /** The place that a lifted card would have now, the first being 1. */
  const placeOf = (id: string) => {
    if (aimed.current === undefined) return number(id);
    const rest = cards.filter((one) => one.item.id !== id);
    const at = rest.findIndex((one) => one.item.id === aimed.current);
    return (at < 0 ? rest.length : at) + 1;
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => say('board.lifted', { n: number(String(active.id)) }),
    onDragMove: ({ active }) =>
      say('board.over', { n: number(String(active.id)), to: placeOf(String(active.id)) }),
    onDragOver: () => undefined,
    onDragEnd: ({ active }) => say('board.dropped', { to: placeOf(String(active.id)) }),
    onDragCancel: ({ active }) => say('board.cancelled', { n: number(String(active.id)) }),
  };
  const mark =
    before === undefined ? null : (cards.find((one) => one.item.id === before)?.start ?? end);
  return (
    <DndContext
      sensors={sensors}
      onDragMove={moved}
      onDragEnd={done}
      onDragCancel={() => aim(undefined)}
      autoScroll={{ threshold: { x: 0.1, y: 0 } }}
      accessibility={{
        announcements,
        screenReaderInstructions: { draggable: say('board.howToMove') },
      }}
    >
      {cards.map((card, at) => (
        <Card key={card.item.id} card={card} number={at + 1} all={cards.length} scale={scale} />
      ))}
      {mark === null ? null : <i className="sb-drop" style={{ left: mark * scale - 3 }} />}
      <button
        type="button"
        className="sb-add"
        style={{ left: end * scale + (cards.length ? 8 : 0) }}
        aria-label={say('board.addCard')}
        onClick={adds}
      >
        <Icon name="plus" />
      </button>
    </DndContext>
  );
}

function Card({
  card,
  number,
  all,
  scale,
}: {
  card: Placed;
  number: number;
  all: number;
  scale: number;
}) {
  const say = useWords();
  const { id, ref } = card.item;
  const shot = useBoard((board) => board.project?.shots?.[ref]);
  const isChosen = useBoard((board) => board.chosen === id);
  const rate = useBoard((board) => (board.cut ? rateOf(board.cut) : 24));
  const choose = useBoard((board) => board.choose);
  const { attributes, listeners, setNodeRef, transform, isDragging } = useDraggable({ id });
  const seconds = Math.round(((card.end - card.start) / rate) * 10) / 10;
  const bend = card.item.transition;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it; a button adds them too
    <div
      ref={setNodeRef}
      className={`sb-card ${isChosen ? 'chosen' : ''} ${isDragging ? 'lifted' : ''}`}
      data-card={id}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void giveFile(ref, event.dataTransfer.files[0]);
      }}
      data-span={`${card.start}-${card.end}`}
      style={{
        left: card.start * scale,
        width: Math.max(8, (card.end - card.start) * scale - 3),
        ...(transform ? { transform: `translateX(${transform.x}px)` } : {}),
      }}
    >
      <button
        type="button"
        className="sb-card-face"
        {...attributes}
        {...listeners}
        aria-pressed={isChosen}
        aria-label={say('board.card', { n: number, all, seconds, text: shot?.prompt ?? '' })}
        onFocus={() => choose(id)}
        onClick={() => {
          choose(id);
          usePlayhead.getState().seek(card.start);
        }}
      >
        <ClipState shot={ref} words={shot?.prompt ?? ''} />
        <span className="sb-number">{number}</span>
        {shot?.image ? (
          <span className="sb-kind">
            <Icon name="image" size={13} />
          </span>
        ) : null}
      </button>
      {bend ? (
        <span
          className={`sb-bend ${bend.kind ?? 'dissolve'}`}
          title={say(`board.${bend.kind ?? 'dissolve'}`)}
        />
      ) : null}
      <Edge card={card} scale={scale} />
    </div>
  );
}

/** The edge that is dragged to make a card longer or shorter; the slider beside does the same. */
function Edge({ card, scale }: { card: Placed; scale: number }) {
  const tryOut = useBoard((board) => board.tryOut);
  const fps = useBoard((board) => board.cut?.fps);
  const [from, setFrom] = useState<{ x: number; frames: number } | null>(null);
  if (!fps) return null;
  const follow = (event: PointerEvent) => {
    if (!from) return;
    const frames = Math.max(1, from.frames + Math.round((event.clientX - from.x) / scale));
    tryOut(setLength(card.item.ref, ratio(BigInt(frames) * fps.d, fps.n)));
  };
  return (
    <i
      className="sb-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, frames: card.end - card.start });
      }}
      onPointerMove={follow}
      onPointerUp={() => {
        setFrom(null);
        useBoard.getState().settle();
      }}
      onPointerCancel={() => {
        setFrom(null);
        tryOut(null);
      }}
    />
  );
}
