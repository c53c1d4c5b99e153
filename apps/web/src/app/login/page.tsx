import type { Metadata } from 'next';
import { Suspense } from 'react';
import { BrandMark } from '../../components/brand.tsx';
import { product } from '../../config/product.ts';
import { SignInNotice } from '../../features/auth/components/sign-in-notice.tsx';
import { SignInPanel, SignInSkeleton } from '../../features/auth/components/sign-in-panel.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default function LoginPage() {
  return (
    <main
      id="content"
      className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-sidebar px-4 py-10"
    >
      <div className="w-full max-w-md rounded-2xl border bg-card p-6 shadow-sm sm:p-8">
        <BrandMark size="size-11" />
        <h1 className="mt-5 text-2xl font-semibold tracking-tight">Sign in to {product.name}</h1>
        <p className="mt-1.5 mb-6 text-muted-foreground">{product.sentence}</p>
        <Suspense fallback={<SignInSkeleton />}>
          <div className="grid gap-5">
            <SignInNotice />
            <SignInPanel />
          </div>
        </Suspense>
      </div>
      <p className="max-w-sm text-center text-xs leading-relaxed text-muted-foreground">
        You sign in at Microsoft. {product.name} never sees your password.
      </p>
    </main>
  );
}
