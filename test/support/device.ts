/** The steps of a device sign-in, as the page and a person take them. */
import { expect } from 'vitest';
import type { DeviceAttempt, DeviceStatus, Problem, SessionAnswer } from '#contracts';
import type { Stack } from './stack.ts';
import type { Visitor } from './visitor.ts';

export const attemptPath = ({ attemptId }: DeviceAttempt): string => `/api/auth/device/${attemptId}`;

export const statusOf = async (visitor: Visitor, attempt: DeviceAttempt): Promise<DeviceStatus> =>
  (await visitor.get<DeviceStatus>(attemptPath(attempt))).body;

export async function untilStatus(
  visitor: Visitor,
  attempt: DeviceAttempt,
  wanted: DeviceStatus['status'],
): Promise<void> {
  const asked = () => statusOf(visitor, attempt);
  await expect.poll(asked, { timeout: 20_000, interval: 50 }).toMatchObject({ status: wanted });
}

export const complete = (visitor: Visitor, attempt: DeviceAttempt) =>
  visitor.post<SessionAnswer & Problem>(`${attemptPath(attempt)}/complete`);

export async function beginDevice(stack: Stack, body: object = {}) {
  const visitor = stack.visitor();
  return { visitor, attempt: await visitor.beginDevice(body) };
}

export async function approvedDevice(stack: Stack, person = 'uma') {
  const begun = await beginDevice(stack);
  await stack.azure.answerDeviceCode(begun.attempt.userCode, person);
  await untilStatus(begun.visitor, begun.attempt, 'approved');
  return begun;
}
