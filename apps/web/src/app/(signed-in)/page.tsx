import { Suspense } from 'react';
import { ThemeMenu } from '../../components/theme-menu.tsx';
import { AccountMenu } from '../../features/account/components/account-menu.tsx';
import { SessionGate } from '../../features/auth/components/session-gate.tsx';
import { ChatScreen } from '../../features/chat/components/chat-screen.tsx';
import { ChatSkeleton } from '../../features/chat/components/skeletons.tsx';

export default function ChatPage() {
  return (
    <SessionGate loading={<ChatSkeleton />}>
      <Suspense fallback={<ChatSkeleton />}>
        <ChatScreen
          tools={
            <>
              <ThemeMenu />
              <AccountMenu />
            </>
          }
        />
      </Suspense>
    </SessionGate>
  );
}
