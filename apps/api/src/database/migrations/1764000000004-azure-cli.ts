import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credentials of the Azure CLI beside those of MSAL. */
export class AzureCli1764000000004 implements MigrationInterface {
  name = 'AzureCli1764000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE token_caches DROP CONSTRAINT token_caches_client_check;
      ALTER TABLE token_caches ADD CONSTRAINT token_caches_client_check
        CHECK (client IN ('confidential', 'public', 'azure_cli'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM token_caches WHERE client = 'azure_cli';
      ALTER TABLE token_caches DROP CONSTRAINT token_caches_client_check;
      ALTER TABLE token_caches ADD CONSTRAINT token_caches_client_check CHECK (client IN ('confidential', 'public'));
    `);
  }
}
