// @ts-check

/**
 * What owners are told of: once when it has stayed long enough, and once when
 * it is over, whatever the number of replicas and restarts.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_notices', table => {
    table.string('scope', 300).primary();
    table.string('area', 40).notNullable().comment('Who keeps it');
    table
      .string('state', 10)
      .notNullable()
      .comment(
        'pending: not long enough yet; raised; over: the end is to be told',
      );
    table
      .bigInteger('raise_at')
      .notNullable()
      .comment('Milliseconds since 1970: told of from then on');
    table.text('notice').notNullable().comment('JSON');
    table
      .bigInteger('send_at')
      .nullable()
      .comment('Milliseconds since 1970; null: nothing is to be sent');
    table.integer('attempts').notNullable().defaultTo(0);
    table.index(['area'], 'gns_notices_area_idx');
    table.index(['send_at'], 'gns_notices_send_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('gns_notices');
};
