// @ts-check

/**
 * Ids of tokens that controllers have used, until these expire: each counts
 * for one request.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_token_ids', table => {
    table.string('cluster_id', 128).notNullable();
    table.string('token_id', 43).notNullable().comment('SHA-256 of its jti');
    table
      .bigInteger('until')
      .notNullable()
      .comment('From then on the token is refused as expired; ms');
    table.primary(['cluster_id', 'token_id']);
    table.index(['until'], 'gns_token_ids_until');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('gns_token_ids');
};
