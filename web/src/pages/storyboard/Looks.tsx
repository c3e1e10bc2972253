/** How a card is looked at: camera, framing, style, and the picture that it begins with. */
import { useRef } from 'react';
import { useCards } from '../../api/cards';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { named, useWords } from '../../words';
import type { Item, Project, Shot } from './document';
import { Field } from './Field';
import { FILES, giveFile } from './files';

const FRAMINGS = ['', 'wide shot', 'full shot', 'medium shot', 'close-up'] as const;
const MOVES = [
  '',
  'static camera',
  'push in',
  'pull out',
  'pan left',
  'pan right',
  'tilt up',
  'tilt down',
  'zoom in',
  'zoom out',
  'orbit',
  'crane up',
  'tracking shot',
  'handheld',
] as const;

interface SetProps {
  shot: Shot;
  set: (field: string, value: unknown) => void;
}

export function Camera({ shot, set, project }: SetProps & { project: Project }) {
  const say = useWords();
  const cards = useCards();
  const down = <Icon name="down" size={13} />;
  const model = cards.data?.find(
    (one) => one.name === (shot.model ?? project.look?.model ?? 'animatic'),
  );
  const choice = (field: 'framing' | 'camera', values: readonly string[], none: string) => (
    <Menu<string>
      label={say(`board.${field}`)}
      value={shot[field] ?? ''}
      items={values.map((value) => ({ value, label: value ? named(say, 'shot', value) : none }))}
      shown={
        <>
          {shot[field] ? named(say, 'shot', shot[field]) : none}
          {down}
        </>
      }
      onPick={(value) => set(field, value || null)}
    />
  );
  return (
    <Field name={say('board.camera')}>
      <div className="row">
        {choice('camera', MOVES, say('board.anyCamera'))}
        {choice('framing', FRAMINGS, say('board.anyFraming'))}
        {model?.styles?.length ? (
          <Menu<string>
            label={say('prompt.style')}
            value={shot.style ?? ''}
            items={['', ...model.styles].map((value) => ({
              value,
              label: value ? named(say, 'style', value) : say('board.filmStyle'),
            }))}
            shown={
              <>
                {shot.style ? named(say, 'style', shot.style) : say('board.filmStyle')}
                {down}
              </>
            }
            onPick={(value) => set('style', value || null)}
          />
        ) : null}
      </div>
    </Field>
  );
}

export function Picture({ item, shot, set }: SetProps & { item: Item }) {
  const say = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Field name={say('board.picture')}>
      <div className="row">
        {shot.image ? (
          <span className="pimage">
            <Icon name="image" size={16} />
            {say('prompt.roleFirst')}
            <button
              type="button"
              className="icon-btn small"
              aria-label={say('board.removePicture')}
              onClick={() => set('image', null)}
            >
              <Icon name="close" size={13} />
            </button>
          </span>
        ) : null}
        <button type="button" className="btn line small" onClick={() => input.current?.click()}>
          <Icon name="image" size={15} />
          {say('board.addFile')}
        </button>
        <input
          ref={input}
          type="file"
          hidden
          accept={FILES}
          aria-label={say('board.addFile')}
          onChange={(event) => {
            void giveFile(item.ref, event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
    </Field>
  );
}
