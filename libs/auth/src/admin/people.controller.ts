import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  idParamSchema,
  type Page,
  type PeopleQuery,
  peopleQuerySchema,
  type Person,
  type PersonDetail,
  personDetailSchema,
  personPageSchema,
  type UpdatePerson,
  updatePersonSchema,
} from '#contracts';
import { Access, type Caller, CurrentCaller, RecentSignIn, Returns } from '#platform';
import { People } from './people.ts';
import { PersonChanges } from './person-changes.ts';
import { ReadsPerson } from './reads-person.ts';
import { TokenWipe } from './token-wipe.ts';

const grantsAdmin = (body: unknown): boolean =>
  (body as { isAdmin?: unknown } | null | undefined)?.isAdmin === true;

@Controller('api/admin/users')
export class PeopleController {
  constructor(
    private readonly people: People,
    private readonly changes: PersonChanges,
    private readonly tokens: TokenWipe,
  ) {}

  @Get()
  @Access('users.read')
  @Returns(personPageSchema)
  list(@Query({ schema: peopleQuerySchema }) query: PeopleQuery): Promise<Page<Person>> {
    return this.people.list(query);
  }

  @Get(':id')
  @Access('users.read')
  @ReadsPerson('details')
  @Returns(personDetailSchema)
  get(@Param({ schema: idParamSchema }) { id }: { id: string }): Promise<PersonDetail> {
    return this.people.get(id);
  }

  @Patch(':id')
  @Access('users.manage')
  @RecentSignIn(grantsAdmin)
  @Returns(personDetailSchema)
  async update(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
    @Body({ schema: updatePersonSchema }) update: UpdatePerson,
  ): Promise<PersonDetail> {
    return this.people.describe(await this.changes.update(id, update, userId));
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('users.manage')
  @RecentSignIn()
  @Returns(z.undefined(), { status: 204 })
  remove(
    @CurrentCaller() { userId }: Caller,
    @Param({ schema: idParamSchema }) { id }: { id: string },
  ): Promise<void> {
    return this.changes.remove(id, userId);
  }

  @Delete(':id/azure-token')
  @HttpCode(204)
  @Access('users.manage')
  @Returns(z.undefined(), { status: 204 })
  wipeToken(@Param({ schema: idParamSchema }) { id }: { id: string }): Promise<void> {
    return this.tokens.wipe(id);
  }
}
