// @ts-check

/**
 * Changes on their way to the clusters. The definition store holds what is to
 * be; a rollout holds what was, and in which clusters the turn has come.
 *
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('gns_rollouts', table => {
    table.comment('One change of one definition, and how far it is');
    table.string('id', 128).primary();
    table.string('gns', 63).notNullable();
    table.string('ref', 400).notNullable().comment('The definition: Kind:name');
    table
      .string('change', 10)
      .notNullable()
      .comment('create, update or delete');
    table.string('state', 20).notNullable();
    table
      .integer('version')
      .notNullable()
      .comment('Grows with every step: writers compare it');
    table.text('message').notNullable();
    table.text('created_by').notNullable();
    table.text('created_at').notNullable().comment('RFC 3339, UTC');
    table.text('ended_at').nullable();
    table
      .text('former')
      .nullable()
      .comment('JSON: the definition before, its generation and its order');
    table.integer('target_generation').notNullable();
    table
      .integer('back_generation')
      .nullable()
      .comment('What going back wrote; null: nothing, or a deletion');
    table.text('stop_on').notNullable();
    table.text('waves').notNullable();
    table.integer('wave').notNullable().comment('Index of the one under way');
    table.text('stop').nullable().comment('JSON: since when and why');
    table.text('plan').nullable().comment('Hash of the confirmed plan');
    table
      .text('losses')
      .notNullable()
      .comment('JSON: what the plan and going back announced');
    table
      .text('accepted')
      .notNullable()
      .comment(
        'JSON: members of the former definition, which need no approval',
      );
    table
      .text('known')
      .notNullable()
      .comment('JSON: keys of conditions that do not stop it');
    table.text('hosts').notNullable().comment('JSON: whose errors count');
    table.index(['gns', 'created_at'], 'gns_rollouts_gns_idx');
  });
  // One at a time: the losers of a race find the row of the winner.
  await knex.raw(
    `create unique index gns_rollouts_open_uniq on gns_rollouts (gns) where state in ('running', 'paused', 'stopped')`,
  );

  await knex.schema.createTable('gns_rollout_events', table => {
    table.comment('The journal of each rollout');
    table
      .string('rollout_id', 128)
      .notNullable()
      .references('id')
      .inTable('gns_rollouts')
      .onDelete('CASCADE');
    table
      .integer('version')
      .notNullable()
      .comment('The version that the step led to');
    table.text('at').notNullable();
    table.text('actor').notNullable();
    table.string('kind', 20).notNullable();
    table.integer('wave').nullable();
    table.text('message').notNullable();
    table.primary(['rollout_id', 'version']);
  });
};

/**
 * @param {import('knex').Knex} knex
 * @returns {Promise<void>}
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('gns_rollout_events');
  await knex.schema.dropTable('gns_rollouts');
};
