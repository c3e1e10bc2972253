import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/client';
import { onEvent, startEvents } from './api/events';
import { followEvents } from './api/follow';
import { App, fetchAhead } from './app';
import { followOutbox, sendKept } from './state/outbox';
import { followOtherTabs } from './state/prefs';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/library.css';

followEvents();
followOtherTabs();
followOutbox();
onEvent(({ type }) => {
  if (type === 'online') sendKept().catch(() => undefined); // stays in the box until next time
});
startEvents();
fetchAhead();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
