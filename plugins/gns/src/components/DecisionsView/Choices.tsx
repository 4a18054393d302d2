import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';

/** One of a few, side by side. */
export function Choices<T extends string>(props: {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={props.label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[props.value]}
      onSelectionChange={keys => {
        const chosen = props.options.find(one => keys.has(one.value));
        if (chosen) props.onChange(chosen.value);
      }}
    >
      {props.options.map(one => (
        <ToggleButton key={one.value} id={one.value}>
          {one.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
