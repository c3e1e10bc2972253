/** One storyboard: monitor and card beside each other, the time line under them. */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { onEvent } from '../../api/events';
import { Tabs } from '../../parts/Tabs';
import { keyName, useKeys } from '../../state/keys';
import { setQuery, useRoute } from '../../state/route';
import { useWords } from '../../words';
import { addCard, cardsOf, moveCard } from './acts';
import { CaptionList } from './CaptionList';
import { on } from './cut';
import { ratio } from './exact';
import { Header } from './Header';
import { Inspector, takeOut } from './Inspector';
import { cardAt, fitting, rateOf, SCALES } from './layout';
import { Monitor } from './Monitor';
import { usePlayhead } from './playhead';
import { Refused } from './Refused';
import { reelOf } from './reels';
import { Script } from './Script';
import { type Pane, useBoard } from './store';
import { nextTake } from './Takes';
import { TimeLine } from './TimeLine';

const SECONDS = ratio(4n);
const PANES: readonly Pane[] = ['card', 'script', 'captions'];
/** Pixels beside the page. */
const RAIL = 136;
/** Where the script has a place of its own. */
const WIDE = '(min-width: 1800px)';

function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(WIDE);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(WIDE).matches,
  );
}

export function BoardPage({ id }: { id: string }) {
  const say = useWords();
  const { query } = useRoute();
  const { open, close, show } = useBoard.getState();
  const problem = useBoard((board) => board.problem);
  const project = useBoard((board) => board.project);
  const cut = useBoard((board) => board.cut);
  const language = useBoard((board) => board.language);
  const pane = useBoard((board) => board.pane);
  const base = useBoard((board) => board.base);
  const [chosenZoom, setZoom] = useState<number | null>(null);
  const [captions, setCaptions] = useState(true);
  const isWide = useWide();

  useEffect(() => {
    void open(id);
    const { seek, run } = usePlayhead.getState();
    seek(0);
    run(0);
    return close;
  }, [id, open, close]);
  useEffect(() => onEvent(useBoard.getState().heard), []);
  useEffect(() => {
    usePlayhead.getState().reach(cut?.frames ?? 0);
  }, [cut?.frames]);
  useMoment(query.get('t'));
  useChoice();
  // Until somebody chooses, the film is seen in whole as it was when it was opened.
  const fit = useRef<number | null>(null);
  if (cut && fit.current === null)
    fit.current = fitting(cut.frames / rateOf(cut), innerWidth - RAIL);
  const zoom = chosenZoom ?? fit.current ?? 0;
  const zoomBy = (by: number) => setZoom(Math.max(0, Math.min(SCALES.length - 1, zoom + by)));
  const act = useActions(zoomBy);

  if (problem && !project) return <p className="page-note muted">{problem}</p>;
  if (!project || !cut || !base)
    return <p className="page-note muted late">{say('app.opening')}</p>;
  const shown = isWide && pane === 'script' ? 'card' : pane;
  const panes: Record<Pane, React.ReactNode> = {
    card: <Inspector adds={act.add} />,
    script: <Script />,
    captions: <CaptionList />,
  };
  return (
    <div className="sb">
      <Header project={project} cut={cut} />
      <Refused />
      <div className="sb-top">
        <Monitor
          project={project}
          cut={cut}
          language={language}
          reelOf={reelOf(base)}
          captions={captions}
          onCaptions={setCaptions}
        />
        <section className="sb-side" aria-label={say('board.beside')}>
          <Tabs
            label={say('board.pane')}
            value={shown}
            items={PANES.filter((one) => !isWide || one !== 'script').map(
              (one) => [one, say(`board.pane.${one}`)] as const,
            )}
            onPick={(one) => show(one as Pane)}
          />
          {panes[shown]}
        </section>
        {isWide ? (
          <section className="sb-side" aria-label={say('board.pane.script')}>
            <Script />
          </section>
        ) : null}
      </div>
      <TimeLine pixels={SCALES[zoom] ?? SCALES[0]} adds={act.add} zoom={zoomBy} />
    </div>
  );
}

