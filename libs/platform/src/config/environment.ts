/** Configuration comes from the environment alone. Each lib declares its slice; all faults are reported at once. */
import { z } from 'zod';
import { writtenValue } from './written-value.ts';

export interface EnvironmentFault {
  variable: string;
  problem: string;
}

/** A part of the environment: its variables, each with a sentence, and the rules between them. */
export interface EnvironmentSlice<Shape extends z.ZodRawShape = z.ZodRawShape> {
  title: string;
  variables: z.ZodObject<Shape>;
  check?(values: Partial<z.infer<z.ZodObject<Shape>>>): EnvironmentFault[];
}

export const environmentSlice = <Shape extends z.ZodRawShape>(slice: EnvironmentSlice<Shape>) => slice;

export class EnvironmentError extends Error {
  constructor(readonly faults: readonly EnvironmentFault[]) {
    super(
      [
        'The configuration is not usable:',
        ...faults.map(({ variable, problem }) => `  ${variable}: ${problem}`),
      ].join('\n'),
    );
    this.name = 'EnvironmentError';
  }
}

type Source = Readonly<Record<string, string | undefined>>;

/** Reads one slice. */
export function readSlice<Shape extends z.ZodRawShape>(
  slice: EnvironmentSlice<Shape>,
  source: Source,
  faults: EnvironmentFault[],
): z.infer<z.ZodObject<Shape>> {
  const values: Record<string, unknown> = {};
  const faulty = new Set<string>();
  for (const [variable, schema] of Object.entries(slice.variables.shape) as [string, z.ZodType][]) {
    const read = readVariable(variable, schema, source);
    if ('value' in read) values[variable] = read.value;
    else {
      faulty.add(variable);
      faults.push({ variable, problem: read.problem });
    }
  }
  // The rules between variables look only at those that are right on their own, and say nothing of the others.
  const broken = slice.check?.(values as Partial<z.infer<z.ZodObject<Shape>>>) ?? [];
  faults.push(...broken.filter(({ variable }) => !faulty.has(variable)));
  return values as z.infer<z.ZodObject<Shape>>;
}

function readVariable(
  variable: string,
  schema: z.ZodType,
  source: Source,
): { value: unknown } | { problem: string } {
  const written = writtenValue(variable, source);
  if ('problem' in written) return written;
  const result = schema.safeParse(written.value);
  if (result.success) return { value: result.data };
  return {
    problem: written.value === undefined ? missing(schema) : (result.error.issues[0]?.message ?? ''),
  };
}

const missing = (schema: z.ZodType): string => `is not set. ${schema.meta()?.description ?? ''}`.trim();

const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

export const listVariable = z.string().transform(commaList);

export const numberVariable = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `write a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `write a whole number from ${min} to ${max}`);

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/**
 * An origin or address of a service: https, or http for a loopback host only. As browsers and libraries would write it
 * (`HTTPS://Host:443/` is `https://host`), because it is compared; without a trailing slash.
 */
export const serviceUrl = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && isServiceAddress(url)) return url.href.replace(/\/+$/, '');
  context.addIssue('write an address that begins with https:// (http:// only for a loopback host)');
  return z.NEVER;
});

function isServiceAddress({ protocol, hostname, username, password, search, hash }: URL): boolean {
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isSafe && !hostname.includes('*') && !(username + password + search + hash);
}
