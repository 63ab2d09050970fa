"use strict";
/**
 * fast-check with one seed for everybody, so that a failure belongs to a change and not to luck. Other seeds are for
 * explorations: RIVEN_SEED=7 npm test.
 */
const fc = require("../../node_modules/fast-check/lib/cjs/fast-check.js");

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.RIVEN_SEED ?? 1) });

module.exports = fc;
