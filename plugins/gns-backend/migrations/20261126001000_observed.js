// @ts-check

/**
 * Clusters that the hub reads itself: nothing is installed in them, and nothing
 * is written to them. One replica observes each, under a lease.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('gns_clusters', table => {
    table.integer('observed').notNullable().defaultTo(0);
    table.string('observer', 64).nullable().comment('Which replica observes');
    table
      .bigInteger('observer_until')
      .nullable()
      .comment('Milliseconds since 1970: its lease');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('gns_clusters', table => {
    table.dropColumn('observed');
    table.dropColumn('observer');
    table.dropColumn('observer_until');
  });
};
