import type { ErrorCode } from '#contracts';
import { AppError } from '#platform';
import type { User } from '../users/user.entity.ts';
import type { PersonFromEntra } from '../users/users.ts';

/** Entra vouches for this person, and we do not let them in. */
export class SignInRefused extends AppError {
  constructor(
    code: ErrorCode,
    readonly person: PersonFromEntra,
    readonly known: User | null,
  ) {
    super(code);
  }
}
