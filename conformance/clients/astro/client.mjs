// Loads Astro's unmodified client, and supplies the values that the build of a site would.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SourceTextModule, SyntheticModule } from 'node:vm';

const FOLDER = process.env.CLIENT_FOLDER;
const ENTRY = join(FOLDER, 'node_modules/astro/dist/actions/runtime/entrypoints/client.js');

/** Loads the module `astro:actions` for a site with this base and this option `trailingSlash`. */
export async function load(base, trailingSlash, origin = new URL(base).origin) {
  // A browser would send the page's origin by itself.
  const virtual = {
    'virtual:astro:actions/options': { shouldAppendTrailingSlash: trailingSlash },
    'virtual:astro:adapter-config/client': { internalFetchHeaders: { Origin: origin } },
  };
  const env = { BASE_URL: base, PROD: true };

  const modules = new Map();
  const loadModule = (path) => {
    if (!modules.has(path)) {
      modules.set(path, new SourceTextModule(readFileSync(path, 'utf8'), {
        identifier: path,
        initializeImportMeta: (meta) => Object.assign(meta, { url: pathToFileURL(path).href, env }),
      }));
    }
    return modules.get(path);
  };
  const link = (specifier, { identifier }) => {
    const values = virtual[specifier];
    if (values === undefined) {
      return loadModule(createRequire(identifier).resolve(specifier));
    }
    return new SyntheticModule(Object.keys(values), function () {
      for (const [name, value] of Object.entries(values)) {
        this.setExport(name, value);
      }
    });
  };

  const entry = loadModule(ENTRY);
  await entry.link(link);
  await entry.evaluate();
  return entry.namespace;
}
