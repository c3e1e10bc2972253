/** Line icons on a 24 grid, drawn in the colour of the text; words stand beside or in a label. */
const PATHS = {
  library: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  board: 'M3 7h5v8H3zM10 7h4v8h-4zM16 7h5v8h-5zM3 19h18',
  live: 'M12 12m-2.200 0a2.200 2.200 0 1 0 4.400 0a2.200 2.200 0 1 0-4.400 0M7.800 7.800a6 6 0 0 0 0 8.400M16.200 7.800a6 6 0 0 1 0 8.400M4.900 4.900a10 10 0 0 0 0 14.200M19.100 4.900a10 10 0 0 1 0 14.200',
  verify:
    'M12 3l2.200 1.700 2.800-.3 1 2.600 2.500 1.300-.6 2.700.9 2.600-2.200 1.700-.6 2.700-2.800.2L12 21l-2.200-1.800-2.800-.2-.6-2.700-2.200-1.700.9-2.600-.6-2.700L7 7l1-2.600 2.800.3zM8.700 12.200l2.200 2.200 4.400-4.600',
  compare: 'M12 4v16M4 6h5v12H4zM15 6h5v12h-5z',
  remix:
    'M4 8c6 0 8 8 16 8M17 13l3 3-3 3M4 16c2.600 0 4.400-1.500 6-3.200M14 9.500C15.700 8.600 17.500 8 20 8M17 5l3 3-3 3',
  extend: 'M4 6h8v12H4zM12 6h8v12h-8M15 12h4M17 10l2 2-2 2',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  loop: 'M7 8h8a4 4 0 0 1 0 8H9a4 4 0 0 1-4-4M10 5L7 8l3 3',
  blend:
    'M9 12m-5.500 0a5.500 5.500 0 1 0 11 0a5.500 5.500 0 1 0-11 0M15 12m-5.500 0a5.500 5.500 0 1 0 11 0a5.500 5.500 0 1 0-11 0',
  recut:
    'M7 17m-2.500 0a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0M17 17m-2.500 0a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0M8.500 15L16 4M15.500 15L8 4',
  play: 'M7 4.500v15l12-7.500z',
  pause: 'M7 5h3.500v14H7zM13.500 5H17v14h-3.500z',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  heart:
    'M12 20s-7.500-4.600-7.500-10A4.200 4.200 0 0 1 12 7.500 4.200 4.200 0 0 1 19.500 10c0 5.400-7.500 10-7.500 10',
  search: 'M11 11m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M15.500 15.500L20 20',
  sun: 'M12 12m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400',
  moon: 'M19 14.500A7.500 7.500 0 0 1 9.500 5 7.500 7.500 0 1 0 19 14.500',
  down: 'M6 9l6 6 6-6',
  up: 'M12 19V5M6 11l6-6 6 6',
  lower: 'M12 5v14M6 13l6 6 6-6',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  captions:
    'M3 6h18v12H3zM10.500 10.500c-1.500-1-3.500-.5-3.500 1.500s2 2.500 3.500 1.500M17 10.500c-1.500-1-3.500-.5-3.500 1.500s2 2.500 3.500 1.500',
  sound: 'M4 10v4h3l4 3.500v-11L7 10zM15 9.500a3.500 3.500 0 0 1 0 5M17.500 7a7 7 0 0 1 0 10',
  full: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  step: 'M6 5v14M10 5l9 7-9 7z',
  back: 'M15 5l-7 7 7 7',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4',
  user: 'M12 8m-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0M5 20c.5-4 3.500-6 7-6s6.500 2 7 6',
  check: 'M5 12.500l4.500 4.500L19 7',
  warn: 'M12 4l9 16H3zM12 10v4.500M12 17.500h.01',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 7m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M9 17m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  history: 'M4.500 9A8 8 0 1 1 4 12.500M4 4.500V9h4.500M12 8v4.500l3 2',
  filter: 'M4 6h16M7 12h10M10 18h4',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  mic: 'M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11a5.500 5.500 0 0 0 11 0M12 16.500V20',
  send: 'M12 19V6M6.500 11L12 5.500 17.500 11',
  star: 'M12 4l2.400 5 5.600.700-4.100 3.800 1.100 5.500-5-2.700-5 2.700 1.100-5.500L4 9.700 9.600 9z',
  disk: 'M4 6h16v12H4zM4 13h16M8 16h.01',
  hook: 'M9 8a3 3 0 1 1 4.500 2.600L11 16M7 13a3 3 0 1 0 3 4h6M16 14a3 3 0 1 1-1.500 5.600',
  undo: 'M9 7L4.500 11.500 9 16M5 11.500h9a5 5 0 0 1 0 10h-2',
  redo: 'M15 7l4.500 4.500L15 16M19 11.500h-9a5 5 0 0 0 0 10h2',
  keys: 'M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  const solid = name === 'play' || name === 'pause';
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={solid ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={solid ? 0 : name === 'more' || name === 'grip' ? 2.6 : 1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Mark({ size = 34 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="18" fill="var(--lamp)" />
      <path d="M20 2a18 18 0 0 1 0 36c4-5 6-11 6-18S24 7 20 2z" fill="var(--lamp-deep)" />
      <path d="M13 12.500v15l10.500-7.500z" fill="var(--lamp-ink)" />
    </svg>
  );
}
