import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Overview, PersonUsage, Problem, SessionAnswer } from '#contracts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Visitor } from '../support/visitor.ts';

describe('the overview', () => {
  let stack: Stack;
  let adele: Visitor;
  let uma: Visitor;
  let umaId: string;
  beforeAll(async () => {
    stack = await startStack();
    [adele, uma] = [stack.visitor(), stack.visitor()];
    await uma.signIn(stack.azure, 'uma');
    umaId = (await uma.get<SessionAnswer>('/api/auth/session')).body.user.id;
    await stack.visitor().signIn(stack.azure, 'nora');
    await uma.post('/api/chat/message', { message: 'Hello' });
    await adele.signIn(stack.azure, 'adele');
  });
  afterAll(() => stack.stop());

  it('counts what happened today, and has every day of the range', async () => {
    const { status, body } = await adele.get<Overview>('/api/admin/overview?days=7');
    expect(status).toBe(200);
    expect(body.signIns.map(({ day }) => day)).toEqual(body.usage.map(({ day }) => day));
    expect(body.signIns).toHaveLength(7);
    expect(body.signIns.at(-1)).toMatchObject({ succeeded: { authorization_code: 2 }, failed: 1 });
    expect(body).toMatchObject({
      people: { total: 2, active: 2 },
      sessions: { active: 2, people: 2 },
      azureTokens: { fresh: 2, none: 0 },
      failures: [{ action: 'sign_in.failed', code: 'no_role', count: 1 }],
    });
    const today = body.usage.at(-1)!;
    expect(today.requests).toBe(1);
    expect(today.inputTokens).toBeGreaterThan(0);
    expect(body.usageByPerson).toEqual([
      {
        user: { id: umaId, email: 'uma.patel@contoso.com', displayName: 'Uma Patel' },
        tokens: today.inputTokens + today.outputTokens,
      },
    ]);
  });

  it('shows one person’s use by day', async () => {
    const { body } = await adele.get<PersonUsage>(`/api/admin/users/${umaId}/usage?days=2`);
    expect(body.usage).toHaveLength(2);
    expect(body.usage.at(-1)).toMatchObject({ requests: 1 });
    const nobody = await adele.get<Problem>('/api/admin/users/00000000-0000-4000-8000-000000000000/usage');
    expect([nobody.status, nobody.body.code]).toEqual([404, 'not_found']);
  });

  it('is open to who may read people, and to nobody else', async () => {
    const audrey = stack.visitor();
    await audrey.signIn(stack.azure, 'audrey');
    for (const path of ['/api/admin/overview', `/api/admin/users/${umaId}/usage`]) {
      expect((await audrey.get(path)).status).toBe(200);
      expect((await uma.get(path)).status).toBe(403);
      expect((await stack.visitor().get(path)).status).toBe(401);
    }
  });

  it.each(['0', '91', '1.5', 'x', ''])('takes no range of %j days', async (days) => {
    const { status, body } = await adele.get<Problem>(`/api/admin/overview?days=${days}`);
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });
});
