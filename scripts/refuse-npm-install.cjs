// Runs before `npm install`; yarn's own installs pass.
if (!(process.env.npm_config_user_agent || '').startsWith('yarn')) {
  console.error(
    [
      '',
      'This repository is installed with Yarn, whose release is committed here:',
      'npm would ignore yarn.lock and its resolutions, and Backstage would not start.',
      '',
      'You need not install anything by hand. These commands do their own set-up:',
      '  npm start        the portal with its live demo',
      '  npm test         all tests that need no privileges',
      '',
    ].join('\n'),
  );
  process.exit(1);
}
