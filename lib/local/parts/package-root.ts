import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package: the nearest one above this file that holds `local/kafka/pom.xml`. */
export function packageRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'local', 'kafka', 'pom.xml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No folder above ${from} holds local/kafka/pom.xml`);
  }
}
