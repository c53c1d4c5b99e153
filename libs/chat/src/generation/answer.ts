/** The text of an answer with the places where its deltas end: enough to send every delta once more, exactly. */
import type { GenerationDelta } from '#contracts';
import type { StreamEvent } from '../streaming/stream-event.ts';

export interface Answer {
  text: string;
  /** Length of the text at the end of each delta; delta number n is the one that ends at index n - 1. */
  deltaEnds: readonly number[];
}

/** An answer that grows. */
export class GrowingAnswer implements Answer {
  text = '';
  readonly deltaEnds: number[] = [];

  /** Returns the number of the delta. */
  append(text: string): number {
    this.text += text;
    return this.deltaEnds.push(this.text.length);
  }

  /** As it is now: what is written to the database must not grow on its way there. */
  snapshot(): Answer {
    return { text: this.text, deltaEnds: [...this.deltaEnds] };
  }
}

export function deltasAfter(generationId: string, answer: Answer, after: number): StreamEvent[] {
  return answer.deltaEnds.slice(after).map((end, index) => {
    const seq = after + index + 1;
    const data: GenerationDelta = {
      generationId,
      seq,
      text: answer.text.slice(answer.deltaEnds[seq - 2] ?? 0, end),
    };
    return { name: 'generation:delta', data };
  });
}

/** The answer that these events, from the first on, have told. */
export function answerOf(events: readonly StreamEvent[]): Answer {
  const answer = new GrowingAnswer();
  for (const { name, data } of events) if (name === 'generation:delta') answer.append(data.text);
  return answer;
}

export const longer = (one: Answer, other: Answer): Answer =>
  one.deltaEnds.length >= other.deltaEnds.length ? one : other;
