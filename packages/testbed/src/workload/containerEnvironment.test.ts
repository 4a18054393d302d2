import { expand, resolveEnvironment } from './containerEnvironment';

const NOTHING = { fields: {}, limits: {} };

describe('resolveEnvironment', () => {
  it('takes the last of two entries with the same name', () => {
    expect(
      resolveEnvironment(
        [
          { name: 'CA_ADDR', value: 'istiod:15012' },
          { name: 'OTHER', value: '1' },
          { name: 'CA_ADDR', value: 'controller:15012' },
        ],
        NOTHING,
      ),
    ).toEqual({ CA_ADDR: 'controller:15012', OTHER: '1' });
  });

  it('resolves references to fields and limits, and takes a missing value for empty', () => {
    expect(
      resolveEnvironment(
        [
          {
            name: 'POD_NAME',
            valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
          },
          {
            name: 'GOMAXPROCS',
            valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } },
          },
          {
            name: 'GOMEMLIMIT',
            valueFrom: { resourceFieldRef: { resource: 'limits.memory' } },
          },
          { name: 'GREETING', value: 'I am $(POD_NAME) of $(NOBODY)' },
          { name: 'EMPTY' },
        ],
        {
          fields: { 'metadata.name': 'web-1' },
          limits: { cpu: '1500m', memory: '2Ki' },
        },
      ),
    ).toEqual({
      POD_NAME: 'web-1',
      GOMAXPROCS: '2',
      GOMEMLIMIT: '2048',
      GREETING: 'I am web-1 of $(NOBODY)',
      EMPTY: '',
    });
  });

  it('names an entry that refers to an unknown field', () => {
    expect(() =>
      resolveEnvironment(
        [
          {
            name: 'UID',
            valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } },
          },
        ],
        { ...NOTHING, fields: { 'metadata.name': 'web-1' } },
      ),
    ).toThrow(/env UID: .*metadata\.uid; known: metadata\.name/);
  });
});

describe('expand', () => {
  it('leaves names of the prototype alone', () => {
    expect(expand('$(constructor) $(A)', { A: '1' })).toBe('$(constructor) 1');
  });
});
