// @ts-check

/**
 * What the definition last said about its authority: members that leave need
 * it also after the definition says otherwise.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('gns_authorities', table => {
    table
      .string('trust_domain', 253)
      .comment("Its own trust domain; null: the mesh's");
    table
      .bigInteger('leaf_ttl_seconds')
      .notNullable()
      .defaultTo(3600)
      .comment('Longest life of a leaf');
    table
      .string('restart', 10)
      .notNullable()
      .defaultTo('manual')
      .comment('manual or rolling: who restarts what waits');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('gns_authorities', table => {
    table.dropColumn('restart');
    table.dropColumn('leaf_ttl_seconds');
    table.dropColumn('trust_domain');
  });
};
