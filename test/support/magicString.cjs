"use strict";
module.exports = globalThis.__magicString;
