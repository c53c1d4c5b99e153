import { Controller, Get, Param } from '@nestjs/common';
import { idParamSchema, type RolesSeen, rolesSeenSchema } from '#contracts';
import { Access, Returns } from '#platform';
import { ReadsPerson } from './reads-person.ts';
import { RoleSimulation } from './role-simulation.ts';

/** The groups and app roles that Entra named for somebody last, and which rules fire for them now. */
@Controller('api/admin/users/:id/roles')
export class PersonRolesController {
  constructor(private readonly simulation: RoleSimulation) {}

  @Get()
  @Access('users.read')
  @ReadsPerson('roles')
  @Returns(rolesSeenSchema)
  read(@Param({ schema: idParamSchema }) { id }: { id: string }): Promise<RolesSeen> {
    return this.simulation.ofPerson(id);
  }
}
