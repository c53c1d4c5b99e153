import { GROUPS, PEOPLE, TENANT, type Group, type Person } from './people.ts';

/** Who exists and what they belong to, as it stands now; tests change it and `reset` brings the seeds back. */
export class Directory {
  people: Person[] = structuredClone(PEOPLE);
  private readonly groups = new Map(GROUPS.map((group) => [group.id, group]));
  private readonly revokedAt = new Map<string, number>();

  /** By alias, object id, user principal name or mail. */
  find(reference: string | undefined): Person | undefined {
    const wanted = reference?.toLowerCase();
    return this.people.find((person) => namesOf(person).includes(wanted ?? ''));
  }

  isPerson(person: Person | undefined, reference: string | undefined): boolean {
    return !reference || (person !== undefined && this.find(reference) === person);
  }

  /** An id that nobody has seeded is a group of its own. */
  groupId(idOrName: string): string {
    const named = [...this.groups.values()].find((group) => group.displayName === idOrName);
    return named?.id ?? idOrName;
  }

  directGroups(person: Person): Group[] {
    return person.groups.map((id) => this.groups.get(id) ?? unknownGroup(id));
  }

  allGroups(person: Person): Group[] {
    const found = new Set<Group>();
    const visit = (group: Group) => {
      if (found.has(group)) return;
      found.add(group);
      group.memberOf.forEach((id) => visit(this.groups.get(id) ?? unknownGroup(id)));
    };
    this.directGroups(person).forEach(visit);
    return [...found];
  }

  /** Entra's "revoke sign-in sessions": what was granted before this moment is void. */
  revokeGrants(person: Person): void {
    this.revokedAt.set(person.id, Date.now());
  }

  isRevoked(person: Person, grantedAt: number): boolean {
    return grantedAt <= (this.revokedAt.get(person.id) ?? 0);
  }

  reset(): void {
    this.people = structuredClone(PEOPLE);
  }
}

export function isOurTenant(name: string): boolean {
  return [TENANT.id, ...TENANT.domains].includes(name.toLowerCase());
}

function namesOf(person: Person): string[] {
  return [person.alias, person.id, person.userPrincipalName, person.mail].map((name) => name.toLowerCase());
}

function unknownGroup(id: string): Group {
  return { id, displayName: `Group ${id}`, description: '', memberOf: [] };
}
