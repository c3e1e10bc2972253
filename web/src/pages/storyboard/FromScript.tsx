/** Text into cards: a screenplay or plain paragraphs, split as it is written, made when it is right. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSettled } from '../../api/make';
import { anew, createBoard, split } from '../../api/storyboards';
import { Overlay } from '../../parts/Overlay';
import { Tabs } from '../../parts/Tabs';
import { go } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import { linesOf } from './acts';
import { on, solve } from './cut';
import { type Project, sceneOf, wordsOf } from './document';
import { rateOf } from './layout';
import { useBoard } from './store';

const KINDS = ['film', 'social'] as const;
type Kind = (typeof KINDS)[number];
const FORMATS = ['16:9', '1:1', '9:16'] as const;

interface Props {
  text: string;
  /** The kind of the storyboard that is open and is laid out anew; without it a new one is made. */
  kind?: string;
  onClose: () => void;
}

export function FromScript({ text: given, kind: open, onClose }: Props) {
  const say = useWords();
  const [text, setText] = useState(given);
  const [kind, setKind] = useState<Kind>(KINDS.find((one) => one === open) ?? 'film');
  const [formats, setFormats] = useState<readonly string[]>(FORMATS);
  const [problem, setProblem] = useState<string | null>(null);
  const script = {
    kind,
    script: text,
    ...(kind === 'social' ? { formats: FORMATS.filter((one) => formats.includes(one)) } : {}),
  };
  const asked = useSettled(JSON.stringify(script), 250);
  const found = useQuery({
    queryKey: ['split', asked],
    enabled: text.trim() !== '',
    queryFn: ({ signal }) => split(JSON.parse(asked) as typeof script, signal),
    placeholderData: (old) => old,
    retry: false,
  });
  const make = async () => {
    try {
      if (open === undefined) {
        const made = await createBoard(script);
        onClose();
        go(`/s/${made.id}`);
        return;
      }
      const { id, base, take } = useBoard.getState();
      if (!id || !base) return;
      const { board, lost } = await anew(id, base.version, script);
      take(board);
      onClose();
      if (lost) useToasts.getState().add(say('board.orphans', { n: lost }));
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const project = text.trim() && !found.isError ? found.data : undefined;
  return (
    <Overlay title={say('board.fromScript')} onClose={onClose}>
      <form
        className="sb-sheet"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <label className="field">
          <span>{say('board.script')}</span>
          <textarea
            className="input"
            value={text}
            dir="auto"
            maxLength={200_000}
            placeholder={say('board.scriptHint')}
            onChange={(event) => {
              setProblem(null);
              setText(event.target.value);
            }}
          />
        </label>
        <div className="row">
          <Tabs
            label={say('board.kind')}
            value={kind}
            items={KINDS.map((one) => [one, say(`board.kind.${one}`)] as const)}
            onPick={(one) => setKind(one as Kind)}
          />
          {kind === 'social' ? (
            <fieldset className="sb-formats">
              <legend className="sr">{say('board.formats')}</legend>
              {FORMATS.map((one) => (
                <label key={one}>
                  <Shape format={one} />
                  <span>
                    <input
                      type="checkbox"
                      checked={formats.includes(one)}
                      onChange={(event) =>
                        setFormats(
                          event.target.checked
                            ? [...formats, one]
                            : formats.filter((other) => other !== one),
                        )
                      }
                    />{' '}
                    {one}
                  </span>
                </label>
              ))}
            </fieldset>
          ) : null}
        </div>
        {project ? <Split project={project} /> : null}
        {problem || found.isError ? (
          <p className="pnote" role="alert">
            {problem ?? found.error?.message}
          </p>
        ) : null}
        <div className="row">
          <button
            type="submit"
            className="btn lamp"
            disabled={!text.trim() || (kind === 'social' && !formats.length)}
          >
            {say('board.lay')}
          </button>
          <span className="muted">
            {say(open === undefined ? 'board.layNote' : 'board.layAgain')}
          </span>
        </div>
      </form>
    </Overlay>
  );
}

export function Shape({ format }: { format: string }) {
  return <i aria-hidden="true" style={{ aspectRatio: format.replace(':', ' / ') }} />;
}

/** What the text becomes, before it is done. */
function Split({ project }: { project: Project }) {
  const say = useWords();
  const cut = solve(project);
  const cards = on(cut, 'picture');
  const seconds = Math.round(cut.frames / rateOf(cut));
  let scene = '';
  return (
    <section aria-label={say('board.split')}>
      <h3>
        {say('board.count', { n: cards.length })} · {say('common.seconds', { n: seconds })}
      </h3>
      <ol className="sb-split">
        {cards.map((card, at) => {
          const here = sceneOf(project, card.item.ref);
          const isNew = here !== undefined && here.id !== scene;
          scene = here?.id ?? scene;
          const lines = linesOf(project, card.item.ref);
          return (
            <li key={card.item.id}>
              <span className="mono">{at + 1}</span>
              <span className="cap" dir="auto">
                {isNew && here.heading ? <b>{here.heading}. </b> : null}
                {project.shots?.[card.item.ref]?.prompt}
                {lines.map((line) => (
                  <span key={line} className="muted">
                    {' '}
                    “{wordsOf(project, line, project.base_language ?? 'en')}”
                  </span>
                ))}
              </span>
              <span className="muted">
                {say('common.seconds', {
                  n: Math.round(((card.end - card.start) / rateOf(cut)) * 10) / 10,
                })}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
