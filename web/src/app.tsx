/** Which page an address shows. A page is a folder under pages/ whose index has a default export. */
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import Library from './pages/library';
import { Shell } from './parts/Shell';
import { useRoute } from './state/route';
import { useWords } from './words';

type Loader = () => Promise<{ default: ComponentType }>;
const found = import.meta.glob('./pages/*/index.tsx') as Record<string, Loader>;
const FOLDERS: Record<string, string> = { c: 'clip', s: 'storyboard' };

const pages = new Map<string, ComponentType>([['', Library]]);
for (const [path, loader] of Object.entries(found)) {
  const folder = path.split('/')[2] ?? '';
  if (folder === 'library') continue;
  const short = Object.keys(FOLDERS).find((one) => FOLDERS[one] === folder);
  pages.set(short ?? folder, lazy(loader));
}
const has = (page: string) => pages.has(page);

/**
 * What is opened most is fetched while nobody waits for it, and then is there without the third of
 * a second for which React holds back what was not. A page that is open stays what it is.
 */
export function fetchAhead(): void {
  const fetch = async () => {
    const clip = await found['./pages/clip/index.tsx']?.();
    if (clip && !location.pathname.startsWith('/c/')) pages.set('c', clip.default);
  };
  const begin = () => void fetch().catch(() => undefined); // then it is fetched when it is needed
  if ('requestIdleCallback' in globalThis) requestIdleCallback(begin, { timeout: 3000 });
  else setTimeout(begin, 1000);
}

export function App() {
  const { page, id } = useRoute();
  const Page = pages.get(page);
  return (
    <Shell has={has}>
      <Guard key={`${page}/${id}`}>
        <Suspense fallback={<Opening />}>{Page ? <Page /> : <Nowhere />}</Suspense>
      </Guard>
    </Shell>
  );
}

function Opening() {
  const say = useWords();
  return <p className="page-note muted late">{say('app.opening')}</p>;
}

function Nowhere() {
  const say = useWords();
  return <p className="page-note muted">{say('app.nothing')}</p>;
}

function Broken({ onAgain }: { onAgain: () => void }) {
  const say = useWords();
  return (
    <div className="page-note">
      <p>{say('app.broken')}</p>
      <button type="button" className="btn line" onClick={onAgain}>
        {say('app.again')}
      </button>
    </div>
  );
}

/** Keeps a page that breaks from taking the rest with it. */
class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return <Broken onAgain={() => this.setState({ broken: false })} />;
  }
}
