const ja = {
  'nav.home': 'ホーム',
  'nav.search': '検索',
  'nav.menu': 'メニュー',
  'nav.settings': '設定',
  'nav.globalNamespaces': 'グローバル名前空間',
  'signIn.title': 'Isthmus',
  'signIn.claim': 'Istio のグローバル名前空間',
  'signIn.demo':
    'これはデモで、クラスタはシミュレーションです。誰として入るかを選んでください。',
  'signIn.as': '{{name}} として入る',
  'signIn.others': '別の人',
  'signIn.failedTitle': 'サインインできませんでした',
  'signIn.failedText':
    'バックエンドはこの人を提供していません。auth.environment: development と demo.personas: true で起動していますか。',
  'signIn.adminRole': 'プラットフォーム管理者',
  'signIn.adminText':
    'メッシュを運用します。すべてのグローバル名前空間を編集し、クラスタを接続し、保留中の変更を判断します。',
  'signIn.developerRole': 'ショップ開発者',
  'signIn.developerText':
    'ウェブショップの所有者です。そのグローバル名前空間を編集し、ほかは閲覧します。',
  'signIn.visitorRole': '訪問者',
  'signIn.visitorText': '見るだけで、何も変更しません。',
};

export default ja;
