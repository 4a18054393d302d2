import { NotFoundError } from '@backstage/errors';
import { type GnsApi } from '../src/api';
import { sloDetail, sloListOf, sloPreview, slos } from './sloFixtures';

type Reads = GnsApi['slo'];

/** The objectives of a hub, answered from fixtures. */
export class FakeSlos implements Partial<Reads> {
  items = slos;

  async list({ gns }: { gns?: string } = {}) {
    return sloListOf(
      this.items.filter(item => gns === undefined || item.gns === gns),
    );
  }

  async get({ gns, name }: { gns: string; name: string }) {
    const summary = this.items.find(
      item => item.gns === gns && item.name === name,
    );
    if (!summary) {
      throw new NotFoundError(`There is no objective "${gns}/${name}"`);
    }
    return { ...sloDetail, summary };
  }

  async preview() {
    return sloPreview;
  }
}
