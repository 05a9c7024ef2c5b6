export type { Part, PartName, PartSource } from './part.ts';
export type { Parts } from './parts.ts';
export { PartsError } from './parts-error.ts';
export { LOCAL_CREDENTIALS, LOCAL_REGION } from './probe.ts';
export { type StartPartsOptions, startParts } from './start-parts.ts';
