import type { Metadata } from 'next';
import { SessionsScreen } from '../../../../features/admin/sessions/components/sessions-screen.tsx';

export const metadata: Metadata = { title: 'Sessions' };

export default function SessionsPage() {
  return <SessionsScreen />;
}
