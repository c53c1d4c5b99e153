import { type RefObject, useEffect, useEffectEvent } from 'react';

type Field = RefObject<HTMLInputElement | null>;

/** Ctrl+K, on a Mac Command+K: to the search field beside the chat, or to the one in the drawer where it is narrow. */
export function useSearchKey(beside: Field, inDrawer: Field, openDrawer: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isMeant = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (!isMeant || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (beside.current?.checkVisibility()) focusAll(beside);
    else {
      openDrawer();
      // Once it is there and has taken the focus.
      requestAnimationFrame(() => focusAll(inDrawer));
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

function focusAll({ current }: Field): void {
  current?.focus();
  current?.select();
}
