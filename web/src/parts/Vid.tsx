/** A clip as a picture that plays while it is pointed at; never two at a time in the grid. */
import { useEffect, useRef, useState } from 'react';
import { contentUrl } from '../api/client';
import { still } from '../state/prefs';

const AFTER = 80;
let playing: (() => void) | null = null;

interface Props {
  id: string;
  label: string;
  /** Play as soon as it is there, whether pointed at or not. */
  auto?: boolean;
}

export function Vid({ id, label, auto = false }: Props) {
  const [wanted, setWanted] = useState(auto);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = useRef(() => setWanted(false));

  useEffect(() => () => clearTimeout(timer.current), []);

  const begin = () => {
    if (still() || auto) return;
    timer.current = setTimeout(() => {
      if (playing !== stop.current) playing?.();
      playing = stop.current;
      setWanted(true);
    }, AFTER);
  };
  const end = () => {
    clearTimeout(timer.current);
    if (!auto) setWanted(false);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the link around it takes keys and focus
    <span
      onMouseEnter={begin}
      onMouseLeave={end}
      ref={(node) => {
        const anchor = node?.closest('a');
        if (!anchor) return;
        anchor.addEventListener('focus', begin);
        anchor.addEventListener('blur', end);
        return () => {
          anchor.removeEventListener('focus', begin);
          anchor.removeEventListener('blur', end);
        };
      }}
    >
      {wanted ? (
        <video
          className="vid"
          src={contentUrl(id)}
          poster={contentUrl(id, 'thumbnail')}
          aria-label={label}
          muted
          loop
          playsInline
          autoPlay
        />
      ) : (
        <img
          className="vid"
          src={contentUrl(id, 'thumbnail')}
          alt={label}
          loading="lazy"
          decoding="async"
        />
      )}
    </span>
  );
}
