/** What a clip is made with: model, size, length, quality, style, variations. */
import type { ReactNode } from 'react';
import { type ModelCard, useCards } from '../../api/cards';
import { useLooks } from '../../api/cast';
import type { Look } from '../../api/client';
import { useNames } from '../../api/library';
import { usePrefs } from '../../state/prefs';
import { go } from '../../state/route';
import { named, useWords } from '../../words';
import { Icon } from '../Icon';
import { Menu, type MenuItem } from '../Menu';

const SIZES = [
  ['16:9', '1280x720'],
  ['9:16', '720x1280'],
  ['1:1', '720x720'],
  ['4:3', '960x720'],
  ['21:9', '1680x720'],
  ['16:9 HD', '1920x1080'],
  ['16:9 small', '640x360'],
] as const;
const LENGTHS = [2, 4, 8, 12, 20] as const;
const QUALITIES = ['draft', 'standard', 'high'] as const;
const VARIATIONS = [1, 2, 4, 8] as const;
const pictures = import.meta.glob<string>('../../style/looks/*.webp', {
  eager: true,
  query: '?url',
  import: 'default',
});

export function Choices({ card }: { card: ModelCard | undefined }) {
  const say = useWords();
  const { draft, write } = usePrefs();
  const shape =
    SIZES.find(([, size]) => size === draft.size)?.[0] ?? draft.size.replace('x', ' × ');
  return (
    <div className="popts">
      <Models />
      <Menu<string>
        label={say('prompt.size')}
        shown={<Shown>{shape}</Shown>}
        value={draft.size}
        items={SIZES.map(([label, value]) => ({ value, label, note: value.replace('x', ' × ') }))}
        onPick={(size) => write({ size })}
      />
      <Menu<number>
        label={say('prompt.length')}
        shown={<Shown>{say('common.seconds', { n: draft.seconds })}</Shown>}
        value={draft.seconds}
        items={LENGTHS.map((value) => ({ value, label: say('common.seconds', { n: value }) }))}
        onPick={(seconds) => write({ seconds })}
      />
      <Menu<(typeof QUALITIES)[number]>
        label={say('prompt.quality')}
        shown={<Shown>{say(`quality.${draft.quality}`)}</Shown>}
        value={draft.quality}
        items={QUALITIES.map((value) => ({ value, label: say(`quality.${value}`) }))}
        onPick={(quality) => write({ quality })}
      />
      <Styles names={card?.styles ?? []} />
      <Menu<number>
        label={say('prompt.variations')}
        shown={<Shown>{draft.variations}×</Shown>}
        value={draft.variations}
        items={VARIATIONS.map((value) => ({ value, label: `${value}×` }))}
        onPick={(variations) => write({ variations })}
      />
    </div>
  );
}

function Shown({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <Icon name="down" size={13} />
    </>
  );
}

function Models() {
  const say = useWords();
  const { draft, write } = usePrefs();
  const cards = useCards().data ?? [];
  const names = useNames().data;
  const models = cards.map((one) => {
    const isHere = names?.includes(one.name) ?? false;
    return {
      value: one.name,
      label: one.name,
      note: isHere ? short(one.summary) : say('prompt.notHere'),
      disabled: !isHere,
    };
  });
  models.sort((a, b) => Number(a.disabled) - Number(b.disabled));
  return (
    <Menu<string>
      label={say('prompt.model')}
      shown={<Shown>{draft.model}</Shown>}
      value={draft.model}
      items={models}
      onPick={(model) => write({ model })}
    />
  );
}

/** Styles of the model as pictures of one scene, then those of one's own. */
function Styles({ names }: { names: readonly string[] }) {
  const say = useWords();
  const { draft, write } = usePrefs();
  const looks = useLooks();
  const mine = looks.find((one) => one.id === draft.look);
  if (!names.length && !looks.length) return null;
  const own = (one: Look): MenuItem<string> => ({
    value: `look:${one.id}`,
    label: one.name,
    ...picture(one.style ?? 'none'),
  });
  const shown = mine?.name ?? (draft.style ? named(say, 'style', draft.style) : say('style.none'));
  return (
    <Menu<string>
      label={say('prompt.style')}
      look="looks"
      shown={<Shown>{shown}</Shown>}
      value={mine ? `look:${mine.id}` : (draft.style ?? '')}
      items={[
        { value: '', label: say('style.none'), ...picture('none') },
        ...names.map((value) => ({
          value,
          label: named(say, 'style', value),
          ...picture(value),
        })),
        ...looks.map(own),
        { value: 'own', label: say('style.own'), icon: 'plus' },
      ]}
      onPick={(pick) => {
        if (pick === 'own') go('/characters?show=looks&new=1');
        else if (pick.startsWith('look:')) write({ look: pick.slice(5), style: null });
        else write({ look: null, style: pick || null });
      }}
    />
  );
}

function picture(style: string): { image?: string } {
  const image = pictures[`../../style/looks/${style}.webp`];
  return image ? { image } : {};
}

/** The picture of one scene in a style, where there is one. */
export const pictureOf = (style: string | null) => picture(style ?? 'none').image;

function short(summary: string): string {
  const [first = ''] = summary.split(/[:.;]/);
  return first.length > 46 ? `${first.slice(0, 45)}…` : first;
}
