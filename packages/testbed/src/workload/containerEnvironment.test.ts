import { resolveEnvironment } from './containerEnvironment';

describe('resolveEnvironment', () => {
  it('takes the last of two entries with the same name', () => {
    expect(
      resolveEnvironment(
        [
          { name: 'CA_ADDR', value: 'istiod:15012' },
          { name: 'OTHER', value: '1' },
          { name: 'CA_ADDR', value: 'controller:15012' },
        ],
        {},
      ),
    ).toEqual({ CA_ADDR: 'controller:15012', OTHER: '1' });
  });

  it('resolves references to fields, and takes a missing value for empty', () => {
    expect(
      resolveEnvironment(
        [
          {
            name: 'POD_NAME',
            valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
          },
          { name: 'EMPTY' },
        ],
        { 'metadata.name': 'web-1' },
      ),
    ).toEqual({ POD_NAME: 'web-1', EMPTY: '' });
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
        { 'metadata.name': 'web-1' },
      ),
    ).toThrow(/env UID: .*metadata\.uid; known: metadata\.name/);
  });
});
