import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { EditableField, Role } from '#contracts';

/** A person, known by tenant and object id. E-mail and names are there to be read; nothing is decided on them. */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'object_id', type: 'uuid' })
  objectId!: string;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ name: 'display_name', type: 'text' })
  displayName!: string;

  @Column({ name: 'first_name', type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'text', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', nullable: true })
  department!: string | null;

  @Column({ name: 'job_title', type: 'text', nullable: true })
  jobTitle!: string | null;

  /** Written here: what Entra says of them does not count until they are given back. */
  @Column({ name: 'edited_fields', type: 'text', array: true })
  editedFields!: EditableField[];

  @Column({ name: 'is_active', type: 'boolean' })
  isActive!: boolean;

  @Column({ name: 'roles_from_entra', type: 'text', array: true })
  rolesFromEntra!: Role[];

  /** `rolesFromEntra` is DEFAULT_ROLE, because Entra names none. */
  @Column({ name: 'roles_by_default', type: 'boolean' })
  rolesByDefault!: boolean;

  @Column({ name: 'granted_roles', type: 'text', array: true })
  grantedRoles!: Role[];

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'last_sign_in_at', type: 'timestamptz', nullable: true })
  lastSignInAt!: Date | null;
}
