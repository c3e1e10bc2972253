/** Painting the places that may change, on the paused picture; arrows and Space paint too. */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Video } from '../../api/client';
import { uploadPicture } from '../../api/make';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import type { Stroke } from './wish';

interface Props {
  video: Video;
  strokes: readonly Stroke[];
  width: number;
  onPaint: (strokes: Stroke[], mask: string | null) => void;
}

const STEP = 0.02;

export function Brush({ video, strokes, width, onPaint }: Props) {
  const say = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const line = useRef<Stroke | null>(null);
  const [cross, setCross] = useState<[number, number]>([0.5, 0.5]);
  const [focused, setFocused] = useState(false);
  const [across = 16, down = 9] = video.size.split('x').map(Number);

  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    draw(node, strokes, { over: true });
    if (focused) aim(node, cross, width);
  }, [strokes, cross, width, focused]);

  const done = (all: Stroke[]) => {
    onPaint(all, null);
    maskOf(all, across, down).then(
      (mask) => onPaint(all, mask),
      (error: Error) => useToasts.getState().add(error.message),
    );
  };
  const at = (event: PointerEvent): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const keys = (event: KeyboardEvent) => {
    const by: Record<string, [number, number]> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const move = by[event.key];
    if (move) setCross(([x, y]) => [limit(x + move[0]), limit(y + move[1])]);
    else if (event.key === ' ' || event.key === 'Enter') {
      done([...strokes, { width, points: [cross] }]);
    } else if (event.key === 'Backspace' && strokes.length) done(strokes.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys paint on it
    <canvas
      ref={canvas}
      className="brush"
      width={across}
      height={down}
      tabIndex={0}
      role="application"
      aria-label={say('edit.canvas')}
      aria-describedby="brush-how"
      onKeyDown={keys}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        line.current = { width, points: [at(event)] };
        draw(event.currentTarget, [...strokes, line.current], { over: true });
      }}
      onPointerMove={(event) => {
        if (!line.current) return;
        line.current.points.push(at(event));
        draw(event.currentTarget, [...strokes, line.current], { over: true });
      }}
      onPointerUp={() => {
        if (line.current) done([...strokes, line.current]);
        line.current = null;
      }}
    />
  );
}

const limit = (share: number) => Math.max(0, Math.min(1, share));

/** The strokes on a canvas: as a tint over the picture, or white on black. */
function draw(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  strokes: readonly Stroke[],
  { over }: { over: boolean },
): void {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | null;
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  if (!over) {
    context.fillStyle = '#000';
    context.fillRect(0, 0, width, height);
  }
  context.strokeStyle = over ? '#86dba0' : '#fff';
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    const [first = [0, 0], ...rest] = stroke.points;
    context.lineWidth = stroke.width * width;
    context.beginPath();
    context.moveTo(first[0] * width, first[1] * height);
    // A line of no length is not drawn, not even its round ends.
    if (!rest.length) context.lineTo(first[0] * width + 0.01, first[1] * height);
    for (const [x, y] of rest) context.lineTo(x * width, y * height);
    context.stroke();
  }
}

/** Where a key would paint. */
function aim(canvas: HTMLCanvasElement, [x, y]: [number, number], size: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  for (const [colour, width] of [
    ['#080916', 6],
    ['#ffffff', 3],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x * canvas.width, y * canvas.height, (size * canvas.width) / 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** The file id of a mask that is white where it was painted; null for none. */
async function maskOf(strokes: Stroke[], width: number, height: number): Promise<string | null> {
  if (!strokes.length) return null;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  draw(canvas, strokes, { over: false });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return blob && uploadPicture(new File([blob], 'mask.png', { type: 'image/png' }));
}
