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
import { AppError, Public, Returns, toAppError } from '#platform';
import { DeviceCodeFlow } from './device-code.flow.ts';
import { MethodOffered } from './method-offered.guard.ts';
import { SessionAnswers } from './session-answers.ts';
import { SignIn } from './sign-in.ts';
import { SignInCookies } from './sign-in-cookies.ts';

interface AttemptParam {
  attemptId: string;
}

@Controller('api/auth/device')
@UseGuards(MethodOffered('device_code'))
export class DeviceController {
  constructor(
    private readonly flow: DeviceCodeFlow,
    private readonly entrance: SignIn,
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
    if (body.method !== 'device_code') throw new AppError('not_found');
    return this.flow.begin(this.cookies.requireBrowser(request, reply), body.remember);
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
    return this.flow.status(this.cookies.browser(request), attemptId);
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
    try {
      const signedIn = await this.flow.complete(
        this.cookies.browser(request),
        attemptId,
        this.cookies.sessionToken(request),
      );
      this.cookies.setSession(reply, signedIn.token, signedIn.session);
      return await this.answers.forCredential({ ...this.cookies.credential(request), token: signedIn.token });
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'sign_in_pending' && failure.code !== 'not_found')
        await this.entrance.recordFailure('device_code', failure, attemptId);
      throw failure;
    }
  }

  @Delete(':attemptId')
  @HttpCode(204)
  @Public()
  cancel(
    @Param({ schema: attemptParamSchema }) { attemptId }: AttemptParam,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.flow.cancel(this.cookies.browser(request), attemptId);
  }
}
