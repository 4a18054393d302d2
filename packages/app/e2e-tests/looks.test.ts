import { expect, test } from '@playwright/test';
import { enterAs, violations } from './support';

/** Every page, and what it shows once it is there, in English and in Japanese. */
const PAGES: [path: string, en: string | RegExp, ja?: string | RegExp][] = [
  ['/gns', 'shop.gns.example'],
  ['/gns/slos', 'The storefront answers'],
  [
    '/gns/shop/slos/storefront-answers',
    'Error budget over time',
    'エラーバジェットの推移',
  ],
  ['/gns/clusters', 'AWS Frankfurt'],
  [
    '/gns/-/clusters/aws-frankfurt',
    'Other clusters reach its gateway',
    '他クラスタからゲートウェイに到達できる',
  ],
  [
    '/gns/-/connect',
    'Which cluster shall join?',
    'どのクラスタを参加させますか',
  ],
  ['/gns/decisions', 'Nothing waits for a decision', '判断待ちはありません'],
  [
    '/gns/diagnose?from=aws-frankfurt/shop-web&to=shop/accounts',
    'Membership',
    'メンバーシップ',
  ],
  ['/gns/shop', 'accounts.shop.gns.example'],
  // A small window shows namespaces, a large one their services.
  ['/gns/shop/topology', /^(recommendations|shop-api)$/],
  ['/gns/shop/services', 'accounts.shop.gns.example'],
  ['/gns/shop/services/accounts', 'Who can call it', '呼び出せる場所'],
  ['/gns/shop/clusters', 'store-edge'],
  ['/gns/shop/edit', 'Review the change', '変更を確認する'],
  ['/gns/shop/history', 'Set up by the demo'],
  ['/gns/bank/identity', 'Chain of trust', '信頼の連鎖'],
  ['/catalog/default/component/storefront', 'storefront.shop.gns.example'],
];

const LOOKS = [
  { colorScheme: 'light', language: 'en', width: 1400 },
  { colorScheme: 'dark', language: 'ja', width: 1400 },
  { colorScheme: 'dark', language: 'en', width: 800 },
  { colorScheme: 'light', language: 'ja', width: 320 },
] as const;

for (const { colorScheme, language, width } of LOOKS) {
  test(`pages have no accessibility violations and fit, ${colorScheme}, ${language}, ${width} px`, async ({
    browser,
  }) => {
    test.setTimeout(300_000);
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 900 },
    });
    const page = await context.newPage();
    const found: string[] = [];
    await enterAs(page, 'Ada');
    await page.evaluate(
      chosen => localStorage.setItem('language', chosen),
      language,
    );
    for (const [path, en, ja = en] of PAGES) {
      await page.goto(path);
      await expect(
        page.getByText(language === 'ja' ? ja : en).first(),
      ).toBeVisible();
      await expect(
        page.locator('[class*="Skeleton"], [role="progressbar"]'),
      ).toHaveCount(0);
      await page.screenshot({
        path: `artifacts/screenshots/${path
          .slice(1)
          .replace(/\?.*/, '')
          .replaceAll('/', '-')}-${colorScheme}-${language}-${width}.png`,
        animations: 'disabled',
      });
      for (const one of await violations(page)) found.push(`${path} ${one}`);
      // The entity's page is Backstage's: its tabs are wider than a phone.
      if (path.startsWith('/gns')) {
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        if (wider > 0) found.push(`${path} scrolls sideways by ${wider} px`);
      }
    }
    await context.close();
    expect(found).toEqual([]);
  });
}
