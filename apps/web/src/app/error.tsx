'use client';

import { Brand } from '../components/brand.tsx';
import { Button } from '../components/ui/button.tsx';
import { problemOf } from '../lib/problem.ts';

/** A fault in the page itself. What was being written is kept in the tab, so that reloading loses nothing. */
export default function PageError() {
  return (
    <main
      id="content"
      className="mx-auto grid min-h-dvh max-w-md content-center justify-items-start gap-4 p-6"
    >
      <Brand className="mb-4" />
      <h1 className="text-2xl font-semibold tracking-tight">{problemOf('internal').title}</h1>
      <p className="text-muted-foreground">
        The page met a fault. Reload it: your conversations and drafts are kept.
      </p>
      <Button className="mt-2" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </main>
  );
}
