import { describe, expect, it } from 'vitest';
import { untilAborted } from './until-aborted.ts';

async function* told(pieces: readonly string[], isDeafAfterwards = false) {
  yield* pieces;
  if (isDeafAfterwards) await new Promise<never>(() => undefined);
}

async function read(source: AsyncIterable<string>, onPiece: (piece: string) => void): Promise<void> {
  for await (const piece of source) onPiece(piece);
}

describe('pieces until an abort', () => {
  it('are those of the source, to its end', async () => {
    const heard: string[] = [];
    await read(untilAborted(told(['a', 'b']), new AbortController().signal), (piece) => heard.push(piece));
    expect(heard).toEqual(['a', 'b']);
  });

  it('F15: end with the reason although the source never says anything again', async () => {
    const abortion = new AbortController();
    const reading = read(untilAborted(told(['a'], true), abortion.signal), () =>
      setImmediate(() => abortion.abort(new Error('stop'))),
    );
    await expect(reading).rejects.toThrow('stop');
  });

  it('are none once it was aborted', async () => {
    const heard: string[] = [];
    const source = untilAborted(told(['a']), AbortSignal.abort(new Error('stop')));
    await expect(read(source, (piece) => heard.push(piece))).rejects.toThrow('stop');
    expect(heard).toEqual([]);
  });

  it('fail as the source fails', async () => {
    const failing = (async function* () {
      yield 'a';
      throw new Error('cut');
    })();
    await expect(read(untilAborted(failing, new AbortController().signal), () => undefined)).rejects.toThrow(
      'cut',
    );
  });

  it('let go of the source when nobody reads on', async () => {
    let isLetGo = false;
    const source = (async function* () {
      try {
        yield* ['a', 'b'];
      } finally {
        isLetGo = true;
      }
    })();
    const pieces = untilAborted(source, new AbortController().signal);
    await pieces.next();
    await pieces.return(undefined);
    await expect.poll(() => isLetGo).toBe(true);
  });
});
