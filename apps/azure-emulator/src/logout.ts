import { issuerOf } from './addresses.ts';
import type { Routes } from './cloud.ts';
import { endSession, readSession } from './entra/browser-session.ts';
import { ownTenant } from './entra/tenant.ts';
import { sendPage } from './pages/layout.ts';
import { signedOutPage } from './pages/signed-out.ts';

/** Signs the browser out and tells every app of it in a hidden frame: OpenID Connect front-channel logout. */
export const logout: Routes = (app, { cloud, addresses }) => {
  app.get('/:tenant/oauth2/v2.0/logout', { preHandler: ownTenant }, async (request, reply) => {
    const { post_logout_redirect_uri: asked } = request.query as Record<string, string | undefined>;
    const session = await readSession(cloud, request);
    const registrations = cloud.registrations();
    const frames = registrations.flatMap(({ logoutUrl }) => {
      if (!logoutUrl || !session) return [];
      const url = new URL(logoutUrl);
      url.searchParams.set('iss', issuerOf(addresses));
      url.searchParams.set('sid', session.sessionId);
      return url.href;
    });
    const isRegistered = registrations.some(({ redirectUris }) => redirectUris.includes(asked ?? ''));
    Object.assign(request.call, { person: session?.person.alias, personId: session?.person.id });
    endSession(reply);
    return sendPage(reply, signedOutPage(frames, isRegistered ? asked : undefined));
  });
};
