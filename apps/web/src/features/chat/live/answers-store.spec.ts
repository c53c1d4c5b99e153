import { expect, it } from 'vitest';
import { createAnswersStore } from './answers-store.ts';

function setUp() {
  const asked: number[] = [];
  const frames: (() => void)[] = [];
  const store = createAnswersStore(
    (answer) => asked.push(answer.resumeAfter ?? -1),
    (notify) => frames.push(notify),
  );
  const delta = (seq: number) => store.dispatch({ type: 'delta', generationId: 'g', seq, text: `${seq} ` });
  store.dispatch({ type: 'started', generationId: 'g', messageId: 'm' });
  return { store, asked, frames, delta };
}

it('tells its listeners once for all deltas of a frame', () => {
  const { store, frames, delta } = setUp();
  let told = 0;
  store.subscribe(() => (told += 1));
  for (const seq of [1, 2, 3]) delta(seq);
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(told).toBe(1);
  delta(4);
  expect(frames).toHaveLength(2);
});

it('asks once for a gap, however much comes after it', () => {
  const { asked, delta } = setUp();
  for (const seq of [1, 3, 4, 5]) delta(seq);
  expect(asked).toEqual([1]);
  for (const seq of [2, 8, 9]) delta(seq);
  expect(asked).toEqual([1, 5]);
});

it('finds an answer by its message until it is finished', () => {
  const { store, delta } = setUp();
  delta(1);
  expect(store.ofMessage('m')?.text).toBe('1 ');
  store.dispatch({ type: 'finished', generationId: 'g' });
  expect(store.ofMessage('m')).toBeNull();
  expect(store.running()).toEqual([]);
});
