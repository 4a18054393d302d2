import { useState } from 'react';
import { ButtonIcon, Tooltip, TooltipTrigger } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useGnsTranslation } from '../../useGnsTranslation';

/** Copies one text and says so; a browser that refuses leaves the text to select. */
export function CopyButton(props: {
  text: string;
  /** What it is, where the text is too long to be read out. */
  name?: string;
}) {
  const { t } = useGnsTranslation();
  const [copied, setCopied] = useState(false);
  const label = copied
    ? t('common.copied')
    : t('common.copyWhat', { text: props.name ?? props.text });
  return (
    <TooltipTrigger onOpenChange={open => !open && setCopied(false)}>
      <ButtonIcon
        size="small"
        variant="tertiary"
        aria-label={label}
        icon={copied ? <RiCheckLine /> : <RiFileCopyLine />}
        onPress={() => {
          navigator.clipboard.writeText(props.text).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      />
      <Tooltip>{copied ? t('common.copied') : t('common.copy')}</Tooltip>
    </TooltipTrigger>
  );
}
