// Beside what everybody sees: what Operations reads, what has happened, and when Dealgate last looked.

import { Accordion, Flex, Text } from '@hubspot/ui-extensions';
import { moment, type Reader } from './moments';
import type { Seen } from './shapes';
import { Lines } from './Shown';
import { TEXTS } from './texts';
import { happened, operations } from './told';

export function Beside({ seen, reader }: { seen: Seen; reader: Reader }) {
  const ours = operations(seen);
  const past = happened(seen, reader);
  return (
    <>
      {ours.length > 0 && (
        <Accordion title={TEXTS.operations} size="xs">
          <Flex direction="column" gap="xs">
            {ours.map((part) => (
              <Flex key={part.heading} direction="column" gap="xs">
                <Text format={{ fontWeight: 'bold' }}>{part.heading}</Text>
                <Lines part={part} />
              </Flex>
            ))}
          </Flex>
        </Accordion>
      )}
      {past.lines.length > 0 && (
        <Accordion title={past.heading} size="xs">
          <Lines part={past} />
        </Accordion>
      )}
      <Text variant="microcopy">{TEXTS.checkedAt(moment(seen.checked_at, reader))}</Text>
    </>
  );
}
