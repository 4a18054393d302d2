// @ts-check

/**
 * Names compare by bytes on both databases: a locale would order and page
 * them differently. SQLite compares by bytes already.
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

  await knex.schema.createTable('gns_definitions', table => {
    table.comment('Definitions as they stand, one row each');
    table
      .specificType('ref', word)
      .primary()
      .comment('Kind:[gns/]name, as formatRef writes it');
    table.specificType('kind', word).notNullable();
    table
      .specificType('gns', word)
      .notNullable()
      .comment('Empty for kinds that stand alone');
    table.specificType('name', word).notNullable();
    table
      .specificType('owner', word)
      .notNullable()
      .comment('Lower-case entity reference; empty: no owner');
    table.integer('generation').notNullable();
    table
      .bigInteger('created_order')
      .notNullable()
      .unique()
      .comment('Number of the audit entry of its creation: never used twice');
    table.text('document').notNullable().comment('The definition as JSON');
    table.text('created_at').notNullable().comment('RFC 3339, UTC');
    table.text('updated_at').notNullable().comment('RFC 3339, UTC');
    table.text('updated_by').notNullable();
    table.unique(['kind', 'gns', 'name'], {
      indexName: 'gns_definitions_name_uniq',
    });
    table.index(['gns'], 'gns_definitions_gns_idx');
    table.index(['owner'], 'gns_definitions_owner_idx');
  });

  await knex.schema.createTable('gns_audit', table => {
    table.comment('Every change; each entry contains the hash before it');
    table.bigInteger('seq').primary().comment('1, 2, 3 … without a gap');
    table.text('at').notNullable().comment('RFC 3339, UTC');
    table.text('actor').notNullable();
    table.text('action').notNullable();
    table.specificType('subject', word).notNullable();
    table.text('message').notNullable();
    table.text('details').notNullable().comment('Canonical JSON');
    table
      .text('prev_hash')
      .notNullable()
      .unique()
      .comment('Unique, so that the chain cannot fork');
    table.text('hash').notNullable().unique();
    table.index(['subject', 'seq'], 'gns_audit_subject_idx');
  });

  await knex.schema.createTable('gns_audit_head', table => {
    table.comment(
      'One row: where the chain ends. Writers lock it, so entries come one by one; it also shows when the newest entries were cut off',
    );
    table.integer('id').primary();
    table.bigInteger('seq').notNullable();
    table.text('hash').notNullable();
    table
      .bigInteger('definitions_seq')
      .notNullable()
      .comment('The newest entry that changed a definition');
  });
  await knex('gns_audit_head').insert({
    id: 1,
    seq: 0,
    hash: '',
    definitions_seq: 0,
  });

  await knex.schema.createTable('gns_revisions', table => {
    table.comment('Every generation of every definition, also of deleted ones');
    table.specificType('ref', word).notNullable();
    table.integer('generation').notNullable();
    table.text('action').notNullable().comment('create, update or delete');
    table.text('actor').notNullable();
    table.text('at').notNullable().comment('RFC 3339, UTC');
    table.text('message').notNullable();
    table
      .text('document')
      .nullable()
      .comment('The definition as JSON; null after a deletion');
    table
      .bigInteger('audit_seq')
      .notNullable()
      .unique()
      .comment('Its entry in gns_audit, which carries the hash of document');
    table.primary(['ref', 'generation'], 'gns_revisions_pk');
  });

  await knex.schema.createTable('gns_confirmed_plans', table => {
    table.comment('Plans that were confirmed with a write');
    table.text('hash').primary();
    table
      .bigInteger('confirmed_at')
      .notNullable()
      .comment('Milliseconds since 1970');
    table.text('confirmed_by').notNullable();
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('gns_confirmed_plans');
  await knex.schema.dropTable('gns_revisions');
  await knex.schema.dropTable('gns_audit_head');
  await knex.schema.dropTable('gns_audit');
  await knex.schema.dropTable('gns_definitions');
};
