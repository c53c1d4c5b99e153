'use client';

import { LogOut, ShieldCheck, UserRound } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../../../components/ui/dropdown-menu.tsx';
import { sectionsFor } from '../../../lib/admin-sections.ts';
import { useSession } from '../../../lib/session.ts';
import { initialsOf, roleNames } from '../describe.ts';
import { useSignOut } from '../use-sign-out.ts';
import { TokenBadge } from './token-badge.tsx';

export function AccountMenu() {
  const { user, azureToken } = useSession();
  const signOut = useSignOut();
  const [administration] = sectionsFor(user.permissions);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" shape="pill" aria-label={`Account of ${user.displayName}`}>
          {/* Drawn by the style sheet: initials are a picture, and the name of the button is the person's. */}
          <span
            data-initials={initialsOf(user.displayName)}
            className="flex size-8 items-center justify-center rounded-full bg-primary text-xs font-semibold text-primary-foreground before:content-[attr(data-initials)]"
          />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-72">
        <div className="px-2.5 py-2 text-sm">
          <p className="font-medium wrap-anywhere">{user.displayName}</p>
          {user.email !== null && <p className="wrap-anywhere text-muted-foreground">{user.email}</p>}
          <p className="mt-2 flex flex-wrap gap-1.5">
            {user.roles.map((role) => (
              <Badge key={role}>{roleNames[role].name}</Badge>
            ))}
          </p>
        </div>
        <DropdownMenuSeparator />
        <div className="flex items-center justify-between gap-2 px-2.5 py-1.5 text-sm">
          <span className="text-muted-foreground">Azure</span>
          <TokenBadge status={azureToken.status} />
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href="/account" prefetch={false}>
            <UserRound /> Account
          </Link>
        </DropdownMenuItem>
        {administration && (
          <DropdownMenuItem asChild>
            <Link href={administration.href} prefetch={false}>
              <ShieldCheck /> Administration
            </Link>
          </DropdownMenuItem>
        )}
        <DropdownMenuItem
          disabled={signOut.isPending}
          onSelect={(event) => {
            event.preventDefault();
            signOut.mutate();
          }}
        >
          <LogOut /> {signOut.isPending ? 'Signing out…' : 'Sign out'}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
