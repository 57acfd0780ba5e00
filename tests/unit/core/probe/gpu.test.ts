import { expect, it } from 'vitest';
import { parseCuda } from '../../../../src-main/core/probe/cuda';
import { parseNvidiaSmi } from '../../../../src-main/core/probe/nvidia-smi';
import { sample } from './samples';

it.each([
  ['nvidia-smi_csv_gb10.txt', '580.126.09'],
  ['nvidia-smi_gb10_580.126.09.txt', '580.126.09'],
  ['nvidia-smi_gb10_580.95.05_desktop.txt', '580.95.05'],
])('%s: one GB10 without memory of its own', (name, driver) => {
  const value = [{ name: 'NVIDIA GB10', driver, memoryMib: null }];
  expect(parseNvidiaSmi(sample(name))).toEqual({ known: true, value });
});

it('reads memory where a GPU has some, and that there is none', () => {
  expect(parseNvidiaSmi('NVIDIA H100, 81559 MiB, 570.1\nNVIDIA H100, Not Supported, [N/A]\n')).toEqual({
    known: true,
    value: [
      { name: 'NVIDIA H100', driver: '570.1', memoryMib: 81559 },
      { name: 'NVIDIA H100', driver: null, memoryMib: null },
    ],
  });
  expect(parseNvidiaSmi('No devices were found\n')).toEqual({ known: true, value: [] });
});

it.each([
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n",
  'NVIDIA GB10, [N/A]\n',
  'NVIDIA GB10, [N/A], 580.126.09\nNVIDIA GB',
  'NVIDIA GB10, 81.559 MiB, 580.126.09\n',
  'NVIDIA \u001B[2JGB10, [N/A], 580.126.09\n',
])('does not guess from %j', (text) => {
  expect(parseNvidiaSmi(text)).toMatchObject({ known: false, reason: 'malformed' });
});

it('CUDA from the toolkit, its compiler, or the driver', () => {
  const file = '{"cuda":{"name":"CUDA SDK","version":"13.0.2"},"nvcc":{"version":"13.0.88"}}';
  expect(parseCuda(file)).toEqual({ known: true, value: '13.0.2' });
  const nvcc = 'Cuda compilation tools, release 13.0, V13.0.88\nBuild cuda_13.0.r13.0/compiler.36424714_0\n';
  expect(parseCuda(nvcc)).toEqual({ known: true, value: '13.0.88' });
  expect(parseCuda(sample('nvidia-smi_gb10_580.126.09.txt'))).toEqual({ known: true, value: '13.0' });
  for (const text of [
    '{"cuda":{"version":13}}',
    '{"cuda":',
    '{"cuda":{"version":"$(id)"}}',
    'release 13.0',
  ]) {
    expect(parseCuda(text)).toMatchObject({ known: false, reason: 'malformed' });
  }
});
