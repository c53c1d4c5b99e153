import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import {
  type RoleMappings,
  roleMappingsSchema,
  type SimulatedRoles,
  simulatedRolesSchema,
  simulateRolesSchema,
} from '#contracts';
import { Access, Returns } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import { RoleSimulation } from './role-simulation.ts';

/** Which group gives which role, and what somebody in these groups would get. */
@Controller('api/admin/role-mappings')
export class RoleMappingsController {
  constructor(
    private readonly config: AuthConfig,
    private readonly simulation: RoleSimulation,
  ) {}

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
    return this.simulation.of(standing);
  }
}
