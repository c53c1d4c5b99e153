'use client';

import { useMutation } from '@tanstack/react-query';
import { LoaderCircle, ShieldCheck } from 'lucide-react';
import type { AuditVerification } from '#contracts';
import { formatNumber } from '../../../../components/charts/series.ts';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Notice } from '../../../../components/ui/notice.tsx';
import { formatDateTime } from '../../../../lib/format-time.ts';
import { verifyLog } from '../api/verify-log.ts';

/** Computes the whole chain anew, and says in words what came of it. */
export function VerifyPanel() {
  const verify = useMutation({
    mutationFn: async () => ({ ...(await verifyLog()), at: new Date().toISOString() }),
  });
  return (
    <section aria-label="Verification" className="mb-5 grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          variant="outline"
          size="sm"
          aria-disabled={verify.isPending}
          onClick={() => !verify.isPending && verify.mutate()}
        >
          {verify.isPending ? <LoaderCircle className="animate-spin" /> : <ShieldCheck />}
          {verify.isPending ? 'Verifying…' : 'Verify now'}
        </Button>
        <output className="text-sm text-muted-foreground">
          {verify.isPending
            ? 'Every entry’s hash is being computed anew. A long log takes a minute.'
            : 'Each entry carries a hash over itself and the one before.'}
        </output>
      </div>
      {verify.isError && <ProblemNotice error={verify.error} onRetry={() => verify.mutate()} />}
      {verify.isSuccess && <Result result={verify.data} />}
    </section>
  );
}

function Result({ result }: { result: AuditVerification & { at: string } }) {
  const { valid, checked, firstBrokenSequence, at } = result;
  const when = formatDateTime(at);
  if (valid)
    return (
      <Notice announce="politely" title="The log is intact">
        All {formatNumber(checked)} entries are as they were written. Verified {when}.
      </Notice>
    );
  return (
    <Notice
      tone="error"
      announce="now"
      title={
        firstBrokenSequence === null
          ? 'The log has been changed'
          : `The log has been changed at entry ${formatNumber(firstBrokenSequence)}`
      }
    >
      <p>
        Entries before it are as they were written; that one and those after it cannot be relied on. Verified{' '}
        {when}, {formatNumber(checked)} entries.
      </p>
      <ol className="mt-2 list-decimal space-y-1 pl-5">
        <li>Keep the database as it is: take a copy before anything else.</li>
        <li>Compare with the last export or with the copy that your log collector holds.</li>
        <li>Find out who had direct access to the database, and tell those who answer for security.</li>
      </ol>
    </Notice>
  );
}
