import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  permissionsOf,
  type RoleMappings,
  roleMappingsSchema,
  type SimulatedRoles,
  simulatedRolesSchema,
  simulateRolesSchema,
} from '#contracts';
import { Access, Returns } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { givenRoles, reasonsOf } from '../users/roles.ts';

/** Which group gives which role, and what somebody in these groups would get. */
@Controller('api/admin/role-mappings')
export class RoleMappingsController {
  constructor(private readonly config: AuthConfig) {}

  @Get()
  @Access('users.read')
  @Returns(roleMappingsSchema)
  read(): RoleMappings {
    const { roleMappings, allowedRoles, defaultRole = null } = this.config;
    return { mappings: [...roleMappings], allowedRoles: [...allowedRoles], defaultRole };
  }

  @Post('simulate')
  @HttpCode(200)
  @Access('users.read')
  @Returns(simulatedRolesSchema)
  simulate(
    @Body({ schema: simulateRolesSchema }) standing: z.output<typeof simulateRolesSchema>,
  ): SimulatedRoles {
    const { roles } = givenRoles(standing, this.config);
    return { roles, permissions: permissionsOf(roles), because: reasonsOf(standing, this.config) };
  }
}
