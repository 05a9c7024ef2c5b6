export { markMode } from './mark-mode.ts';
export { positionMode } from './position-mode.ts';
export { transactionMode } from './transaction-mode.ts';
