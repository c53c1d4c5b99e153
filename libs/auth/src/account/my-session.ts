import type { MySession } from '#contracts';
import { describeDevice } from '../sessions/device.ts';
import type { Session } from '../sessions/session.entity.ts';

/** `firstSeen`: for each browser (hash in hex), when the person first signed in with it. */
export const toMySession = (
  session: Session,
  currentId: string,
  firstSeen: ReadonlyMap<string, Date>,
): MySession => ({
  id: session.id,
  method: session.method,
  device: describeDevice(session),
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  firstAddress: session.firstAddress,
  lastAddress: session.lastAddress,
  isCurrent: session.id === currentId,
  isNewDevice:
    firstSeen.size > 1 &&
    firstSeen.get(session.browserHash.toString('hex'))?.getTime() === session.createdAt.getTime(),
});
