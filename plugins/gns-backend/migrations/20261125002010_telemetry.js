// @ts-check

/**
 * Traffic and what SLOs are made of, packed. Times are Unix seconds, the time
 * of receipt Unix milliseconds. Rows of a cluster or global namespace that is
 * gone stay until their retention ends: so nothing here refers to other tables.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_telemetry_sources', table => {
    table.comment('Where telemetry comes from: one row per cluster');
    table.string('cluster_id', 128).primary();
    table.string('istio_cluster_id', 253);
    table.integer('slice_seconds');
    table.bigInteger('first_start').comment('Start of the first slice');
    table.bigInteger('last_received_at').comment('Milliseconds');
    table.bigInteger('clock_skew_ms');
    table.integer('edges').comment('Rows of the newest slice');
    table.bigInteger('refused').notNullable().defaultTo(0);
    table.text('last_refusal');
  });

  await knex.schema.createTable('gns_telemetry_slices', table => {
    table.comment('What is known of each cluster and slice');
    table.string('cluster_id', 128).notNullable();
    table.integer('step').notNullable().comment('60: also of 5 minutes; 900');
    table.bigInteger('start').notNullable();
    table.integer('seconds').notNullable();
    table.integer('revision').notNullable();
    table.string('state', 7).notNullable();
    table.integer('known').notNullable().comment('Seconds that are known');
    table.string('reason', 20);
    table.text('message');
    table.integer('final').notNullable().defaultTo(0);
    table.primary(['cluster_id', 'step', 'start']);
    table.index(['step', 'start']);
  });

  await knex.schema.createTable('gns_traffic', table => {
    table.comment('Edges and increments of one global namespace in one slice');
    table.string('gns', 63).notNullable();
    table.string('cluster_id', 128).notNullable();
    table.integer('step').notNullable();
    table.bigInteger('start').notNullable();
    table.integer('seconds').notNullable();
    table
      .integer('revision')
      .notNullable()
      .comment('0: rolled up here from minutes');
    table.integer('known').notNullable().comment('Seconds that are known');
    table
      .text('unscraped')
      .notNullable()
      .defaultTo('[]')
      .comment('Member namespaces whose proxies nobody scraped');
    table.binary('edges').comment('Null: none, or past its retention');
    table.integer('edges_bytes').notNullable().defaultTo(0);
    table.binary('increments').comment('Null: none, or compacted');
    table.integer('increments_bytes').notNullable().defaultTo(0);
    table
      .integer('compacted')
      .notNullable()
      .defaultTo(0)
      .comment('1: its increments stand in gns_increments');
    table
      .integer('rolled')
      .notNullable()
      .defaultTo(0)
      .comment('1: its edges stand in the quarter of an hour');
    table.bigInteger('received_at').notNullable();
    table.primary(['gns', 'cluster_id', 'step', 'start']);
    table.index(['compacted', 'start']);
    table.index(['rolled', 'start']);
    table.index(['received_at']);
    table.index(['step', 'start']);
  });

  await knex.schema.createTable('gns_increments', table => {
    table.comment(
      'Increments of one service and cluster: minutes of an hour, quarters of a UTC day, or days of a month',
    );
    table.string('gns', 63).notNullable();
    table
      .string('service', 63)
      .notNullable()
      .comment('Empty: which seconds are known');
    table.string('cluster_id', 128).notNullable();
    table.integer('step').notNullable();
    table
      .bigInteger('start')
      .notNullable()
      .comment('Of the hour, day or month');
    table.binary('cells').notNullable();
    table.integer('bytes').notNullable();
    table.primary(['gns', 'service', 'cluster_id', 'step', 'start']);
    table.index(['step', 'start']);
  });

  await knex.schema.createTable('gns_telemetry_members', table => {
    table.comment('Which clusters were expected to report, and when');
    table.string('gns', 63).notNullable();
    table.string('cluster_id', 128).notNullable();
    table.bigInteger('since').notNullable();
    table.bigInteger('until').comment('Null: still');
    table.string('cluster_name', 253).notNullable();
    table.primary(['gns', 'cluster_id', 'since']);
  });

  await knex.schema.createTable('gns_edges_seen', table => {
    table.comment('Edges that once had traffic, and when last');
    table.string('gns', 63).notNullable();
    table.string('cluster_id', 128).notNullable();
    table.binary('seen').notNullable();
    table.bigInteger('version').notNullable();
    table.primary(['gns', 'cluster_id']);
  });

  await knex.schema.createTable('gns_resources', table => {
    table.comment('CPU and memory of nodes and workloads');
    table.string('cluster_id', 128).notNullable();
    table.bigInteger('at').notNullable();
    table.string('state', 7).notNullable();
    table.text('reason');
    table.binary('resources');
    table.integer('bytes').notNullable().defaultTo(0);
    table.primary(['cluster_id', 'at']);
    table.index(['at']);
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  for (const table of [
    'gns_resources',
    'gns_edges_seen',
    'gns_telemetry_members',
    'gns_increments',
    'gns_traffic',
    'gns_telemetry_slices',
    'gns_telemetry_sources',
  ]) {
    await knex.schema.dropTable(table);
  }
};
