'use client';

import { ExternalLink, LoaderCircle, RotateCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { BeginDevice, DeviceAttempt } from '#contracts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Button } from '../../../components/ui/button.tsx';
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogTitle,
} from '../../../components/ui/dialog.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { product } from '../../../config/product.ts';
import { formatCountdown, sayCountdown } from '../../../lib/format-time.ts';
import { useDeviceSignIn } from '../use-device-sign-in.ts';

interface DeviceDialogProps {
  method: Required<BeginDevice>['method'];
  remember: boolean;
  onClose: () => void;
  onSignedIn: () => void;
}

const enterCode = 'Open Microsoft’s sign-in page and enter this code there.';
const howItWorks: Record<DeviceDialogProps['method'], string> = {
  device_code: `Use any device with a browser, for example your phone. ${enterCode}`,
  azure_cli: `The Azure CLI on the ${product.name} server signs in as you, so Microsoft asks about “Microsoft Azure CLI”. ${enterCode}`,
};

export function DeviceDialog({ method, remember, onClose, onSignedIn }: DeviceDialogProps) {
  const signIn = useDeviceSignIn({ method, remember }, onSignedIn);
  const close = (): void => {
    signIn.cancel();
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogTitle>
          {method === 'azure_cli' ? 'Sign in with the Azure CLI' : 'Sign in with a device code'}
        </DialogTitle>
        <DialogDescription>
          {signIn.problem !== null ? 'You are not signed in yet.' : howItWorks[method]}
        </DialogDescription>
        {signIn.problem !== null ? (
          <Notice tone="error" announce="now" title={signIn.problem.title}>
            {signIn.problem.detail}
          </Notice>
        ) : (
          <CodeSteps attempt={signIn.attempt} />
        )}
        {signIn.problem === null && (
          <>
            <WhatIsSignedIn method={method} />
            <Progress
              approved={signIn.phase?.name === 'approved'}
              begun={signIn.attempt !== undefined}
              remaining={signIn.remaining}
              unreachable={signIn.unreachable}
            />
          </>
        )}
        <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
          <DialogClose asChild>
            <Button variant="outline">Cancel</Button>
          </DialogClose>
          {signIn.problem !== null && (
            <Button onClick={signIn.startOver}>
              <RotateCw /> Get a new code
            </Button>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function CodeSteps({ attempt }: { attempt: DeviceAttempt | undefined }) {
  if (attempt === undefined) {
    return (
      <div className="grid gap-3" aria-busy>
        <Skeleton shape="rounded-xl" className="h-20" />
        <Skeleton shape="rounded-lg" className="h-11" />
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <div className="flex items-center gap-2 rounded-xl border bg-muted/60 py-3 pr-3 pl-4">
        <div className="min-w-0 flex-1">
          <p className="text-xs text-muted-foreground" id="device-code-label">
            Your code
          </p>
          <output
            aria-labelledby="device-code-label"
            className="block mt-0.5 font-mono text-3xl font-semibold tracking-wider wrap-anywhere select-all"
          >
            {attempt.userCode}
          </output>
        </div>
        <CopyButton text={attempt.userCode} label="Copy code" variant="outline" showLabel />
      </div>
      <Button asChild size="lg">
        <a href={attempt.verificationUri} target="_blank" rel="noopener noreferrer">
          Open the sign-in page <ExternalLink aria-hidden />
          <span className="sr-only">(opens in a new tab)</span>
        </a>
      </Button>
      <p className="text-center text-xs wrap-anywhere text-muted-foreground">{attempt.verificationUri}</p>
    </div>
  );
}

function WhatIsSignedIn({ method }: Pick<DeviceDialogProps, 'method'>) {
  const [host] = useState(() => window.location.host);
  return (
    <div className="flex gap-3 rounded-xl border border-warning/35 bg-warning-surface px-4 py-3 text-sm leading-relaxed">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
      <p>
        This signs in <strong className="font-semibold">{product.name}</strong> at{' '}
        <strong className="font-semibold wrap-anywhere">{host}</strong>
        {method === 'azure_cli' && ', through the Azure CLI on its server'}, in this browser.{' '}
        <strong className="font-semibold">Only continue if you started this sign-in yourself.</strong> Never
        enter a code that somebody sent you.
      </p>
    </div>
  );
}

interface ProgressProps {
  approved: boolean;
  begun: boolean;
  remaining: number;
  unreachable: boolean;
}

function Progress({ approved, begun, remaining, unreachable }: ProgressProps) {
  const sentence = !begun
    ? 'Asking Microsoft for a code…'
    : approved
      ? 'Approved. Signing you in…'
      : unreachable
        ? 'The server cannot be reached. Still trying…'
        : 'Waiting for you to enter the code…';
  return (
    <div className="flex items-center gap-2.5 text-sm text-muted-foreground">
      <LoaderCircle className="size-4 shrink-0 animate-spin text-primary" aria-hidden />
      <output className="flex-1">{sentence}</output>
      {begun && !approved && (
        <p
          className="tabular-nums"
          role="timer"
          aria-label={`The code is valid for ${sayCountdown(remaining)}`}
        >
          {formatCountdown(remaining)}
        </p>
      )}
    </div>
  );
}
