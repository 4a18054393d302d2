// @ts-check

/**
 * Names compare by bytes on both databases, as in gns_definitions.
 * @param {import('knex').Knex} knex
 */
function wordType(knex) {
  return knex.client.config.client === 'pg' ? 'text collate "C"' : 'text';
}

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const word = wordType(knex);

  await knex.schema.createTable('gns_slo_head', table => {
    table.comment(
      'One row: the newest evaluation that was kept. Whoever keeps one locks it, so that an older one changes nothing',
    );
    table.integer('id').primary();
    table.bigInteger('evaluated_to').notNullable().comment('Unix seconds');
    table
      .bigInteger('definitions_seq')
      .notNullable()
      .comment('The definitions that were judged');
  });
  await knex('gns_slo_head').insert({
    id: 1,
    evaluated_to: 0,
    definitions_seq: 0,
  });

  await knex.schema.createTable('gns_slo_states', table => {
    table.comment('The state of each objective, and since when');
    table.specificType('ref', word).primary();
    table.string('state', 20).notNullable();
    table.bigInteger('since').notNullable().comment('Unix seconds');
  });

  await knex.schema.createTable('gns_slo_alerts', table => {
    table.comment('Alerts that are on');
    table.specificType('ref', word).notNullable();
    table.string('severity', 10).notNullable();
    table.bigInteger('since').notNullable().comment('Unix seconds');
    table
      .bigInteger('burned_at')
      .notNullable()
      .comment('When it burned last, Unix seconds');
    table.text('owner').comment('Who was told; null: nobody');
    table.primary(['ref', 'severity']);
  });

  await knex.schema.createTable('gns_slo_events', table => {
    table.comment('What stands on the time axis beside the definitions');
    table.increments('id');
    table.bigInteger('at').notNullable().comment('Unix seconds');
    table.specificType('gns', word).notNullable();
    table
      .specificType('ref', word)
      .comment('Null: of services, not of one objective');
    table.specificType('service', word).comment('Null: of all services');
    table.text('cluster');
    table.string('kind', 20).notNullable();
    table.string('severity', 10);
    table.text('title').notNullable();
    table.text('actor');
    table.text('url');
    table.index(['gns', 'at'], 'gns_slo_events_at_idx');
  });

  await knex.schema.createTable('gns_slo_outbox', table => {
    table.comment(
      'Notifications that are still to be sent; one per scope, the newest',
    );
    table.text('scope').primary();
    table.text('payload').notNullable().comment('JSON');
    table.integer('attempts').notNullable().defaultTo(0);
    table
      .bigInteger('next_at')
      .notNullable()
      .comment('Not before, Unix milliseconds; also the claim of who sends it');
    table.bigInteger('created_at').notNullable().comment('Unix milliseconds');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of [
    'gns_slo_outbox',
    'gns_slo_events',
    'gns_slo_alerts',
    'gns_slo_states',
    'gns_slo_head',
  ]) {
    await knex.schema.dropTable(table);
  }
};
