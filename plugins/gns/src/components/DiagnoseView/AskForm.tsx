import { type FormEvent, useState } from 'react';
import { Button, Combobox, TextField } from '@backstage/ui';
import { useGnsTranslation } from '../../useGnsTranslation';
import { isPort, type Question } from './question';
import styles from './diagnose.module.css';
import { useEntityRefs } from './useEntityRefs';
import { useSubjects } from './useSubjects';

/** Picks or writes who calls whom. */
export function AskForm(props: {
  asked: Question;
  onAsk: (question: Question) => void;
}) {
  const { t } = useGnsTranslation();
  const [draft, setDraft] = useState(props.asked);
  const [tried, setTried] = useState(false);
  const { places, services } = useSubjects();
  const entities = useEntityRefs();
  const badPort = draft.port !== '' && !isPort(draft.port);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (draft.from === '' || draft.to === '' || badPort) return;
    props.onAsk(draft);
  };
  const options = (names: string[], what: string) =>
    names.map(name => ({ id: name, label: `${name} · ${what}` }));
  const ofPlaces = options(places, t('diagnose.place'));
  const ofServices = options(services, t('diagnose.service'));
  const ofEntities = options(entities, t('diagnose.entity'));
  const missing = (text: string) =>
    tried && text === '' ? t('diagnose.required') : null;
  return (
    <form className={styles.form} onSubmit={ask} noValidate>
      <Subject
        label={t('diagnose.from')}
        description={t('diagnose.fromText')}
        options={[...ofPlaces, ...ofServices, ...ofEntities]}
        text={draft.from}
        onText={from => setDraft({ ...draft, from })}
        problem={missing(draft.from)}
      />
      <Subject
        label={t('diagnose.to')}
        description={t('diagnose.toText')}
        options={[...ofServices, ...ofEntities]}
        text={draft.to}
        onText={to => setDraft({ ...draft, to })}
        problem={missing(draft.to)}
      />
      <TextField
        className={styles.port}
        label={t('diagnose.port')}
        description={t('diagnose.portText')}
        value={draft.port}
        onChange={port => setDraft({ ...draft, port: port.trim() })}
        validationBehavior="aria"
        validate={() => (badPort ? t('diagnose.badPort') : null)}
      />
      <div className={styles.ask}>
        <Button type="submit">{t('diagnose.ask')}</Button>
      </div>
    </form>
  );
}

function Subject(props: {
  label: string;
  description: string;
  options: { id: string; label: string }[];
  text: string;
  onText: (text: string) => void;
  problem: string | null;
}) {
  const { text } = props;
  const known = props.options.find(one => one.id === text);
  return (
    <Combobox
      label={props.label}
      description={props.description}
      options={props.options}
      search={{
        inputValue: known?.label ?? text,
        onInputChange: typed => {
          const picked = props.options.find(one => one.label === typed);
          props.onText(picked?.id ?? typed.trim());
        },
      }}
      value={known?.id ?? null}
      onChange={key => key !== null && props.onText(String(key))}
      allowsCustomValue
      validationBehavior="aria"
      validate={() => props.problem}
    />
  );
}
