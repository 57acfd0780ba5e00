import { expect, it } from 'vitest';
import { parseDgxRelease } from '../../../../src-main/core/probe/dgx-release';
import { sample } from './samples';

it('takes the over-the-air version before the image it was installed from', () => {
  expect(parseDgxRelease(sample('dgx-release_7.5.0.txt'))).toEqual({
    known: true,
    value: { name: 'NVIDIA DGX Spark', version: '7.5.0', build: '7.2.3', platform: 'DGX Server for KVM' },
  });
});

it('takes the last of several updates, whatever language its date is in', () => {
  expect(parseDgxRelease(sample('dgx-release_asus_multi_ota_localised.txt'))).toEqual({
    known: true,
    value: { name: 'NVIDIA DGX Spark', version: '7.6.0', build: '7.2.3', platform: 'GX10' },
  });
});

it('reads unquoted values and a node that was never updated', () => {
  expect(parseDgxRelease('DGX_NAME=DGX Spark\nDGX_SWBUILD_VERSION=7.2.3\n')).toEqual({
    known: true,
    value: { name: 'DGX Spark', version: '7.2.3', build: '7.2.3', platform: null },
  });
});

it.each([
  'DGX_NAME="DGX Spark"\n',
  'DGX_OTA_VERSION="7.5',
  'DGX_OTA_VERSION="7.\u001B]0;x\u00075"\n',
  'DGX_OTA_VERSION="7,5"\n',
  'DGX_OTA_VERSION="7.5.0"\nDGX_PRETTY_NAME="NVIDIA \u202Ekrap\u202C"\n',
  `DGX_OTA_VERSION="7.5.0"\nDGX_PRETTY_NAME="${'x'.repeat(500)}"\n`,
])('does not guess from %j', (text) => {
  expect(parseDgxRelease(text)).toMatchObject({ known: false, reason: 'malformed' });
});
