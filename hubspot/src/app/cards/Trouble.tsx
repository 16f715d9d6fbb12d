// What went wrong, in plain words, and a way on.

import { Alert, Button, Flex, Text } from '@hubspot/ui-extensions';
import type { Wrong } from './api';
import { TEXTS } from './texts';

export function Trouble({ wrong, onAgain }: { wrong: Wrong; onAgain?: () => void }) {
  return (
    <Alert title={TEXTS.wrongTitle} variant="warning">
      <Flex direction="column" gap="xs" align="start">
        <Text>{wrong.message}</Text>
        {onAgain && (
          <Button size="xs" onClick={onAgain}>
            {TEXTS.again}
          </Button>
        )}
      </Flex>
    </Alert>
  );
}
