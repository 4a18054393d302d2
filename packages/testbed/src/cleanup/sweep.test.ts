import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive, processIdentity } from './sweep';

describe('processIdentity', () => {
  it('tells a process from a later one with the same number', () => {
    const self = processIdentity(process.pid)!;
    expect(isAlive(self)).toBe(true);
    expect(
      isAlive({ ...self, startTime: `${Number(self.startTime) - 1}` }),
    ).toBe(false);
  });

  it('is undefined once a process ended', async () => {
    const child = spawn('sleep', ['60']);
    const identity = processIdentity(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    child.kill();
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    expect(processIdentity(child.pid!)).toBeUndefined();
  });
});
