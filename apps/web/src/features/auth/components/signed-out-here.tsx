import { Brand } from '../../../components/brand.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';

/** Signed out while the server is away: said here, because the sign-in page would have to come from that server. */
export function SignedOutHere() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-6 p-4">
      <Brand />
      <Notice
        tone="warning"
        announce="now"
        title="Signed out in this tab only"
        actions={
          <Button variant="outline" size="sm" onClick={() => window.location.assign('/login')}>
            Go to the sign-in page
          </Button>
        }
      >
        What this tab held of you is gone. The server could not be reached, so your session may still be open
        there: sign in and out again when you are back online.
      </Notice>
    </main>
  );
}
