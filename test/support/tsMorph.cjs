"use strict";
module.exports = globalThis.__tsMorph;
