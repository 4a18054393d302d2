// @ts-check

/**
 * Plans remember what they were made of, and which write confirmed them: what
 * a plan announced passes for the definitions that it showed, and no others.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('gns_plans', table => {
    table
      .text('documents')
      .nullable()
      .comment('JSON: reference → SHA-256 of the document, empty: deleted');
    table
      .text('losses')
      .nullable()
      .comment('JSON: [cluster id, object key, global namespace] of each loss');
  });
  await knex.schema.createTable('gns_plan_confirmations', table => {
    table.comment('Writes and actions that confirmed a plan');
    table.string('hash', 128).notNullable();
    table
      .string('subject', 400)
      .notNullable()
      .comment('Reference of a definition, or cluster:<id>/<action>');
    table
      .integer('generation')
      .notNullable()
      .comment('It counts while the definition has this one; 0: an action');
    table
      .bigInteger('confirmed_at')
      .notNullable()
      .comment('Milliseconds since 1970');
    table.text('confirmed_by').notNullable();
    table.primary(['hash', 'subject']);
    table.index(['confirmed_at'], 'gns_plan_confirmations_at_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('gns_plan_confirmations');
  await knex.schema.alterTable('gns_plans', table => {
    table.dropColumn('losses');
    table.dropColumn('documents');
  });
};
