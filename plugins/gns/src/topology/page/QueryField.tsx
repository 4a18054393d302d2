import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { RiCloseLine, RiEyeOffLine, RiSearchLine } from '@remixicon/react';
import { useGnsTranslation } from '../../useGnsTranslation';
import { complete, type Completion } from '../query/complete';
import { type Subject } from '../query/operands';
import { type ParsedQuery } from '../query/parse';
import styles from './page.module.css';

/** A question to the graph, with completion and what is wrong with it. */
export function QueryField(props: {
  purpose: 'find' | 'hide';
  value: string;
  parsed: ParsedQuery;
  subjects: () => Iterable<Subject>;
  /** How many were found; absent: nothing is asked. */
  found?: number;
  onChange: (value: string) => void;
}) {
  const { purpose, value, parsed, onChange } = props;
  const { t } = useGnsTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { subjects } = props;
  const offered = useMemo(
    () => (isOpen ? complete(value, cursor, subjects()) : undefined),
    [isOpen, value, cursor, subjects],
  );
  const options = offered?.options ?? [];
  const isShown = isOpen && options.length > 0;
  // While somebody types, an unfinished question is not wrong yet.
  const problem =
    parsed.problem && (!isOpen || parsed.problem.to < value.length)
      ? parsed.problem
      : undefined;

  const choose = (option: Completion) => {
    if (!offered) return;
    const isClosing = option.text === '(';
    const put = `${option.text}${isClosing ? '' : ' '}`;
    const next = value.slice(0, offered.from) + put + value.slice(offered.to);
    const end = offered.from + put.length;
    onChange(next);
    setCursor(end);
    setActive(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(end, end);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      const turn = event.key === 'ArrowDown' ? 1 : -1;
      setActive(now => {
        const count = options.length;
        if (count === 0) return -1;
        return now < 0 && turn < 0 ? count - 1 : (now + turn + count) % count;
      });
    } else if (event.key === 'Enter' && isShown && active >= 0) {
      event.preventDefault();
      choose(options[active]);
    } else if (event.key === 'Enter') {
      setIsOpen(false);
    } else if (event.key === 'Tab' && isShown && !event.shiftKey) {
      // As in a shell: the one that is meant, if there is only one.
      if (active >= 0 || options.length === 1) {
        event.preventDefault();
        choose(options[Math.max(0, active)]);
      }
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setIsOpen(false);
      setActive(-1);
    }
  };
  const Icon = purpose === 'find' ? RiSearchLine : RiEyeOffLine;
  return (
    <div className={styles.query}>
      <div className={styles.queryBox} data-invalid={problem !== undefined}>
        <Icon size={16} aria-hidden />
        <input
          ref={input}
          role="combobox"
          aria-label={t(`query.${purpose}`)}
          aria-expanded={isShown}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-note`}
          aria-activedescendant={
            isShown && active >= 0 ? `${id}-${active}` : undefined
          }
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={t(`query.${purpose}`)}
          value={value}
          onChange={event => {
            onChange(event.target.value);
            setCursor(event.target.selectionStart ?? event.target.value.length);
            setIsOpen(true);
            setActive(-1);
          }}
          onSelect={event =>
            setCursor(event.currentTarget.selectionStart ?? value.length)
          }
          onFocus={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onKeyDown={onKeyDown}
        />
        {value ? (
          <button
            type="button"
            className={styles.clear}
            aria-label={t(`query.clear_${purpose}`)}
            onClick={() => onChange('')}
          >
            <RiCloseLine size={16} aria-hidden />
          </button>
        ) : null}
      </div>
      <ul
        id={`${id}-options`}
        role="listbox"
        aria-label={t('query.completions')}
        className={styles.options}
        hidden={!isShown}
      >
        {options.map((option, i) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keyboard chooses in the input, as comboboxes do
          <li
            key={option.text}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === active}
            className={styles.option}
            // The input keeps the focus.
            onMouseDown={event => event.preventDefault()}
            onClick={() => choose(option)}
          >
            <code>{option.text}</code>
            <span>{t(`completion.${option.kind}`)}</span>
          </li>
        ))}
      </ul>
      <span id={`${id}-note`} className={styles.note} role="status">
        {problem
          ? t(`queryProblem.${problem.reason}`, { text: problem.text })
          : null}
        {!problem && props.found !== undefined
          ? t('query.found', { count: props.found })
          : null}
      </span>
    </div>
  );
}
