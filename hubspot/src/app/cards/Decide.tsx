// Who may decide answers here: yes, yes up to a limit, no because, or a question to the rep.

import {
  Accordion,
  DateInput,
  Flex,
  Input,
  LoadingButton,
  Select,
  TextArea,
  type DateInputEventsPayload,
} from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Api } from './api';
import { day } from './moments';
import type { Answer, Decision, Question } from './shapes';
import { TEXTS } from './texts';
import { Trouble } from './Trouble';
import { useSending } from './useSending';

const ANSWERS: { value: Answer; label: string }[] = [
  { value: 'yes', label: TEXTS.yes },
  { value: 'yes-up-to', label: TEXTS.yesUpTo },
  { value: 'no', label: TEXTS.no },
  { value: 'question', label: TEXTS.question },
];

interface DecideProps {
  api: Api;
  questions: Question[];
  onSent: (message: string) => void;
}

export function Decide({ api, questions, onSent }: DecideProps) {
  const [answer, setAnswer] = useState<Answer>('yes');
  const [limit, setLimit] = useState('');
  const [note, setNote] = useState('');
  const [until, setUntil] = useState<DateInputEventsPayload>();
  const [shown, setShown] = useState(false);
  const { busy, wrong, send } = useSending();
  const limited = questions.find((one) => one.limit_on !== null)?.limit_on ?? '';
  const answers = ANSWERS.filter((one) => one.value !== 'yes-up-to' || limited);
  const missing = lacking(answer, limit, note);
  const yes = answer === 'yes' || answer === 'yes-up-to';
  const decide = () => {
    setShown(true);
    if (missing.limit || missing.note) return;
    const decision: Decision = {
      answer,
      limit: answer === 'yes-up-to' ? limit.trim() : undefined,
      note: note.trim(),
      until: yes && until ? day(until) : undefined,
    };
    void send(() => api.decide(decision), onSent);
  };
  return (
    <Accordion title={TEXTS.decide([...new Set(questions.map((one) => one.role))].join(', '))} size="xs" defaultOpen>
      <Flex direction="column" gap="sm">
        <Select
          name="answer"
          label={TEXTS.answer}
          options={answers}
          value={answer}
          onChange={(value) => setAnswer(value as Answer)}
        />
        {answer === 'yes-up-to' && (
          <Input
            name="limit"
            label={TEXTS.limit(limited)}
            description={TEXTS.limitHint}
            value={limit}
            onInput={setLimit}
            error={shown && Boolean(missing.limit)}
            validationMessage={shown ? missing.limit : undefined}
          />
        )}
        <TextArea
          name="note"
          label={answer === 'question' ? TEXTS.whatQuestion : TEXTS.why}
          description={answer === 'no' ? TEXTS.whyNo : undefined}
          value={note}
          onInput={setNote}
          error={shown && Boolean(missing.note)}
          validationMessage={shown ? missing.note : undefined}
        />
        {yes && <DateInput name="until" label={TEXTS.until} value={until} onChange={setUntil} />}
        <LoadingButton variant="primary" size="sm" loading={busy} onClick={decide}>
          {TEXTS.decideSend}
        </LoadingButton>
        {wrong && <Trouble wrong={wrong} />}
      </Flex>
    </Accordion>
  );
}

/** What an answer lacks: a limit needs its value, a no and a question need words. */
function lacking(answer: Answer, limit: string, note: string): { limit?: string; note?: string } {
  const worded = note.trim() !== '';
  return {
    limit: answer === 'yes-up-to' && !limit.trim() ? TEXTS.limitMissing : undefined,
    note: worded ? undefined : { no: TEXTS.whyMissing, question: TEXTS.questionMissing, yes: undefined, 'yes-up-to': undefined }[answer],
  };
}
