import { People1764000000000 } from './1764000000000-people.ts';
import { Audit1764000000001 } from './1764000000001-audit.ts';
import { Chat1764000000002 } from './1764000000002-chat.ts';
import { TokenRefresh1764000000003 } from './1764000000003-token-refresh.ts';
import { AzureCli1764000000004 } from './1764000000004-azure-cli.ts';
import { AuditChain1764000000005 } from './1764000000005-audit-chain.ts';
import { Overview1764000000006 } from './1764000000006-overview.ts';
import { PeopleSorted1764000000007 } from './1764000000007-people-sorted.ts';
import { Whereabouts1764000000008 } from './1764000000008-whereabouts.ts';
import { KnownOfPeople1764000000012 } from './1764000000012-known-of-people.ts';
import { AuditFilters1764000000013 } from './1764000000013-audit-filters.ts';
import { HistorySearch1764000000014 } from './1764000000014-history-search.ts';
import { SealingAlone1764000000015 } from './1764000000015-sealing-alone.ts';

/** In the order in which they run. A migration that has landed is never edited. */
export const migrations = [
  People1764000000000,
  Audit1764000000001,
  Chat1764000000002,
  TokenRefresh1764000000003,
  AzureCli1764000000004,
  AuditChain1764000000005,
  Overview1764000000006,
  PeopleSorted1764000000007,
  Whereabouts1764000000008,
  KnownOfPeople1764000000012,
  AuditFilters1764000000013,
  HistorySearch1764000000014,
  SealingAlone1764000000015,
];
