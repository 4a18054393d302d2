import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiQuestionFill,
} from '@remixicon/react';
import { type DiagnosisChain, type Link } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import pageStyles from '../GnsPage/GnsPage.module.css';
import { RelativeTime } from '../state/RelativeTime';
import styles from './diagnose.module.css';
import { useReasonText } from './useReasonText';
import { useSentences } from './useSentences';

const LOOKS = {
  ok: RiCheckboxCircleFill,
  broken: RiCloseCircleFill,
  unknown: RiQuestionFill,
} as const;

/** The links of a call in the order in which it meets them. */
export function Chain(props: { chain: DiagnosisChain }) {
  const { t } = useGnsTranslation();
  const { links, first } = props.chain;
  return (
    <ol className={styles.links} aria-label={t('diagnose.chain')}>
      {links.map(link => (
        <ChainLink key={link.link} link={link} isFirst={link.link === first} />
      ))}
    </ol>
  );
}

function ChainLink(props: { link: Link; isFirst: boolean }) {
  const { t } = useGnsTranslation();
  const reasonText = useReasonText();
  const sentences = useSentences();
  const { link, isFirst } = props;
  const Icon = LOOKS[link.state];
  // Nothing can be said of it before an earlier one is mended.
  const later = link.reason === 'earlierBroken';
  return (
    <li
      className={styles.link}
      data-state={link.state}
      aria-current={isFirst ? 'step' : undefined}
    >
      <Icon role="img" aria-label={t(`diagnose.state_${link.state}`)} />
      <div className={isFirst ? styles.first : undefined}>
        <strong className={later ? styles.later : undefined}>
          {t(`diagnose.link_${link.link}`)}
        </strong>
        <div className={later ? styles.later : undefined}>
          {reasonText(link)}
        </div>
        {later ? null : (
          <div className={pageStyles.message}>{sentences.why(link)}</div>
        )}
        {link.remedy ? (
          <div className={pageStyles.message}>
            <strong>{sentences.fix(link)}</strong>
          </div>
        ) : null}
        {link.evidence.length > 0 ? <EvidenceList link={link} /> : null}
      </div>
    </li>
  );
}

function EvidenceList(props: { link: Link }) {
  const { t } = useGnsTranslation();
  return (
    <dl className={styles.evidence} aria-label={t('diagnose.evidence')}>
      {props.link.evidence.map((one, i) => [
        <dt key={`${i} what`}>
          {one.cluster ? `${one.cluster}: ${one.what}` : one.what}
        </dt>,
        <dd key={i}>
          {one.found}{' '}
          <span className={pageStyles.quiet}>
            {one.at ? <RelativeTime at={one.at} /> : t('diagnose.hubsOwn')}
          </span>
        </dd>,
      ])}
    </dl>
  );
}
