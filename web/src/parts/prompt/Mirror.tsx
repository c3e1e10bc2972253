/** The words under a field, with their underlines; the field itself lies over it. */
import type { Piece } from '../marks';

export function Mirror({ cut }: { cut: readonly Piece[] }) {
  return (
    <div className="pmirror" aria-hidden="true">
      {cut.map((piece, at) =>
        piece.ink ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
          <mark key={at} className={`k-${piece.ink}`}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}{' '}
    </div>
  );
}
