import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { hostnames, nodeAddress, sides, userOf } from './plan';
import type { LabPlan, Side } from './plan';
import { hostKeys } from './seed';
import type { Secrets } from './seed';

/** Names of the environment variables that hold a node's passwords; named in cluster.yaml. */
export const variables = {
  password: (side: Side) => `TWINSPARK_LAB_PASSWORD_${side}`,
  sudo: (side: Side) => `TWINSPARK_LAB_SUDO_PASSWORD_${side}`,
};

/** Files by which the product and a person reach the nodes. */
export function accessFiles(stateDir: string) {
  return {
    cluster: join(stateDir, 'cluster.yaml'),
    knownHosts: join(stateDir, 'known_hosts'),
    env: join(stateDir, 'env.sh'),
    identity: join(stateDir, 'identity'),
  };
}

/** `SHA256:…` of a `type base64` public key, as OpenSSH prints it. */
export function fingerprint(key: string): string {
  const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The environment that cluster.yaml refers to. */
export function environment(plan: LabPlan, secrets: Secrets): Record<string, string> {
  const entries = sides.flatMap((side) => [
    [variables.password(side), secrets[side]] as const,
    ...(plan.sudo === 'nopasswd' ? [] : [[variables.sudo(side), secrets[side]] as const]),
  ]);
  return Object.fromEntries(entries);
}

/** Writes cluster.yaml, known_hosts and the 0600 file of `export` lines. */
export function writeAccess(plan: LabPlan, secrets: Secrets): void {
  const files = accessFiles(plan.stateDir);
  const nodes = sides.map((side) => ({
    name: hostnames[side],
    host: nodeAddress(plan.instance, side),
    port: 22,
    user: userOf(plan, side),
    ...(plan.login === 'key' ? { identityFile: files.identity } : { passwordEnv: variables.password(side) }),
    ...(plan.sudo === 'nopasswd' ? {} : { sudoPasswordEnv: variables.sudo(side) }),
    hostKey: fingerprint(hostKeys(plan, side)[0] ?? ''),
  }));
  writeFileSync(files.cluster, stringify({ nodes }), { mode: 0o600 });
  const known = sides.flatMap((side) =>
    hostKeys(plan, side).map((key) => `${nodeAddress(plan.instance, side)} ${key}`),
  );
  writeFileSync(files.knownHosts, `${known.join('\n')}\n`, { mode: 0o600 });
  const lines = Object.entries(environment(plan, secrets)).map(([name, value]) => `export ${name}=${value}`);
  writeFileSync(files.env, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** Reads the passwords of a running lab back from its env file. */
export function readSecrets(plan: LabPlan): Secrets {
  const text = existsSync(accessFiles(plan.stateDir).env)
    ? readFileSync(accessFiles(plan.stateDir).env, 'utf8')
    : '';
  const of = (side: Side) =>
    new RegExp(`^export ${variables.password(side)}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return { 1: of(1), 2: of(2) };
}
