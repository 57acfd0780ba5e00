import type { LinkName } from './methods';

/**
 * Where the pages are that can be opened by name; always https. Undefined for our own while they have no address.
 *
 * @param homepage the repository's page, from package.json
 */
export function linkAddress(link: LinkName, homepage: string | undefined): string | undefined {
  if (link === 'nvidia-connect-two-sparks') return 'https://build.nvidia.com/spark/connect-two-sparks';
  if (homepage === undefined || !/^https:\/\/[^/]/.test(homepage)) return undefined;
  const base = homepage.replace(/#.*$|\/+$/, '');
  switch (link) {
    case 'project':
      return base;
    case 'documentation':
      return `${base}/blob/main/README.md`;
    case 'troubleshooting':
      return `${base}/blob/main/docs/troubleshooting.md`;
  }
}
