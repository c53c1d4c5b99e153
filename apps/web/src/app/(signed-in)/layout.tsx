import type { ReactNode } from 'react';
import { Toasts } from '../../components/toasts.tsx';

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <Toasts />
    </>
  );
}
