import type { ReactNode } from 'react';
import { Toasts } from '../../components/toasts.tsx';
import { SessionGate } from '../../features/auth/components/session-gate.tsx';
import { ChatSkeleton } from '../../features/chat/components/skeletons.tsx';

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <SessionGate loading={<ChatSkeleton />}>{children}</SessionGate>
      <Toasts />
    </>
  );
}
