// Loads Astro's client as it is, with what a build of a site would fill in.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SourceTextModule, SyntheticModule } from 'node:vm';

const FOLDER = process.env.CLIENT_FOLDER;
const ENTRY = join(FOLDER, 'node_modules/astro/dist/actions/runtime/entrypoints/client.js');

/** The module `astro:actions` for the site at `base`, with the option `trailingSlash` as the site has it. */
export async function load(base, trailingSlash, origin = new URL(base).origin) {
  // A browser would add the page's origin, and resolve a path against it.
  const virtual = {
    'virtual:astro:actions/options': { shouldAppendTrailingSlash: trailingSlash },
    'virtual:astro:adapter-config/client': { internalFetchHeaders: { Origin: origin } },
  };
  const env = { BASE_URL: base, PROD: true };

  const modules = new Map();
  const from = (path) => {
    if (!modules.has(path)) {
      modules.set(path, new SourceTextModule(readFileSync(path, 'utf8'), {
        identifier: path,
        initializeImportMeta: (meta) => Object.assign(meta, { url: pathToFileURL(path).href, env }),
      }));
    }
    return modules.get(path);
  };
  const link = (specifier, { identifier }) => {
    const filled = virtual[specifier];
    if (filled === undefined) {
      return from(createRequire(identifier).resolve(specifier));
    }
    return new SyntheticModule(Object.keys(filled), function () {
      for (const [name, value] of Object.entries(filled)) {
        this.setExport(name, value);
      }
    });
  };

  const entry = from(ENTRY);
  await entry.link(link);
  await entry.evaluate();
  return entry.namespace;
}
