// @ts-check

/**
 * Members, what they reported, what they shall have, and what waits for a
 * person. Times are RFC 3339 text, documents are JSON text, flags are 0 or 1:
 * the same on SQLite and PostgreSQL.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_hub', table => {
    table.comment('One row: the identity and the term of this hub');
    table.integer('id').primary();
    table.text('hub_id').notNullable();
    table.text('signing_key').notNullable().comment('Private JWK, ES256');
    table.bigInteger('term').notNullable().defaultTo(1);
    table
      .bigInteger('revision')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with every delivered change; pollers watch it');
    table.integer('read_only').notNullable().defaultTo(0);
    table.text('read_only_reason');
    table
      .bigInteger('highest_term')
      .notNullable()
      .defaultTo(0)
      .comment('Highest term that a controller showed');
  });

  await knex.schema.createTable('gns_clusters', table => {
    table.comment('Member clusters: identity and the head of delivery');
    table.string('id', 128).primary();
    table.string('name', 63).notNullable().unique();
    table.text('title');
    table.text('labels').notNullable().defaultTo('{}');
    table.string('state', 20).notNullable();
    table.string('cluster_uid', 64).unique();
    table.text('public_key');
    table.text('created_at').notNullable();
    table.integer('paused').notNullable().defaultTo(0);
    table.bigInteger('desired_n').notNullable().defaultTo(0);
    table
      .bigInteger('delta_floor')
      .notNullable()
      .defaultTo(0)
      .comment('Deltas from below this number cannot be made any more');
    table.text('settings');
    table.text('digest');
    table
      .text('served')
      .notNullable()
      .defaultTo('[]')
      .comment('Hosts whose serving this cluster acknowledged');
    table.text('weights').notNullable().defaultTo('[]');
    table.text('last_unauthorized_at');
  });

  await knex.schema.createTable('gns_join_tokens', table => {
    table.string('token_hash', 64).primary();
    table
      .string('cluster_id', 128)
      .notNullable()
      .references('id')
      .inTable('gns_clusters')
      .onDelete('CASCADE');
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable();
    table.text('used_at');
    table.text('replaced_at');
    table.index(['cluster_id']);
  });

  await knex.schema.createTable('gns_observations', table => {
    table.comment('What a cluster last reported about itself');
    table
      .string('cluster_id', 128)
      .primary()
      .references('id')
      .inTable('gns_clusters')
      .onDelete('CASCADE');
    table.bigInteger('sequence').notNullable().defaultTo(0);
    table.text('last_seen_at');
    table.text('last_report_at');
    table.text('started_at');
    table.text('controller_version');
    table.bigInteger('applied_term').notNullable().defaultTo(0);
    table.bigInteger('applied_n').notNullable().defaultTo(0);
    table.text('conditions').notNullable().defaultTo('[]');
    table.text('object_states').notNullable().defaultTo('[]');
    table.text('reachability').notNullable().defaultTo('[]');
    table.text('paused_locally').notNullable().defaultTo('[]');
    table.text('owned');
    table.bigInteger('owned_n');
  });

  await knex.schema.createTable('gns_inventory', table => {
    table.comment('Effective inventory: what composition may act on');
    table
      .string('cluster_id', 128)
      .notNullable()
      .references('id')
      .inTable('gns_clusters')
      .onDelete('CASCADE');
    table.string('kind', 20).notNullable();
    table.text('items').notNullable();
    table.string('mark', 10).notNullable();
    table.text('observed_at').notNullable();
    table
      .text('kept')
      .notNullable()
      .defaultTo('[]')
      .comment('Keys of items that stay only because their loss is held');
    table.bigInteger('version').notNullable().defaultTo(1);
    table.primary(['cluster_id', 'kind']);
  });

  await knex.schema.createTable('gns_desired_objects', table => {
    table
      .string('cluster_id', 128)
      .notNullable()
      .references('id')
      .inTable('gns_clusters')
      .onDelete('CASCADE');
    table.string('key', 1000).notNullable();
    table.string('gns', 63).notNullable();
    table.text('manifest').notNullable();
    table.string('hash', 64).notNullable();
    table.string('role', 10).notNullable();
    table.text('hosts').notNullable();
    table.bigInteger('changed_n').notNullable();
    table.text('removal').comment('Decided, but callers have to go first');
    table.primary(['cluster_id', 'key']);
    table.index(['cluster_id', 'changed_n']);
  });

  await knex.schema.createTable('gns_tombstones', table => {
    table
      .string('cluster_id', 128)
      .notNullable()
      .references('id')
      .inTable('gns_clusters')
      .onDelete('CASCADE');
    table.string('key', 1000).notNullable();
    table.string('gns', 63).notNullable();
    table.text('reason').notNullable();
    table.string('role', 10).notNullable();
    table.text('hosts').notNullable();
    table.bigInteger('created_n').notNullable();
    table.text('created_at').notNullable();
    table.text('deleted_at').comment('The controller said that it is gone');
    table.bigInteger('confirmed_n');
    table.primary(['cluster_id', 'key']);
  });

  await knex.schema.createTable('gns_addresses', table => {
    table.string('host', 253).primary();
    table.string('address', 45).notNullable().unique();
    table.text('assigned_at').notNullable();
    table.text('vanished_at');
  });

  await knex.schema.createTable('gns_holds', table => {
    table.string('id', 128).primary();
    table.string('kind', 20).notNullable();
    table.string('state', 20).notNullable();
    table.string('gns', 63);
    table.string('cluster_id', 128);
    table.string('cluster_name', 63);
    table.text('message').notNullable();
    table.text('items').notNullable();
    table
      .string('fingerprint', 64)
      .notNullable()
      .comment('The set that waits: a refused one is not asked again');
    table
      .integer('consumed')
      .notNullable()
      .defaultTo(0)
      .comment('1: the decision has had its effect');
    table.text('created_at').notNullable();
    table.text('decided_at');
    table.text('decided_by');
    table.text('reason');
    table.index(['consumed', 'state']);
  });

  await knex.schema.createTable('gns_approvals', table => {
    table.string('member', 400).primary().comment('gns/cluster/namespace');
    table.string('gns', 63).notNullable();
    table.string('decision', 10).notNullable();
    table.text('decided_by').notNullable();
    table.text('decided_at').notNullable();
  });

  await knex.schema.createTable('gns_pauses', table => {
    table.string('gns', 63).primary();
    table.text('paused_by').notNullable();
    table.text('paused_at').notNullable();
  });

  await knex.schema.createTable('gns_compositions', table => {
    table.comment('Last composed status of each global namespace, for pages');
    table.string('gns', 63).primary();
    table.bigInteger('generation').notNullable();
    table.string('hash', 64).notNullable();
    table.text('result').notNullable();
    table.text('composed_at').notNullable();
  });

  await knex.schema.createTable('gns_plans', table => {
    table.comment('Deletions that a plan announced');
    table.string('hash', 128).primary();
    table.text('deletions').notNullable();
    table.text('created_at').notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  for (const table of [
    'gns_plans',
    'gns_compositions',
    'gns_pauses',
    'gns_approvals',
    'gns_holds',
    'gns_addresses',
    'gns_tombstones',
    'gns_desired_objects',
    'gns_inventory',
    'gns_observations',
    'gns_join_tokens',
    'gns_clusters',
    'gns_hub',
  ]) {
    await knex.schema.dropTable(table);
  }
};
