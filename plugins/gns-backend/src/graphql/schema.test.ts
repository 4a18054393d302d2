import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, findBreakingChanges, isObjectType } from 'graphql';
import { schemaText } from './createGraphqlRouter';
import { createSchema } from './createSchema';

const FILE = resolve(__dirname, '../../schema.graphql');

describe('the schema', () => {
  it('is the one of schema.graphql: write it with UPDATE_SCHEMA=1', () => {
    if (process.env.UPDATE_SCHEMA === '1') writeFileSync(FILE, schemaText());
    const written = readFileSync(FILE, 'utf8');
    expect(findBreakingChanges(buildSchema(written), createSchema())).toEqual(
      [],
    );
    expect(schemaText()).toBe(written);
  });

  it('has coverage beside whatever is merged of clusters', () => {
    const schema = createSchema();
    for (const [type, field] of [
      ['GlobalNamespace', 'coverage'],
      ['Topology', 'coverage'],
      ['TrafficSeries', 'coverage'],
      ['ServiceTraffic', 'coverage'],
      ['Slo', 'coverage'],
      ['Slo', 'clusters'],
    ]) {
      const found = schema.getType(type);
      expect(isObjectType(found) && Object.keys(found.getFields())).toContain(
        field,
      );
    }
  });

  it('lets every figure be unknown', () => {
    const figures = createSchema().getType('TrafficFigures');
    if (!isObjectType(figures)) throw new Error('No figures');
    const certain = Object.values(figures.getFields())
      .filter(f => String(f.type) === 'Float!')
      .map(f => f.name);
    expect(certain).toEqual(['known']);
  });
});
