import { type ChangeTotals, type Statement } from '@isthmus/plugin-gns-common';
import { useAge, useLanguage } from '../components/state/RelativeTime';
import { useGnsTranslation } from '../useGnsTranslation';

/** More names than a person reads in one sentence. */
const MOST_NAMES = 8;

/** Numbers, shares and lists of names in the reader's language. */
function useWords() {
  const language = useLanguage();
  const { t } = useGnsTranslation();
  const percent = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 0,
  });
  const rates = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return {
    names: (all: readonly string[]) =>
      new Intl.ListFormat(language).format(
        all.length > MOST_NAMES
          ? [
              ...all.slice(0, MOST_NAMES - 1),
              t('decisions.more', { count: all.length - MOST_NAMES + 1 }),
            ]
          : all,
      ) || t('common.none'),
    share: (share: number | null) =>
      share === null ? t('common.unknown') : percent.format(share),
    calls: (rate: number | null) =>
      rate === null
        ? t('change.notMeasured')
        : t('change.perSecond', { rate: rates.format(rate) }),
  };
}

/** One statement as a sentence in the reader's language. */
export function useStatementText(): (statement: Statement) => string {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { names, share, calls } = useWords();
  return statement => {
    switch (statement.kind) {
      case 'serviceJoins': {
        const { host, clusters } = statement.parameters;
        return t('statement.serviceJoins', { host, clusters: names(clusters) });
      }
      case 'serviceLeaves': {
        const { host, clusters, calls: rate } = statement.parameters;
        return t('statement.serviceLeaves', {
          host,
          clusters: names(clusters),
          calls: calls(rate),
        });
      }
      case 'endpointJoins':
        return t('statement.endpointJoins', statement.parameters);
      case 'endpointLeaves':
        return t('statement.endpointLeaves', statement.parameters);
      case 'namespaceJoins': {
        const { approvedByWrite, services, ...place } = statement.parameters;
        const words = { ...place, services: String(services) };
        return approvedByWrite
          ? t('statement.namespaceJoinsApproved', words)
          : t('statement.namespaceJoins', words);
      }
      case 'namespaceLeaves':
        return t('statement.namespaceLeaves', statement.parameters);
      case 'callersGain': {
        const { host, callers } = statement.parameters;
        return t('statement.callersGain', { host, callers: names(callers) });
      }
      case 'callersLose':
      case 'callersStranded': {
        const { host, callers, calls: rate } = statement.parameters;
        return t(`statement.${statement.kind}`, {
          host,
          callers: names(callers),
          calls: calls(rate),
        });
      }
      case 'callsGoAbroad': {
        const { host, cluster, calls: rate } = statement.parameters;
        return t('statement.callsGoAbroad', {
          host,
          cluster,
          calls: calls(rate),
        });
      }
      case 'crossClusterShare': {
        const { gns, before, after, calls: rate, why } = statement.parameters;
        if (after === null) {
          return t('statement.crossClusterShareUnknown', {
            gns,
            why: isWhy(why) ? t(`why.${why}`) : why ?? t('common.unknown'),
          });
        }
        return t('statement.crossClusterShare', {
          gns,
          before: share(before),
          after: share(after),
          calls: calls(rate),
        });
      }
      case 'addressAssigned':
        return t('statement.addressAssigned', statement.parameters);
      case 'restartNeeded': {
        const { cluster, namespace, workloads, pods, why } =
          statement.parameters;
        const words = {
          cluster,
          namespace,
          pods: String(pods),
          workloads: names(workloads),
        };
        return why === 'identity'
          ? t('statement.restartNeededIdentity', words)
          : t('statement.restartNeededDns', words);
      }
      case 'mtlsChanges':
        return t('statement.mtlsChanges', statement.parameters);
      case 'authorityChanges':
        return t('statement.authorityChanges', statement.parameters);
      case 'conditionAppears':
      case 'conditionEnds':
        return t(`statement.${statement.kind}`, {
          message: statement.parameters.condition.message,
        });
      case 'objectsChange': {
        const { cluster, create, update } = statement.parameters;
        return t('statement.objectsChange', {
          cluster,
          create: String(create),
          update: String(update),
          delete: String(statement.parameters.delete),
        });
      }
      case 'clusterSilent': {
        const { cluster, state, dataAt } = statement.parameters;
        return dataAt === null
          ? t('statement.clusterNever', { cluster })
          : t('statement.clusterSilent', { cluster, state, age: age(dataAt) });
      }
      case 'paused': {
        const { gns, cluster } = statement.parameters;
        return gns === null
          ? t('statement.pausedCluster', { name: cluster ?? '' })
          : t('statement.pausedGns', { name: gns });
      }
      case 'notAdmittedYet': {
        const { callers, by } = statement.parameters;
        return t('statement.notAdmittedYet', {
          callers: names(callers),
          by: names(by),
        });
      }
      case 'drained': {
        const { cluster, hosts } = statement.parameters;
        return t('statement.drained', { cluster, hosts: names(hosts) });
      }
      case 'frozen': {
        const { cluster, globalNamespaces } = statement.parameters;
        return t('statement.frozen', {
          cluster,
          globalNamespaces: names(globalNamespaces),
        });
      }
      case 'emptied': {
        const { cluster, objects } = statement.parameters;
        return t('statement.emptied', { cluster, objects: String(objects) });
      }
      case 'nothingChanges':
        return t('statement.nothingChanges');
      default:
        return unknownStatement(statement);
    }
  };
}

/** A hub that is newer than this page: its own words rather than none. */
function unknownStatement(statement: never): string {
  return (statement as Statement).text;
}

const WHYS = ['notMeasured', 'stale', 'partial'] as const;
function isWhy(why: string | null): why is (typeof WHYS)[number] {
  return WHYS.some(known => known === why);
}

/** The numbers of a change as its first sentence. */
export function useTotalsText(): (totals: ChangeTotals) => string {
  const { t } = useGnsTranslation();
  const { share } = useWords();
  return totals => {
    const parts: string[] = [];
    const joining: string[] = [];
    if (totals.servicesJoin > 0) {
      joining.push(t('change.servicesJoin', { count: totals.servicesJoin }));
    }
    if (totals.servicesLeave > 0) {
      joining.push(t('change.servicesLeave', { count: totals.servicesLeave }));
    }
    if (joining.length > 0) parts.push(joining.join(', '));
    if (totals.callersLose > 0) {
      parts.push(t('change.callersLose', { count: totals.callersLose }));
    }
    if (totals.callersGain > 0) {
      parts.push(t('change.callersGain', { count: totals.callersGain }));
    }
    if (totals.podsToRestart > 0) {
      parts.push(t('change.restart', { count: totals.podsToRestart }));
    }
    if (parts.length > 0) {
      parts.push(
        totals.crossClusterShare === null
          ? t('change.shareUnknown')
          : t('change.share', { share: share(totals.crossClusterShare) }),
      );
    }
    return parts.length > 0 ? parts.join('; ') : t('change.nothing');
  };
}
