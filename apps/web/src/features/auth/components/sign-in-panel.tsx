'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, SquareTerminal } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import type { BeginDevice, SignInMethod } from '#contracts';
import { MicrosoftMark } from '../../../components/microsoft-mark.tsx';
import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { toReturnPath } from '../../../lib/return-path.ts';
import { methodsQuery } from '../api/get-methods.ts';

const DeviceDialog = dynamic(() => import('./device-dialog.tsx').then((module) => module.DeviceDialog), {
  ssr: false,
});

type DeviceMethod = Required<BeginDevice>['method'];

export function SignInPanel() {
  const router = useRouter();
  const queryClient = useQueryClient();
  const returnTo = toReturnPath(useSearchParams().get('returnTo'));
  const [remember, setRemember] = useState(false);
  const [device, setDevice] = useState<DeviceMethod | null>(null);
  const methods = useQuery(methodsQuery);

  if (methods.isPending) return <SignInSkeleton />;
  if (methods.isError) return <ProblemNotice error={methods.error} onRetry={() => void methods.refetch()} />;
  if (methods.data.methods.length === 0) {
    return (
      <Notice tone="warning" title="No way to sign in is configured">
        Every sign-in method is switched off on this server. Tell your administrator.
      </Notice>
    );
  }
  const query = new URLSearchParams({ returnTo, remember: String(remember) });
  return (
    <div className="grid gap-3">
      {methods.data.methods.map((method, index) => (
        <MethodButton
          key={method}
          method={method}
          primary={index === 0}
          href={`/api/auth/login?${query}`}
          onDevice={setDevice}
        />
      ))}
      <label className="mt-2 flex w-fit items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-primary"
          checked={remember}
          onChange={(event) => setRemember(event.target.checked)}
        />
        Keep me signed in on this device
      </label>
      {device !== null && (
        <DeviceDialog
          method={device}
          remember={remember}
          onClose={() => setDevice(null)}
          onSignedIn={() => {
            queryClient.removeQueries({ queryKey: ['device-sign-in'] });
            router.replace(returnTo);
          }}
        />
      )}
    </div>
  );
}

interface MethodButtonProps {
  method: SignInMethod;
  primary: boolean;
  href: string;
  onDevice: (method: DeviceMethod) => void;
}

function MethodButton({ method, primary, href, onDevice }: MethodButtonProps) {
  const look = { size: 'lg', variant: primary ? 'default' : 'outline', className: 'w-full' } as const;
  if (method === 'authorization_code') {
    return (
      <Button asChild {...look}>
        <a href={href}>
          <MicrosoftMark /> Sign in with Microsoft
        </a>
      </Button>
    );
  }
  return (
    <Button {...look} aria-haspopup="dialog" onClick={() => onDevice(method)}>
      {method === 'device_code' ? <KeyRound /> : <SquareTerminal />}
      {method === 'device_code' ? 'Sign in with a device code' : 'Sign in with the Azure CLI'}
    </Button>
  );
}

export function SignInSkeleton() {
  return (
    <section className="grid gap-3" aria-busy aria-label="Loading the ways to sign in">
      <Skeleton shape="rounded-lg" className="h-11" />
      <Skeleton shape="rounded-lg" className="h-11" />
      <Skeleton className="mt-2 h-5 w-56" />
    </section>
  );
}
