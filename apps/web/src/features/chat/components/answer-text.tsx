'use client';

import { useLoaded } from '../../../lib/use-loaded.ts';

const loadMarkdown = () => import('../markdown/markdown.tsx');

/** The Markdown renderer is most of the page's weight: it is fetched with the first answer. */
export function AnswerText({ text, streaming }: { text: string; streaming: boolean }) {
  const renderer = useLoaded(loadMarkdown, true);
  if (renderer === undefined) return <p className="whitespace-pre-wrap wrap-anywhere">{text}</p>;
  return <renderer.Markdown text={text} streaming={streaming} />;
}
