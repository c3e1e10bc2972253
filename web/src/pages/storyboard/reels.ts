/** Which clip shows a card. */
import { contentUrl } from '../../api/client';
import type { Board } from '../../api/storyboards';
import { sure, toNumber } from './exact';
import type { Reel } from './Monitor';

export const reelOf =
  (board: Board) =>
  (shot: string): Reel | null => {
    const card = board.cards[shot];
    if (!card?.url) return null;
    return {
      src: card.url,
      poster: card.clip ? contentUrl(card.clip, 'thumbnail') : null,
      first: card.first,
      rate: toNumber(sure(card.fps, '24')),
    };
  };
