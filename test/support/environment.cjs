"use strict";
const { TestEnvironment } = require("jest-environment-node");
const tsMorph = require("ts-morph");
const magicString = require("magic-string");

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.__tsMorph = tsMorph;
    this.global.__magicString = magicString;
  }
};
