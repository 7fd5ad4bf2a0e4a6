// The exports of the plain module.
export { actions, createActions, getActionPath, parse } from "./client.js";
export { enhance } from "./enhance.js";
export { ActionError, ActionInputError, isActionError, isInputError } from "./errors.js";