/** The chosen card follows the playhead while it runs, and the playhead a card that is chosen. */
function useChoice(): void {
  useEffect(
    () =>
      usePlayhead.subscribe(({ frame, speed }) => {
        const { cut, chosen, choose } = useBoard.getState();
        if (!cut || !speed) return;
        const cards = on(cut, 'picture');
        const at = cards[cardAt(cards, frame)]?.item.id ?? null;
        if (at !== chosen) choose(at);
      }),
    [],
  );
  const isOpen = useBoard((board) => board.project !== null);
  useEffect(() => {
    const { cut, choose } = useBoard.getState();
    const cards = isOpen && cut ? on(cut, 'picture') : [];
    choose(cards[cardAt(cards, usePlayhead.getState().frame)]?.item.id ?? null);
  }, [isOpen]);
}

/** The address says which moment is seen, in seconds. */
function useMoment(asked: string | null): void {
  const rate = useBoard((board) => (board.cut ? rateOf(board.cut) : null));
  // Only the moment of the address that the page was opened with is gone to.
  const first = useRef(asked);
  useEffect(() => {
    if (!rate) return;
    if (first.current) usePlayhead.getState().seek(Math.round(Number(first.current) * rate) || 0);
    first.current = null;
    let timer: ReturnType<typeof setTimeout>;
    const stop = usePlayhead.subscribe(({ frame, speed }) => {
      clearTimeout(timer);
      if (speed) return;
      timer = setTimeout(() => {
        const t = frame ? String(Math.round((frame / rate) * 1000) / 1000) : null;
        if (new URLSearchParams(location.search).get('t') !== t) setQuery({ t });
      }, 300);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [rate]);
}

/** Undo and redo of the document, before a page around it and after the field that is written in. */
function turnBack(event: KeyboardEvent): void {
  const how = { 'Ctrl+z': 'undo', 'Ctrl+Shift+z': 'redo', 'Ctrl+y': 'redo' }[keyName(event)];
  if (!how || document.querySelector('dialog[open]')) return;
  if (event.target instanceof Element && event.target.closest('[data-dirty=true]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  useBoard.getState()[how as 'undo' | 'redo']();
}

/** What keys do here. */
function useActions(zoom: (by: number) => void) {
  const say = useWords();
  const pick = (by: number) => {
    const { project, chosen, cut, choose } = useBoard.getState();
    if (!project || !cut) return;
    const cards = on(cut, 'picture');
    const at = cards.findIndex((one) => one.item.id === chosen);
    const next = cards[Math.max(0, Math.min(cards.length - 1, at + by))];
    if (!next) return;
    choose(next.item.id);
    usePlayhead.getState().run(0);
    usePlayhead.getState().seek(next.start);
  };
  const shift = (by: number) => {
    const { project, chosen, act } = useBoard.getState();
    if (!project || !chosen) return;
    const rest = cardsOf(project).filter((one) => one.id !== chosen);
    const at = cardsOf(project).findIndex((one) => one.id === chosen) + by;
    if (at >= 0 && at <= rest.length) act(moveCard(project, chosen, rest[at]?.id ?? null));
  };
  const add = () => {
    const { project, chosen, act, choose, show } = useBoard.getState();
    if (!project) return;
    const made = addCard(project, { prompt: '', seconds: SECONDS }, chosen ?? undefined);
    act(made.operations);
    choose(made.item);
    show('card');
    setTimeout(() => document.querySelector<HTMLElement>('.sb-story textarea')?.focus(), 50);
  };
  useKeys({
    ArrowUp: () => pick(-1),
    ArrowDown: () => pick(1),
    'Alt+ArrowLeft': () => shift(-1),
    'Alt+ArrowRight': () => shift(1),
    'Alt+ArrowUp': () => shift(-1),
    'Alt+ArrowDown': () => shift(1),
    n: add,
    '-': () => zoom(-1),
    '=': () => zoom(1),
    '+': () => zoom(1),
    'Shift+t': () => nextTake(),
    Delete: () => {
      const { project, chosen } = useBoard.getState();
      const item = project && cardsOf(project).find((one) => one.id === chosen);
      if (project && item) takeOut(project, item, say('board.removed'));
    },
  });
  useEffect(() => {
    addEventListener('keydown', turnBack, { capture: true });
    return () => removeEventListener('keydown', turnBack, { capture: true });
  }, []);
  return { add };
}
