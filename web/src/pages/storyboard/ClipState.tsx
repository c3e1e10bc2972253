/** What a card looks like: frames of its clip, its count-down, or its words on a page. */
import { contentUrl, previewUrl } from '../../api/client';
import { ClipLeader } from '../../parts/Leader';
import { useLive } from '../../state/live';
import { useWords } from '../../words';
import { useBoard } from './store';

export function ClipState({ shot, words }: { shot: string; words: string }) {
  const say = useWords();
  const card = useBoard((board) => board.base?.cards[shot]);
  const preview = useLive((live) => (card?.making ? (live.forming[card.making]?.preview ?? 0) : 0));
  return (
    <>
      {card?.making && preview ? (
        <Still src={previewUrl(card.making, preview)} />
      ) : card?.clip ? (
        <Still src={contentUrl(card.clip, 'thumbnail')} />
      ) : (
        <span className="paper">{words}</span>
      )}
      {card?.making ? <ClipLeader id={card.making} promised={null} size={38} /> : null}
      {card?.url && card.stale ? (
        <span
          className="fold"
          role="img"
          aria-label={say('board.stale')}
          title={say('board.stale')}
        />
      ) : null}
    </>
  );
}

function Still({ src }: { src: string }) {
  return <span className="still" style={{ backgroundImage: `url("${src}")` }} />;
}
