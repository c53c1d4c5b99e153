'use client';

import { LogIn } from 'lucide-react';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { leaveToConfirm } from '../../../lib/confirmation.ts';
import { problemOf } from '../../../lib/problem.ts';
import { useSession } from '../../../lib/session.ts';

/** Only the person can help: they go to Microsoft and come back here. */
export function ConfirmNotice() {
  const { session } = useSession();
  const { title, detail } = problemOf('reauthentication_required');
  return (
    <Notice
      tone="warning"
      announce="politely"
      title={title}
      actions={
        <Button size="sm" onClick={() => leaveToConfirm('azure', session)}>
          <LogIn /> Confirm it’s you
        </Button>
      }
    >
      {detail}
    </Notice>
  );
}
