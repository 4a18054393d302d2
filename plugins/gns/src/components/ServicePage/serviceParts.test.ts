import { shopStatus } from '../../../dev/fixtures';
import { addressesOf, callersByCluster, conditionsOf } from './serviceParts';

const [service] = shopStatus.globalServices;

describe('addressesOf', () => {
  it('names what to type, for each port', () => {
    const port = { name: 'x', protocol: 'TCP' };
    expect(
      addressesOf({
        ...service,
        host: 'cart.shop.gns.example',
        ports: [
          { ...port, number: 80, protocol: 'HTTP' },
          { ...port, number: 5432 },
        ],
      }),
    ).toEqual(['http://cart.shop.gns.example/', 'cart.shop.gns.example:5432']);
    expect(addressesOf({ ...service, ports: [] })).toEqual([service.host]);
  });
});

describe('callersByCluster', () => {
  it('gathers namespaces of a cluster', () => {
    expect(
      callersByCluster({ ...service, callers: ['b/y', 'a/z', 'b/x'] }),
    ).toEqual([
      { cluster: 'a', namespaces: ['z'] },
      { cluster: 'b', namespaces: ['x', 'y'] },
    ]);
  });
});

describe('conditionsOf', () => {
  it('takes those of the service and of the clusters in which it runs', () => {
    const tills = shopStatus.globalServices.find(one => one.name === 'tills')!;
    expect(conditionsOf(shopStatus, tills).map(one => one.reason)).toEqual([
      'Silent',
    ]);
  });
});
