import { ConfigurationError } from '../../core/errors/errors.ts';

/** The modes of `kafkaHandler`. */
export const modes = ['claim', 'mark', 'transaction', 'position'] as const;

export type Mode = (typeof modes)[number];

/** The options that only some modes have, with the reason why the others have not. */
const optionsOfModes: ReadonlyMap<string, { readonly modes: readonly Mode[]; readonly why: string }> = new Map([
  ...only(['claim'], 'only claims leave an outcome unknown', 'onUnknownOutcome'),
  ...only(['claim'], 'what is not written protected is not written at all', 'onStoreFailure'),
  ...only(['claim', 'mark'], "handled records wait for their commit as 'commit' says", 'completionLag'),
  ...only(['transaction', 'position'], 'there are no effects to commit', 'commit'),
  ...only(['mark', 'transaction', 'position'], 'claims are handled one by one', 'handleMany', 'maxRecords'),
  ...only(['mark', 'transaction', 'position'], 'claims count every start', 'countStarts'),
  ...only(['position'], 'only positions have generations', 'generation'),
  ...only(
    ['claim', 'mark', 'transaction'],
    'records are known by their offsets',
    'businessId',
    'scope',
    'hash',
    'onMissingBusinessId',
    'fingerprint',
    'onFingerprintMismatch',
    'storeResult',
    'rememberedCompletions',
  ),
]);

function only(
  allowed: readonly Mode[],
  why: string,
  ...names: readonly string[]
): readonly (readonly [string, { readonly modes: readonly Mode[]; readonly why: string }])[] {
  return names.map((name) => [name, { modes: allowed, why }]);
}

/**
 * Refuses options that the mode does not have: they would be ignored unseen.
 *
 * @throws ConfigurationError naming the option.
 */
export function checkMode(mode: Mode, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = optionsOfModes.get(name);
    if (value === undefined || rule === undefined || rule.modes.includes(mode)) continue;
    throw new ConfigurationError(name, `is no option of mode '${mode}': ${rule.why}`);
  }
}
