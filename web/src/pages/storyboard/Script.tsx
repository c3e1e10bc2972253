/** The film as it reads: scenes, and in them cards with what is seen and what is said. */
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { addCard, cardsOf, linesOf, setPlace } from './acts';
import type { Item, Project, Scene } from './document';
import { sceneOf, wordsOf } from './document';
import { setTo } from './edits';
import { whole } from './exact';
import { usePlayhead } from './playhead';
import { useBoard } from './store';
import { useText } from './text';

export function Script() {
  const say = useWords();
  const project = useBoard((board) => board.project);
  if (!project) return null;
  const groups: { scene: string; cards: Item[] }[] = [];
  for (const card of cardsOf(project)) {
    const scene = sceneOf(project, card.ref)?.id ?? '';
    const last = groups.at(-1);
    if (last?.scene === scene) last.cards.push(card);
    else groups.push({ scene, cards: [card] });
  }
  let number = 0;
  return (
    <div className="sb-script">
      {groups.map(({ scene, cards }) => (
        <section key={`${scene} ${cards[0]?.id}`}>
          <Heading project={project} scene={scene} />
          <ol>
            {cards.map((card) => {
              number += 1;
              return <Beat key={card.id} project={project} card={card} number={number} />;
            })}
          </ol>
        </section>
      ))}
      <button type="button" className="btn line small" onClick={() => addScene(project)}>
        <Icon name="plus" size={14} />
        {say('board.addScene')}
      </button>
    </div>
  );
}

const SECONDS = 4;

function addScene(project: Project): void {
  const { act, choose } = useBoard.getState();
  const made = addCard(project, { prompt: '', seconds: whole(SECONDS), isScene: true });
  act(made.operations);
  choose(made.item);
}

function Heading({ project, scene }: { project: Project; scene: string }) {
  const say = useWords();
  const act = useBoard((board) => board.act);
  const found = project.scenes?.find((one) => one.id === scene);
  const text = useText(found?.heading ?? '', (heading) =>
    act([setTo(`scenes/${scene}/heading`, heading.trim() || null)]),
  );
  if (!found) return null;
  return (
    <header>
      <input
        className="sb-heading"
        aria-label={say('board.heading')}
        placeholder={say('board.heading')}
        dir="auto"
        maxLength={200}
        {...text.props}
      />
      <Place project={project} scene={found} />
    </header>
  );
}

function Place({ project, scene }: { project: Project; scene: Scene }) {
  const say = useWords();
  const act = useBoard((board) => board.act);
  const words = (scene.place && project.places?.[scene.place]?.words) || '';
  const text = useText(words, (now) => act(setPlace(project, scene, now.trim() || null)));
  return (
    <input
      className="sb-place"
      aria-label={say('board.place')}
      placeholder={say('board.place')}
      dir="auto"
      maxLength={200}
      {...text.props}
    />
  );
}

function Beat({ project, card, number }: { project: Project; card: Item; number: number }) {
  const say = useWords();
  const isChosen = useBoard((board) => board.chosen === card.id);
  const language = useBoard((board) => board.language);
  const { act, choose } = useBoard.getState();
  const shot = project.shots?.[card.ref];
  const text = useText(shot?.prompt ?? '', (prompt) =>
    act([setTo(`shots/${card.ref}/prompt`, prompt)]),
  );
  const pick = () => {
    choose(card.id);
    const cut = useBoard.getState().cut;
    const placed = cut?.tracks.flatMap(({ items }) => items).find((one) => one.item.id === card.id);
    if (placed) usePlayhead.getState().seek(placed.start);
  };
  return (
    <li className={isChosen ? 'chosen' : ''}>
      <button
        type="button"
        className="sb-number"
        aria-pressed={isChosen}
        aria-label={say('board.cardN', { n: number })}
        onClick={pick}
      >
        {number}
      </button>
      <div>
        <textarea
          className="cap"
          rows={1}
          dir="auto"
          maxLength={8000}
          aria-label={say('board.happensN', { n: number })}
          onFocus={() => choose(card.id)}
          {...text.props}
        />
        {linesOf(project, card.ref).map((line) => {
          const said = project.lines?.[line];
          const speaker = said?.speaker ? project.cast?.[said.speaker]?.name : undefined;
          return (
            <p key={line} className="sb-line-said" dir="auto">
              <b>{speaker ?? say(`board.${said?.kind ?? 'narration'}`)}</b>{' '}
              {wordsOf(project, line, language)}
            </p>
          );
        })}
      </div>
    </li>
  );
}
