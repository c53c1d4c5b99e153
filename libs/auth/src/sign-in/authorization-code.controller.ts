import { Throttle } from '@nestjs/throttler';
import { Controller, Get, Logger, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type CallbackQuery, callbackQuerySchema, type LoginQuery, loginQuerySchema } from '#contracts';
import { Public, toAppError } from '#platform';
import { isOwnNavigation } from '../access/request-trust.ts';
import { AuthorizationCodeFlow } from './authorization-code.flow.ts';
import { MethodOffered } from './method-offered.guard.ts';
import { safeReturnTo } from './return-to.ts';
import { SignIn } from './sign-in.ts';
import { SignInCookies } from './sign-in-cookies.ts';
import { StepUp } from './step-up.ts';

/** Navigations of the browser, so every outcome is a page of ours and never a problem document. */
@Controller('api/auth')
@UseGuards(MethodOffered('authorization_code'))
export class AuthorizationCodeController {
  private readonly logger = new Logger(AuthorizationCodeController.name);

  constructor(
    private readonly flow: AuthorizationCodeFlow,
    private readonly entrance: SignIn,
    private readonly stepUp: StepUp,
    private readonly cookies: SignInCookies,
  ) {}

  @Get('login')
  @Throttle({ address: { limit: 300, ttl: 60_000 } })
  @Public()
  async login(
    @Query({ schema: loginQuerySchema }) query: LoginQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Entra may ask nothing, so a page of someone else must not be able to sign anybody in (ASVS 5.0, 7.6.2).
    if (!isOwnNavigation(request.headers['sec-fetch-site']))
      return this.go(reply, `/login?${new URLSearchParams({ returnTo: safeReturnTo(query.returnTo) })}`);
    try {
      const reason = query.stepUp ? 'step_up' : query.confirm ? 'confirm' : null;
      const stepUp = reason && (await this.stepUp.begin(this.cookies.credential(request), reason));
      const browser = this.cookies.requireBrowser(request, reply);
      this.go(reply, await this.flow.begin(browser, query, stepUp));
    } catch (error) {
      await this.goToLogin(reply, error);
    }
  }

  @Get('callback')
  @Public()
  async callback(
    @Query({ schema: callbackQuerySchema }) answer: CallbackQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const browser = this.cookies.browser(request);
    try {
      const again = this.cookies.sessionToken(request)
        ? await this.flow.alreadyFinished(browser, answer.state)
        : null;
      if (again) return this.go(reply, again);
      const { signedIn, returnTo } = await this.flow.finish(
        browser,
        answer,
        this.cookies.sessionToken(request),
      );
      this.cookies.setSession(reply, signedIn.token, signedIn.session);
      this.go(reply, returnTo);
    } catch (error) {
      await this.goToLogin(reply, error);
    }
  }

  private go(reply: FastifyReply, url: string): void {
    void reply.header('cache-control', 'no-store').redirect(url, 302);
  }

  private async goToLogin(reply: FastifyReply, thrown: unknown): Promise<void> {
    const error = toAppError(thrown);
    const { code, cause } = error;
    this.logger.warn({ msg: 'a sign-in did not succeed', code, err: cause });
    await this.entrance.recordFailure('authorization_code', error);
    this.go(reply, `/login?error=${code}`);
  }
}
