"use strict";
const { TestEnvironment } = require("jest-environment-node");
const tsMorph = require("ts-morph");

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.__tsMorph = tsMorph;
  }
};
