import type { ReportMask } from '../../../contract/report';
import { stringsOf } from '../clean';
import type { ReportInput } from '../input';
import { addressMask } from './addresses';
import { hostMask } from './hosts';
import { macMask } from './macs';
import { Placeholders, type Mask } from './placeholders';
import { serialMask } from './serials';
import { userMask } from './users';

/**
 * A function that hides in any text what `masks` names: what the input is known to hold, in every usual spelling, and what
 * looks like it. The input has been cleaned.
 */
export function makeMask(input: ReportInput, masks: ReadonlySet<ReportMask>): (text: string) => string {
  const names = new Placeholders();
  const texts = [...stringsOf(input)];
  const steps: Mask[] = [
    ...(masks.has('serials') ? [serialMask(input, texts)] : []),
    ...(masks.has('macs') ? [macMask(input)] : []),
    ...(masks.has('macs') || masks.has('addresses') ? [addressMask(input, masks)] : []),
    ...(masks.has('hostnames') ? [hostMask(input, names)] : []),
    ...(masks.has('users') ? [userMask(input)] : []),
  ];
  return (text) => names.shown(steps.reduce((rest, step) => step(rest, names), text));
}
