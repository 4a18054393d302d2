import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Texts of this portal itself. */
export const portalTranslationRef = createTranslationRef({
  id: 'isthmus-portal',
  messages: {
    nav: {
      home: 'Home',
      search: 'Search',
      menu: 'Menu',
      settings: 'Settings',
      globalNamespaces: 'Global namespaces',
    },
    signIn: {
      title: 'Isthmus',
      claim: 'Global namespaces for Istio',
      demo: 'This is the demo: its clusters are simulated. Choose whom to be.',
      as: 'Enter as {{name}}',
      others: 'Somebody else',
      failedTitle: 'Sign-in failed',
      failedText:
        'The backend does not offer this person. Is it running, with auth.environment: development and demo.personas: true?',
      adminRole: 'Platform admin',
      adminText:
        'Runs the mesh: edits every global namespace, connects clusters, decides on held changes.',
      developerRole: 'Shop developer',
      developerText:
        'Owns the web shop: edits its global namespace, sees the rest.',
      visitorRole: 'Visitor',
      visitorText: 'Looks around and changes nothing.',
    },
  },
  translations: { ja: () => import('./translations/ja') },
});
