import { readDurationFromConfig, type Config } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { InputError } from '@backstage/errors';
import {
  DEFAULT_COMPOSITION_OPTIONS,
  type CompositionOptions,
} from '../composition';
import {
  readAuthorityConfig,
  type AuthorityConfig,
} from '../authority/authorityConfig';
import { readAddressRange, type AddressRange } from '../delivery/addresses';
import {
  readObservedConfig,
  type ObservedConfig,
} from '../observed/readObservedConfig';
import { readRetention } from '../telemetry/readRetention';
import type { Retention } from '../telemetry/retention';
import {
  DEFAULT_NOTICE_LIMITS,
  type NoticeLimits,
} from '../notifications/noticesOf';
import { DEFAULT_FRESHNESS, type FreshnessLimits } from '../members/freshness';

/** The settings below `gns:`, read and checked once. */
export interface HubConfig {
  /** The backend's address as controllers reach it. */
  readonly hubUrl: string;
  readonly addressRange: AddressRange;
  readonly joinTokenTtlMs: number;
  readonly freshness: FreshnessLimits;
  readonly composition: CompositionOptions;
  readonly retention: Retention;
  readonly notices: NoticeLimits;
  readonly authority: AuthorityConfig;
  readonly observed: ObservedConfig;
}

function duration(config: Config | undefined, key: string, fallback: number) {
  if (!config?.has(key)) return fallback;
  return durationToMilliseconds(readDurationFromConfig(config, { key }));
}

const ENTITY =
  /^[a-z]+:([a-z0-9]([-_.a-z0-9]*[a-z0-9])?\/)?[a-z0-9]([-_.a-z0-9]*[a-z0-9])?$/i;

function readNoticeLimits(config: Config | undefined): NoticeLimits {
  const owners = config?.getOptionalStringArray('platformOwners') ?? [];
  for (const [index, ref] of owners.entries()) {
    if (ENTITY.test(ref)) continue;
    throw new InputError(
      `gns.notifications.platformOwners[${index}]: "${ref}" is no entity reference. Write for example group:default/platform`,
    );
  }
  return {
    platformOwners: owners.map(ref => {
      const [kind, rest] = ref.toLowerCase().split(':');
      return `${kind}:${rest.includes('/') ? rest : `default/${rest}`}`;
    }),
    silentAfterMs: duration(
      config,
      'silentAfter',
      DEFAULT_NOTICE_LIMITS.silentAfterMs,
    ),
    conditionAfterMs: duration(
      config,
      'conditionAfter',
      DEFAULT_NOTICE_LIMITS.conditionAfterMs,
    ),
  };
}

/** @throws InputError naming the key, the value and what is allowed */
export function readHubConfig(root: Config): HubConfig {
  const config = root.getOptionalConfig('gns');
  const hubUrl = (
    config?.getOptionalString('hubUrl') ?? root.getString('backend.baseUrl')
  ).replace(/\/+$/, '');
  if (!/^https?:\/\/\S+$/.test(hubUrl)) {
    throw new InputError(
      `gns.hubUrl: "${hubUrl}" is no URL. Write for example https://portal.example.com`,
    );
  }
  const nearestClusters =
    config?.getOptionalNumber('composition.nearestClusters') ??
    DEFAULT_COMPOSITION_OPTIONS.nearestClusters;
  if (!Number.isInteger(nearestClusters) || nearestClusters < 1) {
    throw new InputError(
      `gns.composition.nearestClusters: ${nearestClusters} is no whole number above 0`,
    );
  }
  const maxClusterShare =
    config?.getOptionalNumber('composition.maxClusterShare') ??
    DEFAULT_COMPOSITION_OPTIONS.maxClusterShare;
  if (!(maxClusterShare > 0 && maxClusterShare <= 1)) {
    throw new InputError(
      `gns.composition.maxClusterShare: ${maxClusterShare} is no share. Write a number above 0, at most 1`,
    );
  }
  const freshness = config?.getOptionalConfig('freshness');
  return {
    notices: readNoticeLimits(config?.getOptionalConfig('notifications')),
    hubUrl,
    addressRange: readAddressRange(
      config?.getOptionalString('addressRange') ?? '240.16.0.0/12',
    ),
    joinTokenTtlMs: duration(config, 'joinTokenTtl', 60 * 60 * 1000),
    freshness: {
      staleAfterMs: duration(
        freshness,
        'staleAfter',
        DEFAULT_FRESHNESS.staleAfterMs,
      ),
      unreachableAfterMs: duration(
        freshness,
        'unreachableAfter',
        DEFAULT_FRESHNESS.unreachableAfterMs,
      ),
    },
    composition: { nearestClusters, maxClusterShare },
    retention: readRetention(config),
    authority: readAuthorityConfig(root),
    observed: readObservedConfig(root),
  };
}
