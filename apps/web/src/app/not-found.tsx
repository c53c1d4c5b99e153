import { Brand } from '../components/brand.tsx';
import { Button } from '../components/ui/button.tsx';

export default function NotFound() {
  return (
    <main
      id="content"
      className="mx-auto grid min-h-dvh max-w-md content-center justify-items-start gap-4 p-6"
    >
      <Brand className="mb-4" />
      <h1 className="text-2xl font-semibold tracking-tight">This page is not there</h1>
      <p className="text-muted-foreground">The address may be mistyped, or the page has moved.</p>
      <Button asChild className="mt-2">
        {/* oxlint-disable-next-line next/no-html-link-for-pages -- Every page carries this one, and the router's link with it. */}
        <a href="/">Go to the chat</a>
      </Button>
    </main>
  );
}
