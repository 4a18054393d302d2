import { useState } from 'react';
import { Alert, Button, Checkbox } from '@backstage/ui';
import { type Transition } from '@isthmus/plugin-gns-common';
import { useGnsTranslation } from '../../useGnsTranslation';
import styles from './identity.module.css';
import moves from './moves.module.css';

/** Callers that will be refused, and the decision to give them up. */
export function OutsideCallers(props: {
  transition: Transition;
  mayDecide: boolean;
  /** The whole list of those given up, `<cluster>/<namespace>/<workload>`. */
  onWaive: (callers: string[]) => void;
  onWaiveUnmeasured: () => void;
}) {
  const { t } = useGnsTranslation();
  const { outside, unmeasuredWaived } = props.transition;
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  if (outside.state === 'unknown') {
    return (
      <Alert
        mt="3"
        status="warning"
        icon
        title={t('transition.outsideUnknown')}
        description={
          <>
            <div>{outside.reason}</div>
            {unmeasuredWaived ? <div>{t('transition.waived')}</div> : null}
          </>
        }
        customActions={
          props.mayDecide && !unmeasuredWaived ? (
            <Button
              size="small"
              variant="secondary"
              onPress={props.onWaiveUnmeasured}
            >
              {`${t('transition.waiveUnmeasured')}…`}
            </Button>
          ) : undefined
        }
      />
    );
  }
  const { callers } = outside;
  const idOf = (one: (typeof callers)[number]) =>
    `${one.cluster}/${one.namespace}/${one.workload}`;
  const given = new Set(callers.filter(one => one.waived).map(idOf));
  const marked = chosen ?? given;
  // A workload that calls several members is one caller.
  const ids = [...new Set(callers.map(idOf))];
  return (
    <>
      <h4 className={moves.heading}>{t('transition.outside')}</h4>
      {callers.length === 0 ? (
        <p className={styles.quiet}>{t('transition.outsideNone')}</p>
      ) : (
        <>
          <p className={styles.text}>{t('transition.outsideText')}</p>
          <ul className={moves.list}>
            {ids.map(id => {
              const text = t('transition.calls', {
                caller: id,
                member: callers
                  .filter(one => idOf(one) === id)
                  .map(({ calls }) => `${calls.cluster}/${calls.namespace}`)
                  .join(', '),
              });
              const words = given.has(id)
                ? `${text} (${t('transition.waived')})`
                : text;
              return (
                <li key={id}>
                  {props.mayDecide ? (
                    <Checkbox
                      isSelected={marked.has(id)}
                      onChange={on => {
                        const next = new Set(marked);
                        if (on) next.add(id);
                        else next.delete(id);
                        setChosen(next);
                      }}
                    >
                      {words}
                    </Checkbox>
                  ) : (
                    words
                  )}
                </li>
              );
            })}
          </ul>
          {props.mayDecide && chosen ? (
            <Button
              size="small"
              variant="secondary"
              onPress={() => props.onWaive(ids.filter(id => marked.has(id)))}
            >
              {`${t('transition.waive')}…`}
            </Button>
          ) : null}
        </>
      )}
    </>
  );
}
