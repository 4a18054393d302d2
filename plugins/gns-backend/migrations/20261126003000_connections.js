// @ts-check

/**
 * Drained clusters, and why the hub refused a controller last.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('gns_clusters', table => {
    table
      .integer('drained')
      .notNullable()
      .defaultTo(0)
      .comment('1: it serves its own callers, and is offered to no other');
    table
      .text('last_unauthorized_why')
      .nullable()
      .comment('clock: the right key at another time; key: another key');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('gns_clusters', table => {
    table.dropColumn('drained');
    table.dropColumn('last_unauthorized_why');
  });
};
