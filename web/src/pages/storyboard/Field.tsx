/** A name, what is said beside it, and the control under it. */
import type { ReactNode } from 'react';

export function Field({
  name,
  note,
  children,
}: {
  name: string;
  note?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="field">
      <span className="sb-label">
        {name}
        {note ? <b>{note}</b> : null}
      </span>
      {children}
    </div>
  );
}
