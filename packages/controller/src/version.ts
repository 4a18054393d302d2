/** Version of this package, as reports and enrolment tell it. */
export const CONTROLLER_VERSION: string = require('../package.json').version;
