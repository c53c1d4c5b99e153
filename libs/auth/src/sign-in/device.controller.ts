import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { Throttle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  attemptParamSchema,
  beginDeviceSchema,
  type DeviceAttempt,
  deviceAttemptSchema,
  type DeviceStatus,
  deviceStatusSchema,
  type SessionAnswer,
  sessionAnswerSchema,
} from '#contracts';
import { Public, Returns } from '#platform';
import { DeviceSignIns } from './device-sign-ins.ts';
import { MethodOffered } from './method-offered.guard.ts';
import { SessionAnswers } from './session-answers.ts';
import { SignInCookies } from './sign-in-cookies.ts';

interface AttemptParam {
  attemptId: string;
}

@Controller('api/auth/device')
@UseGuards(MethodOffered('device_code', 'azure_cli'))
export class DeviceController {
  constructor(
    private readonly signIns: DeviceSignIns,
    private readonly answers: SessionAnswers,
    private readonly cookies: SignInCookies,
  ) {}

  @Post()
  @Throttle({ address: { limit: 60, ttl: 60_000 } })
  @Public()
  @Returns(deviceAttemptSchema, { status: 201 })
  begin(
    @Body({ schema: beginDeviceSchema }) body: { method: 'device_code' | 'azure_cli'; remember: boolean },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceAttempt> {
    return this.signIns.begin(body.method, this.cookies.requireBrowser(request, reply), body.remember);
  }

  // A page asks every few seconds; whoever guesses ids asks more often.
  @Get(':attemptId')
  @Throttle({ address: { limit: 600, ttl: 60_000 } })
  @Public()
  @Returns(deviceStatusSchema)
  status(
    @Param({ schema: attemptParamSchema }) { attemptId }: AttemptParam,
    @Req() request: FastifyRequest,
  ): Promise<DeviceStatus> {
    return this.signIns.status(this.cookies.browser(request), attemptId);
  }

  @Post(':attemptId/complete')
  @HttpCode(200)
  @Public()
  @Returns(sessionAnswerSchema)
  async complete(
    @Param({ schema: attemptParamSchema }) { attemptId }: AttemptParam,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionAnswer> {
    const signedIn = await this.signIns.complete(
      this.cookies.browser(request),
      attemptId,
      this.cookies.sessionToken(request),
    );
    this.cookies.setSession(reply, signedIn.token, signedIn.session);
    return this.answers.forCredential({ ...this.cookies.credential(request), token: signedIn.token });
  }

  @Delete(':attemptId')
  @HttpCode(204)
  @Public()
  cancel(
    @Param({ schema: attemptParamSchema }) { attemptId }: AttemptParam,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.signIns.cancel(this.cookies.browser(request), attemptId);
  }
}
