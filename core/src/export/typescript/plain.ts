// What the plain module offers.
export {
  ActionError,
  ActionInputError,
  actions,
  createActions,
  getActionPath,
  isActionError,
  isInputError,
  parse,
} from "./client.js";
export { enhance } from "./enhance.js";
