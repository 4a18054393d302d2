import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import { validate } from 'jsonschema';
import { parse } from 'yaml';
import { createActions } from '../actions';
import type { Timing } from '../onboarding/waitFor';
import type { FakeHub } from './FakeHub';

/** Time that passes only by sleeping. */
export function fakeTiming(): Timing {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

/** Runs one action with an input; answers its outputs and its log. */
export async function run(
  hub: FakeHub,
  id: string,
  input: JsonObject,
  context: Partial<ActionContext<JsonObject>> = {},
) {
  const action = createActions({
    hubFor: () => hub,
    timing: fakeTiming(),
  }).find(a => a.id === id);
  if (!action) throw new Error(`No action ${id}`);
  // As the scaffolder does before it calls an action.
  const checked = validate(input, action.schema?.input ?? {});
  if (!checked.valid) throw new Error(checked.errors.join(', '));
  const outputs: Record<string, unknown> = {};
  const log: string[] = [];
  const base = createMockActionContext<JsonObject>({
    input,
    workspacePath: '/none',
    ...context,
  });
  const record = (message: string) => log.push(message);
  const logger = Object.assign(Object.create(base.logger), {
    info: record,
    warn: record,
  });
  await action.handler({
    ...base,
    ...context,
    logger,
    checkpoint: context.checkpoint ?? base.checkpoint,
    output: (name: string, value: unknown) => {
      outputs[name] = value;
    },
  } as never);
  return { outputs, log };
}

/** The steps of an example of the documentation. */
export function stepsOf(example: string): {
  id: string;
  action: string;
  input: JsonObject;
}[] {
  return parse(example).steps;
}
