// @ts-check

/**
 * Certificate authorities of global namespaces. Times are RFC 3339 text,
 * documents are JSON text, flags are 0 or 1: the same on SQLite and PostgreSQL.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_authorities', table => {
    table.comment('One row per global namespace that ever had an authority');
    table.string('gns', 63).primary();
    table.text('created_at').notNullable();
    table
      .bigInteger('bundle_epoch')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with every change of what is trusted; never falls');
    table
      .string('bundle_fingerprint', 64)
      .notNullable()
      .defaultTo('')
      .comment('Of roots and mesh roots, as sets');
    table
      .text('mesh_roots')
      .notNullable()
      .defaultTo('[]')
      .comment('PEM of the meshes of all members, as delivered');
    table
      .bigInteger('last_step')
      .notNullable()
      .defaultTo(0)
      .comment('The highest step that a member ever got');
    table.integer('rotation_paused').notNullable().defaultTo(0);
    table.integer('transition_paused').notNullable().defaultTo(0);
    table
      .text('waived_callers')
      .notNullable()
      .defaultTo('[]')
      .comment('Callers outside that a person gave up');
    table
      .integer('callers_waived')
      .notNullable()
      .defaultTo(0)
      .comment('1: also those that nobody can measure');
  });

  await knex.schema.createTable('gns_authority_roots', table => {
    table.comment(
      'Roots with their keys, which open only with a key of the protector',
    );
    table.string('key_id', 40).primary();
    table.string('gns', 63).notNullable();
    table
      .string('state', 10)
      .notNullable()
      .comment('pending, prepared, active, old or revoked');
    table
      .string('slot', 10)
      .comment('active or prepared: at most one of each; null for the others');
    table.text('certificate').comment('PEM; null while pending');
    table.string('serial', 40);
    table.text('not_before');
    table.text('not_after');
    table.text('created_at').notNullable();
    table.text('created_by').notNullable();
    table.text('state_since').notNullable();
    table.string('origin', 10).notNullable().comment('made or imported');
    table
      .integer('by_hand')
      .notNullable()
      .defaultTo(0)
      .comment('1: a person prepared it, and goes on by hand');
    table.string('protector', 63).notNullable();
    table
      .string('kek_id', 255)
      .comment('Key-encryption key; null: held remotely');
    table.text('sealed').comment('JSON; null: held remotely, or destroyed');
    table
      .string('key_reference', 255)
      .comment('Name of a key that is held remotely');
    table.unique(['gns', 'slot'], {
      indexName: 'gns_authority_roots_slot_uniq',
    });
    table.index(['gns'], 'gns_authority_roots_gns_idx');
  });

  await knex.schema.createTable('gns_authority_crosses', table => {
    table.comment('A root, signed by an older one');
    table.string('key_id', 40).notNullable();
    table.string('signer_key_id', 40).notNullable();
    table.text('certificate').notNullable();
    table.text('not_after').notNullable();
    table.primary(['key_id', 'signer_key_id']);
  });

  await knex.schema.createTable('gns_authority_issuers', table => {
    table.comment('Every issuer that was signed');
    table.string('serial', 40).primary();
    table.string('gns', 63).notNullable();
    table
      .string('cluster_id', 128)
      .notNullable()
      .comment('Stays when the cluster is forgotten');
    table.string('cluster_name', 63).notNullable();
    table.string('key_id', 40).notNullable();
    table.string('root_key_id', 40).notNullable();
    table.text('certificate').notNullable();
    table.text('not_before').notNullable();
    table.text('not_after').notNullable();
    table.text('issued_at').notNullable();
    table.index(['gns', 'cluster_id'], 'gns_authority_issuers_cluster_idx');
    table.index(['not_after'], 'gns_authority_issuers_end_idx');
  });

  await knex.schema.createTable('gns_authority_members', table => {
    table.comment(
      'How far each member namespace is on its way into or out of the authority',
    );
    table.string('cluster_id', 128).notNullable();
    table.string('namespace', 253).notNullable();
    table.string('gns', 63).notNullable();
    table.string('phase', 10).notNullable();
    table
      .bigInteger('step')
      .notNullable()
      .comment('Grows with every change of the phase');
    table.text('since').notNullable();
    table
      .integer('configured')
      .notNullable()
      .defaultTo(0)
      .comment('1: the cluster was ready once, so its pods get our CA');
    table
      .integer('proven')
      .notNullable()
      .defaultTo(0)
      .comment('1: every pod holds what the phase gives');
    table
      .string('leaves', 4)
      .notNullable()
      .comment('What pods may hold: mesh, both or own');
    table
      .integer('narrow')
      .notNullable()
      .defaultTo(0)
      .comment('1: some pods may trust the GNS alone');
    table
      .text('isolated_at')
      .comment('Since when every pod trusts the GNS alone');
    table
      .integer('closed')
      .notNullable()
      .defaultTo(0)
      .comment('1: a policy admits members only');
    // A namespace has one ProxyConfig that counts, so it follows one authority at a time.
    table.primary(['cluster_id', 'namespace']);
    table.index(['gns'], 'gns_authority_members_gns_idx');
  });

  await knex.schema.createTable('gns_authority_reports', table => {
    table.comment('What each cluster last reported about identities');
    table.string('cluster_id', 128).primary();
    table.text('observed_at').notNullable();
    table.text('received_at').notNullable();
    table.string('hash', 64).notNullable();
    table.text('report').notNullable();
  });

  await knex.schema.createTable('gns_issuances', table => {
    table.comment('Certificates that workloads were given');
    table.string('cluster_id', 128).notNullable();
    table.string('serial', 40).notNullable();
    table.string('gns', 63).notNullable();
    table.string('namespace', 253).notNullable();
    table.string('service_account', 253).notNullable();
    table.string('pod', 253).notNullable();
    table.string('pod_uid', 64).notNullable();
    table.string('spiffe_id', 2048).notNullable();
    table.string('issuer_key_id', 40).comment("Null: istiod's, passed on");
    table.string('root_key_id', 40);
    table.bigInteger('bundle_epoch').notNullable();
    table.text('issued_at').notNullable();
    table.text('not_after').notNullable();
    table.primary(['cluster_id', 'serial']);
    table.index(['gns', 'issued_at'], 'gns_issuances_gns_idx');
    table.index(['not_after'], 'gns_issuances_end_idx');
  });

  await knex.schema.createTable('gns_authority_events', table => {
    table.comment('What owners should hear of, once each');
    table.increments('id');
    table.string('gns', 63).notNullable();
    table.string('kind', 40).notNullable();
    table
      .string('subject', 400)
      .notNullable()
      .comment('What it is about; told once per kind and subject');
    table.string('severity', 10).notNullable();
    table.text('message').notNullable();
    table.text('at').notNullable();
    table.text('resolved_at');
    table.unique(['gns', 'kind', 'subject'], {
      indexName: 'gns_authority_events_uniq',
    });
  });

  await knex.schema.alterTable('gns_hub', table => {
    table
      .bigInteger('authority_revision')
      .notNullable()
      .defaultTo(0)
      .comment('Grows with every change of what authorities deliver');
    table
      .text('sealed_key')
      .comment('JSON: the signing key, sealed; signing_key is empty then');
    table
      .text('public_key')
      .comment('JWK, so that it is known without opening');
  });
};

/**
 * A sealed key of the hub cannot come back into the clear here: take back the
 * sealing first, or let the clusters enrol again.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('gns_hub', table => {
    table.dropColumn('public_key');
    table.dropColumn('sealed_key');
    table.dropColumn('authority_revision');
  });
  for (const table of [
    'gns_authority_events',
    'gns_issuances',
    'gns_authority_reports',
    'gns_authority_members',
    'gns_authority_issuers',
    'gns_authority_crosses',
    'gns_authority_roots',
    'gns_authorities',
  ]) {
    await knex.schema.dropTable(table);
  }
};
