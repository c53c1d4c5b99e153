import type { Metadata } from 'next';
import { AdminPage } from '../../../features/admin/shell/admin-page.tsx';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage() {
  return <AdminPage title="Overview">{null}</AdminPage>;
}
