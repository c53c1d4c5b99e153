import type { Metadata } from 'next';
import { RoleMappingScreen } from '../../../../features/admin/role-mapping/components/role-mapping-screen.tsx';

export const metadata: Metadata = { title: 'Role mapping' };

export default function RoleMappingPage() {
  return <RoleMappingScreen />;
}
