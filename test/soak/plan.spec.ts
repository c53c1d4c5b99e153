import { describe, expect, it } from 'vitest';
import { faultKinds, natures, planOf } from './plan.ts';
import { Random } from './random.ts';

describe('the plan of a soak', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planOf(7, 900)).toEqual(planOf(7, 900));
    expect(planOf(7, 900)).not.toEqual(planOf(8, 900));
  });

  it('has not changed since its seeds were told', () => {
    expect(planOf(1, 60).slice(0, 3)).toMatchInlineSnapshot(`
      [
        {
          "at": 3191,
          "draw": 0.9109433433040977,
          "kind": "entra busy",
          "lastsMs": 5163,
        },
        {
          "at": 8692,
          "draw": 0.9458770190831274,
          "kind": "postgres connections ended",
          "lastsMs": 0,
        },
        {
          "at": 12461,
          "draw": 0.9169504877645522,
          "kind": "redis stopped",
          "lastsMs": 1429,
        },
      ]
    `);
  });

  it.each([45, 60, 900])(
    'has every kind in %i seconds, in order, and leaves calm at both ends',
    (seconds) => {
      const plan = planOf(3, seconds);
      expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
      expect(plan).toEqual(plan.toSorted((one, other) => one.at - other.at));
      expect(plan[0]!.at).toBeGreaterThanOrEqual(3_000);
      expect(plan.at(-1)!.at).toBeLessThanOrEqual(seconds * 1000 - 5_000);
      for (const { kind, lastsMs } of plan) {
        const [least, most] = natures[kind].lastsMs;
        expect(lastsMs).toBeGreaterThanOrEqual(least);
        expect(lastsMs).toBeLessThanOrEqual(most);
      }
    },
  );

  it('keeps to the kinds that can be done here', () => {
    expect(new Set(planOf(3, 60, ['api killed', 'redis silent']).map(({ kind }) => kind)).size).toBe(2);
  });
});

describe('draws', () => {
  it('of one name do not depend on those of another', () => {
    const [uma, gustav] = [new Random(1, 'uma'), new Random(1, 'gustav')];
    const alone = new Random(1, 'uma');
    const draws = Array.from({ length: 5 }, () => [uma.next(), gustav.next()]);
    expect(draws.map(([first]) => first)).toEqual(Array.from({ length: 5 }, () => alone.next()));
    expect(draws.map(([, second]) => second)).not.toEqual(draws.map(([first]) => first));
  });

  it('are spread evenly', () => {
    const random = new Random(1, 'many');
    const mean = Array.from({ length: 10_000 }, () => random.next()).reduce((sum, next) => sum + next) / 1e4;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(random.shuffled([1, 2, 3, 4]).toSorted()).toEqual([1, 2, 3, 4]);
    expect(random.weighted({ never: 0, always: 1 })).toBe('always');
  });
});
