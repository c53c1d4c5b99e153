'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#contracts';
import { ConfirmDialog } from '../../../../components/confirm-dialog.tsx';
import { Fact, Facts, Panel } from '../../../../components/panel.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { When } from '../../../../components/when.tsx';
import { useMay } from '../../../../lib/session.ts';
import { TokenBadge } from '../../../account/components/token-badge.tsx';
import { wipeAzureToken } from '../api/wipe-azure-token.ts';
import { tokenMeanings } from '../describe-person.ts';
import { usePersonAct } from '../use-person-act.ts';

export function AzurePanel({ person }: { person: PersonDetail }) {
  const mayWipe = useMay('users.manage') && person.azureToken.status !== 'none';
  const [isAsking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  const wipe = usePersonAct(person.id, {
    act: () => wipeAzureToken(person.id),
    done: () => 'The Azure tokens are wiped.',
    onClose: close,
  });
  const { status, expiresAt, lastRefreshedAt } = person.azureToken;
  return (
    <Panel
      title="Access to Azure"
      about="Their own tokens, sealed on the server. Nobody can read them here."
      actions={
        mayWipe && (
          <Button
            variant="outline"
            size="sm"
            onClick={() => {
              wipe.reset();
              setAsking(true);
            }}
          >
            <KeyRound /> Wipe tokens
          </Button>
        )
      }
    >
      <Facts>
        <Fact name="State">
          <TokenBadge status={status} />
          <p className="mt-1 text-muted-foreground">{tokenMeanings[status]}</p>
        </Fact>
        <Fact name="Valid until">
          <When time={expiresAt} never="Not known" />
        </Fact>
        <Fact name="Last renewed">
          <When time={lastRefreshedAt} never="Not yet" />
        </Fact>
      </Facts>
      {isAsking && (
        <ConfirmDialog
          title={`Wipe the Azure tokens of ${person.displayName}?`}
          action="Wipe tokens"
          doing="Wiping…"
          tone="destructive"
          act={wipe}
          onClose={close}
        >
          <p>
            They stay signed in here, but Azure OpenAI answers them only after they have signed in at
            Microsoft again.
          </p>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
