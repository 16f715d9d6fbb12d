// One value that a rep thinks of, by its type; kept as people write it: 12%, 48000, 2026-03-16, yes.

import { DateInput, Input, NumberInput, Select } from '@hubspot/ui-extensions';
import { day, plain, type Reader } from './moments';
import type { Changeable } from './shapes';
import { TEXTS } from './texts';

interface ValueProps {
  field: Changeable;
  value: string;
  reader: Reader;
  onChange: (value: string) => void;
}

const YES_NO = [
  { value: 'yes', label: TEXTS.yes },
  { value: 'no', label: TEXTS.no },
];

export function Value({ field, value, reader, onChange }: ValueProps) {
  const label = labelOf(field);
  const shared = { name: field.name, label, description: now(field, reader) };
  switch (field.type) {
    case 'date':
      return <DateInput {...shared} value={dated(value)} onChange={(at) => onChange(at ? day(at) : '')} />;
    case 'money':
    case 'number':
      return <NumberInput {...shared} value={numbered(value)} onChange={(number) => onChange(text(number))} />;
    case 'percent':
      return (
        <NumberInput
          {...shared}
          value={numbered(value)}
          onChange={(number) => onChange(text(number) && `${text(number)}%`)}
        />
      );
    case 'enum':
      return field.options.length > 0 ? (
        <Chosen {...shared} value={value} options={field.options.map(same)} onChange={onChange} />
      ) : (
        <Input {...shared} value={value} onInput={onChange} />
      );
    case 'boolean':
      return <Chosen {...shared} value={value} options={YES_NO} onChange={onChange} />;
    case 'text':
    case 'person':
      return <Input {...shared} value={value} onInput={onChange} />;
    default:
      return unknown(field.type);
  }
}

interface ChosenProps {
  name: string;
  label: string;
  description?: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Chosen({ name, label, description, value, options, onChange }: ChosenProps) {
  const all = [{ value: '', label: TEXTS.choose }, ...options];
  return (
    <Select
      name={name}
      label={label}
      description={description}
      value={value}
      options={all}
      onChange={(one) => onChange(String(one))}
    />
  );
}

function labelOf(field: Changeable): string {
  const label = field.label.charAt(0).toUpperCase() + field.label.slice(1);
  return field.type === 'percent' ? `${label} (%)` : label;
}

/** The value that the deal has now; no description where it has none. */
function now({ type, value }: Changeable, reader: Reader): string | undefined {
  if (value === null || value === '') return undefined;
  return TEXTS.now(typeof value === 'boolean' ? (value ? TEXTS.yes : TEXTS.no) : plain(type, value, reader));
}

function same(option: string): { value: string; label: string } {
  return { value: option, label: option };
}

/** 1.234 would read two ways, 1.2340 does not. */
function text(number: number | undefined | null): string {
  const written = number === undefined || number === null || Number.isNaN(number) ? '' : String(number);
  return /\.\d{3}$/.test(written) ? `${written}0` : written;
}

function numbered(value: string): number | undefined {
  return value === '' ? undefined : Number(value.replace('%', ''));
}

function dated(value: string): { year: number; month: number; date: number } | undefined {
  if (value === '') return undefined;
  const [year = 0, month = 1, date = 1] = value.split('-').map(Number);
  return { year, month: month - 1, date };
}

function unknown(type: never): never {
  throw new Error(String(type));
}
