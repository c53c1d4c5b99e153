import { Controller, Get } from '@nestjs/common';
import { type GraphProfileAnswer, graphProfileSchema } from '#contracts';
import { Returns, SignedIn } from '#platform';
import type { LiveSession } from '../access/authenticator.ts';
import { CurrentSession } from '../access/current-session.ts';
import { GraphProfiles } from './graph-profiles.ts';

@Controller('api/graph')
export class GraphProfileController {
  constructor(private readonly profiles: GraphProfiles) {}

  @Get('me')
  @SignedIn()
  @Returns(graphProfileSchema)
  me(@CurrentSession() { user }: LiveSession): Promise<GraphProfileAnswer> {
    return this.profiles.of(user.id);
  }
}
