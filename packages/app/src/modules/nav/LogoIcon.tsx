/** The mark: two lands and the narrow way between them, which is also an I. */
export const LOGO_PATH =
  'M5 2h22a3 3 0 0 1 3 3v3.5c0 3.5-11 3-11 7.5s11 4 11 7.5V27a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3v-3.5C2 20 13 20.5 13 16S2 12 2 8.5V5a3 3 0 0 1 3-3z';

/** Readable on the dark sidebar. */
export const LOGO_COLOUR = '#7df3e1';

/** The mark alone, `size` pixels high. */
export const LogoIcon = (props: { size?: number; colour?: string }) => (
  <svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 32 32"
    width={props.size ?? 28}
    height={props.size ?? 28}
    aria-hidden
  >
    <path fill={props.colour ?? LOGO_COLOUR} d={LOGO_PATH} />
  </svg>
);
