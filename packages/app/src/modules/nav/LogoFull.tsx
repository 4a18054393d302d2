import { LOGO_COLOUR, LOGO_PATH } from './LogoIcon';

const NAME = 'Isthmus';

/** The mark with the name. */
export const LogoFull = () => (
  <svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 140 32"
    width={132}
    height={30}
    aria-hidden
  >
    <path fill={LOGO_COLOUR} d={LOGO_PATH} />
    <text
      x={42}
      y={24}
      fill={LOGO_COLOUR}
      fontFamily="Helvetica Neue, Helvetica, Arial, sans-serif"
      fontSize={24}
      fontWeight={700}
      // Fonts differ in width; the name must not.
      textLength={92}
      lengthAdjust="spacingAndGlyphs"
    >
      {NAME}
    </text>
  </svg>
);
