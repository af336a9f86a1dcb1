/** Says in words what is wrong with a value that a schema refused. */
import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import type { Annotated } from './annotations.js';
import type { Misfit } from './normalise.js';
import type { Shape } from './shape.js';
import { isRecord } from './values.js';
import { quoted } from './visible-text.js';

/** One thing wrong with a request. */
export interface Problem {
  /** Where, as a client would write it: `request.preChatLines.line[0]`. */
  readonly path: string;
  /** The rule, and what came instead. */
  readonly message: string;
  /** The refused value, shortened; absent for secrets and for what is missing. */
  readonly value?: string;
}

/** What the schema was asked about: needed to say where in the document an error is. */
export interface Refused {
  readonly schema: TSchema;
  readonly shape: Shape;
  readonly value: unknown;
  readonly branches: ReadonlyMap<string, number>;
  /** Name of the root, `''` for documents without one. */
  readonly root: string;
}

/** More problems than this are not listed. */
const MAX_PROBLEMS = 10;

/** Problems found before the schema was asked. */
export function problemsOfMisfits(
  misfits: readonly Misfit[],
  refused: Refused,
): readonly Problem[] {
  return misfits.slice(0, MAX_PROBLEMS).map(({ pointer, message }) => ({
    path: pathOf(refused, pointer.split('/').slice(1)),
    message,
  }));
}

/**
 * All problems in one sentence each, for an error's message:
 * `request.maxWaitTime must be at most 86400, got 90000.`
 */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ path, message }) => {
      const subject = path === '' && /^[a-z]/.test(message) ? 'The body' : path;
      return subject === '' ? message : `${subject} ${message}`;
    })
    .map((sentence) => (sentence.endsWith('.') ? sentence : `${sentence}.`))
    .join(' ');
}

/** The problems behind a schema's errors, at most ten, each place once. */
export function problemsOf(
  errors: readonly TLocalizedValidationError[],
  refused: Refused,
): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    if (error.keyword === 'anyOf' || !concerns(error, refused.branches)) continue;
    for (const problem of explain(error, refused)) {
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
    if (problems.size >= MAX_PROBLEMS) break;
  }
  return [...problems.values()];
}

/** Whether an error belongs to the branch of a union that the value chose. */
function concerns(
  error: TLocalizedValidationError,
  branches: ReadonlyMap<string, number>,
): boolean {
  const taken = [...error.schemaPath.matchAll(/\/anyOf\/(\d+)/g)].map((match) => Number(match[1]));
  if (taken.length === 0) return true;
  const pointers = [...branches.keys()].filter(
    (pointer) => error.instancePath === pointer || error.instancePath.startsWith(`${pointer}/`),
  );
  return pointers.every((pointer, depth) => {
    const branch = taken[depth];
    return branch === undefined || branch === branches.get(pointer);
  });
}

function explain(error: TLocalizedValidationError, refused: Refused): readonly Problem[] {
  const steps = error.instancePath.split('/').slice(1);
  const path = pathOf(refused, steps);
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => ({
      path: pathOf(refused, [...steps, name]),
      message: 'is required',
    }));
  }
  const value = steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    refused.value,
  );
  const schema = schemaAt(refused.schema, error.schemaPath);
  const message = rule(error, schema, value);
  const hidden = schema.writeOnly === true || value === undefined || typeof value === 'object';
  return [{ path, message, ...(hidden ? {} : { value: shorten(String(value)) }) }];
}

/** The rule that was broken, and what came instead. */
function rule(error: TLocalizedValidationError, schema: Annotated, value: unknown): string {
  const got = schema.writeOnly ? '' : `, got ${describe(value)}`;
  switch (error.keyword) {
    case 'type':
      return `must be ${kindName(error.params.type)}${got}`;
    case 'const':
      return `must be ${JSON.stringify(error.params.allowedValue)}${got}`;
    case 'enum':
      return `must be one of ${error.params.allowedValues.join(', ')}${got}`;
    case 'maxLength':
      return `must be at most ${error.params.limit} characters, got ${[...String(value)].length}`;
    case 'minLength':
      return `must be at least ${error.params.limit} characters, got ${[...String(value)].length}`;
    case 'minimum':
      return `must be at least ${error.params.limit}${got}`;
    case 'maximum':
      return `must be at most ${error.params.limit}${got}`;
    case 'maxItems':
      return `must have at most ${error.params.limit} members, got ${lengthOf(value)}`;
    case 'minItems':
      return `must have at least ${error.params.limit} members, got ${lengthOf(value)}`;
    case 'pattern':
      return `must be ${schema['x-wire']?.hint ?? `of the form ${error.params.pattern}`}${got}`;
    case 'format':
      return `must be a valid ${error.params.format}${got}`;
    case '~refine':
      return error.params.message;
    default:
      return error.message;
  }
}

function kindName(type: string | readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  };
  const kinds = typeof type === 'string' ? [type] : type;
  return kinds.map((kind) => names[kind] ?? kind).join(' or ');
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? quoted(value) : shorten(String(value));
}

function shorten(value: string): string {
  return quoted(value).slice(1, -1);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** The keywords of the schema that refused: its place ends in the keyword's own part. */
function schemaAt(schema: TSchema, schemaPath: string): Annotated {
  let at: unknown = schema;
  for (const step of schemaPath.split('/').slice(1)) {
    const next: unknown = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
    if (next === undefined) break;
    at = next;
  }
  return isRecord(at) ? at : {};
}

/** A JSON pointer's steps as a client would write them, with the keys of list wrappers. */
function pathOf(refused: Refused, steps: readonly string[]): string {
  let path = refused.root;
  let pointer = '';
  let shape: Shape | undefined = refused.shape;
  for (const step of steps) {
    if (shape?.kind === 'choice') {
      const index = refused.branches.get(pointer);
      shape = [...shape.branches.values()].find((branch) => branch.index === index)?.shape;
    }
    pointer = `${pointer}/${step}`;
    if (shape?.kind === 'list') {
      path += `${shape.item === undefined ? '' : `.${shape.item}`}[${step}]`;
      shape = shape.member;
    } else {
      path += path === '' ? step : `.${step}`;
      shape =
        shape?.kind === 'object'
          ? shape.fields.find((field) => field.name === step)?.shape
          : undefined;
    }
  }
  return path;
}
