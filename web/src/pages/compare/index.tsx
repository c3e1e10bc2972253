/** Clips beside each other, under one scrubber. */
import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, aspect, contentUrl, take, type Video } from '../../api/client';
import { KEYS } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { useKeys } from '../../state/keys';
import { clipPath, link, useRoute } from '../../state/route';
import { useWords } from '../../words';
import './compare.css';

export default function Compare() {
  const say = useWords();
  const { query } = useRoute();
  const ids = (query.get('ids') ?? '').split(',').filter(Boolean).slice(0, 9);
  const asked = useQueries({
    queries: ids.map((id) => ({
      queryKey: KEYS.video(id),
      queryFn: () => take(api.GET('/v1/videos/{video_id}', { params: { path: { video_id: id } } })),
    })),
  });
  const videos = asked.flatMap((one) => (one.data?.status === 'completed' ? [one.data] : []));
  if (!ids.length) return <p className="page-note muted">{say('app.nothing')}</p>;
  return (
    <div className="compare">
      <h1>{say('plate.compare')}</h1>
      {videos.length ? <Together key={ids.join()} videos={videos} /> : null}
    </div>
  );
}

function Together({ videos }: { videos: Video[] }) {
  const say = useWords();
  const grid = useRef<HTMLDivElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const length = Math.min(...videos.map((one) => Number(one.seconds)));
  const all = () => [...(grid.current?.querySelectorAll('video') ?? [])];

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = () => {
      const [first, ...rest] = [...(grid.current?.querySelectorAll('video') ?? [])];
      const time = (first?.currentTime ?? 0) % length;
      if (first && first.currentTime >= length) first.currentTime = 0;
      for (const one of rest) if (Math.abs(one.currentTime - time) > 1 / 24) one.currentTime = time;
      setAt(time);
      frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [playing, length]);

  const toggle = () => {
    for (const one of all()) {
      if (playing) one.pause();
      else void one.play();
    }
    setPlaying(!playing);
  };
  const seek = (time: number) => {
    for (const one of all()) one.currentTime = time;
    setAt(time);
  };
  useKeys({
    k: toggle,
    j: () => seek(Math.max(0, at - 1)),
    l: () => seek(Math.min(length, at + 1)),
  });

  return (
    <>
      <div className="compare-grid" ref={grid}>
        {videos.map((video) => (
          <figure key={video.id}>
            <div className="gate" style={{ aspectRatio: aspect(video.size) }}>
              <video
                className="vid"
                src={contentUrl(video.id)}
                poster={contentUrl(video.id, 'thumbnail')}
                aria-label={video.prompt ?? say('plate.untitled')}
                preload="auto"
                muted
                loop
                playsInline
              />
            </div>
            <figcaption>
              <a className="cap" dir="auto" {...link(clipPath(video.id))}>
                {video.prompt || say('plate.untitled')}
              </a>
            </figcaption>
          </figure>
        ))}
      </div>
      <div className="compare-bar">
        <button
          type="button"
          className="icon-btn"
          aria-label={say(playing ? 'compare.pause' : 'compare.play')}
          onClick={toggle}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <input
          type="range"
          min={0}
          max={length}
          step={1 / 24}
          value={at}
          aria-label={say('compare.time')}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <span className="mono">{at.toFixed(2)} s</span>
      </div>
    </>
  );
}
