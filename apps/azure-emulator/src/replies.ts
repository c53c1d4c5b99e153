import { createHash } from 'node:crypto';
import type { ChatMessage } from './openai/chat-request.ts';
import type { Person } from './people.ts';
import { codeIn } from './replies/code-samples.ts';
import { longText } from './replies/long-text.ts';
import { HOSTILE, MATHS, STEPS, TABLE } from './replies/samples.ts';
import { titleFor } from './replies/title.ts';

export interface ReplyOrder {
  messages: ChatMessage[];
  person: Person;
  deployment: string;
}

/** The question, and what a reply may lean on. */
interface Question extends ReplyOrder {
  text: string;
  previous: string | undefined;
}

type Topic = [asksFor: RegExp, reply: (question: Question, match: RegExpMatchArray) => string];

/** The first that fits answers. Nothing here is random: the same conversation gives the same answer. */
const TOPICS: Topic[] = [
  [/^\s*(?:echo|repeat after me)[: ]\s*([\s\S]+)/i, (_question, match) => match[1]!],
  [/\bcount (?:from 1 )?to (\d{1,5})\b/i, (_question, match) => countTo(Number(match[1]))],
  [/\bwho am i\b|\bmy name\b|\bwhose token\b/i, ({ person }) => introduce(person)],
  [/\bwhat (?:can you do|do you know)\b|^\s*help\b/i, () => MENU],
  [/\bhostile\b|\bxss\b/i, () => HOSTILE],
  [/\blong\b|\bessay\b|\bstory\b|\bdetailed report\b/i, ({ text }) => longText(subjectOf(text))],
  [/\bmarkdown\b|\bshow me everything\b/i, ({ text }) => [STEPS, TABLE, codeIn(text), MATHS].join('\n\n')],
  [/\btable\b|\bcompare\b|\bcomparison\b/i, () => TABLE],
  [/\bmath|\bequation|\bformula|\bintegral|\bproof\b|\bpythagoras\b/i, () => MATHS],
  [
    /\bcode\b|\bfunction\b|\bprogram\b|\bscript\b|\bquery\b|\bpython\b|\btypescript\b|\bsql\b|\bbash\b|\brust\b/i,
    ({ text }) => codeIn(text),
  ],
  [/\blist\b|\bsteps\b|\bhow (?:do|can|to)\b|\bplan\b/i, () => STEPS],
  [
    /^\s*(?:hi|hello|hey|good (?:morning|evening)|thanks|thank you)\b/i,
    ({ person }) => `Hello ${person.givenName}! What shall we look at?`,
  ],
];

const MENU = `I know a few kinds of answers. Ask for

- a **table**, some **code** (Python, TypeScript, SQL, Bash), **maths** or the **steps** of something
- a **long** text about a subject of your choice
- **hostile HTML**, to see that none of it runs
- \`echo …\` for your own words, \`count to 100\` for something orderly
- **who am I**, to see whose token was used`;

export function replyTo(order: ReplyOrder): string {
  const asked = order.messages.filter((message) => message.role === 'user').map((message) => message.text);
  const text = asked.at(-1) ?? '';
  const title = titleFor(order.messages);
  if (title) return title;
  const question: Question = { ...order, text, previous: asked.at(-2) };
  return [mark(order), answer(question), memory(question)].filter(Boolean).join('\n\n');
}

/** So that nobody takes it for a model, and everybody sees whose token came along. */
function mark({ person, deployment }: ReplyOrder): string {
  return `*Azure emulator · ${deployment} · asked by ${person.displayName}*`;
}

function answer(question: Question): string {
  for (const [asksFor, reply] of TOPICS) {
    const match = question.text.match(asksFor);
    if (match) return reply(question, match);
  }
  return smallTalk(question);
}

function memory({ previous }: Question): string {
  return previous ? `Before that you asked: “${shorten(previous)}”` : '';
}

function introduce(person: Person): string {
  return `You are **${person.displayName}** (${person.userPrincipalName}), object id \`${person.id}\`. I know that from the access token that came with your question.`;
}

function countTo(last: number): string {
  return Array.from({ length: last }, (_, index) => index + 1).join(', ');
}

const OPENINGS = [
  'That is a fair question. A model would think about it; I only pretend to.',
  'Let me put it this way: there are two sides to it, and I have not seen either.',
  'Here is what I would say if I knew anything about it.',
  'Short answer first: it depends. The longer one follows.',
];

const THOUGHTS = [
  'Start with what can be observed, and write it down before you explain it.',
  'Ask who is affected, and how they would notice.',
  'Keep the first step small enough to undo.',
  'Look for the case in which the obvious answer is wrong.',
  'Agree beforehand on what would change your mind.',
  'Leave a note for whoever comes next – quite often that is you.',
];

function smallTalk({ text }: Question): string {
  const [first, second] = createHash('sha256').update(text).digest();
  const thoughts = [0, 1, 2].map((step) => `- ${THOUGHTS[(second! + step) % THOUGHTS.length]}`);
  const opening = OPENINGS[first! % OPENINGS.length];
  return `${opening}\n\nYou asked about **${subjectOf(text)}**:\n\n${thoughts.join('\n')}\n\nAsk *what can you do* to see other kinds of answers.`;
}

/** What is left of a request for something long: "write a long story about bees" is about bees. */
function subjectOf(text: string): string {
  const about = /\b(?:about|on|of)\s+(.+)/is.exec(text)?.[1] ?? text;
  return shorten(about.replace(/[\s?.!]+$/, '').replaceAll(/[*_`#<>[\]]/g, '')) || 'nothing in particular';
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
