import { Check, X } from 'lucide-react';
import type { AuditEntryWire } from '#contracts';

/** Told apart by its sign, not by its colour alone. */
export function OutcomeMark({ outcome }: Pick<AuditEntryWire, 'outcome'>) {
  return outcome === 'success' ? (
    <span className="flex h-5 items-center text-success">
      <Check aria-hidden className="size-4" />
      <span className="sr-only">Succeeded: </span>
    </span>
  ) : (
    <span className="flex h-5 items-center text-destructive">
      <X aria-hidden className="size-4" />
      <span className="sr-only">Failed: </span>
    </span>
  );
}
