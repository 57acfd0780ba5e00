import { linkAddress } from '../../src-main/contract/links';
import type { LinkName } from './types';

declare const __HOMEPAGE__: string | undefined;

/** Where one of our pages is; undefined while it has no address. */
export function pageAddress(link: LinkName): string | undefined {
  return linkAddress(link, __HOMEPAGE__);
}
