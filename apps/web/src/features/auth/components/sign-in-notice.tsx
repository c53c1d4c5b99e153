'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { placeBeforeConfirmation } from '../../../lib/confirmation.ts';
import { forgetFarewell, readFarewell } from '../../../lib/farewell.ts';
import { wordsFor } from '../../../lib/problem.ts';

/** Why somebody is on the sign-in page: an error, a session that ended, or having signed out. */
export function SignInNotice() {
  const query = useSearchParams();
  const [farewell] = useState(readFarewell);
  const [before] = useState(placeBeforeConfirmation);
  useEffect(forgetFarewell, []);

  const error = query.get('error');
  if (error !== null) {
    const { title, detail } = wordsFor(error);
    return (
      <Notice
        tone="error"
        announce="now"
        title={title}
        actions={
          before !== null && (
            <Button asChild variant="outline" size="sm">
              <a href={before}>Go back without confirming</a>
            </Button>
          )
        }
      >
        {detail}
      </Notice>
    );
  }
  const ended = query.get('ended');
  if (ended !== null) {
    const { title, detail } = wordsFor(ended);
    return (
      <Notice announce="politely" title={title}>
        {detail}
      </Notice>
    );
  }
  if (farewell === 'signed_out') {
    return (
      <Notice announce="politely" title="You are signed out">
        Nothing of yours is left in this browser.
      </Notice>
    );
  }
  if (farewell === 'sign_out_unconfirmed') {
    return (
      <Notice tone="warning" announce="now" title="Signed out in this tab only">
        The server could not be reached, so your session may still be open there. Sign in and out again when
        you are back online.
      </Notice>
    );
  }
  return null;
}
