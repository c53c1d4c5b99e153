import { Suspense } from 'react';
import { ThemeMenu } from '../../components/theme-menu.tsx';
import { AccountMenu } from '../../features/account/components/account-menu.tsx';
import { ChatScreen } from '../../features/chat/components/chat-screen.tsx';
import { ChatSkeleton } from '../../features/chat/components/skeletons.tsx';

export default function ChatPage() {
  return (
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
  );
}
