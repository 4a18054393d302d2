import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import { Alert, Button, Card, CardBody, CardHeader, Text } from '@backstage/ui';
import {
  type IdentityApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { type SignInPageProps } from '@backstage/plugin-app-react';
import { portalTranslationRef } from '../../translation';
import { LogoIcon } from '../nav/LogoIcon';
import styles from './PersonaSignIn.module.css';
import {
  type Persona,
  PERSONAS,
  rememberedPersona,
  rememberPersona,
} from './personas';

/** Three people to be. The choice lasts for the browser tab, until sign-out. */
export function PersonaSignIn(props: SignInPageProps) {
  const { t } = useTranslationRef(portalTranslationRef);
  const [chosen, setChosen] = useState(() => rememberedPersona(sessionStorage));
  if (chosen) {
    return (
      <ProxiedSignInPage
        provider={`demo-${chosen.id}`}
        onSignInSuccess={identity =>
          props.onSignInSuccess(forgetOnSignOut(identity))
        }
        ErrorComponent={({ error }) => (
          <SignInFailed
            error={error}
            onBack={() => {
              rememberPersona(sessionStorage);
              setChosen(undefined);
            }}
          />
        )}
      />
    );
  }
  const texts: Record<Persona['id'], [string, string]> = {
    admin: [t('signIn.adminRole'), t('signIn.adminText')],
    developer: [t('signIn.developerRole'), t('signIn.developerText')],
    visitor: [t('signIn.visitorRole'), t('signIn.visitorText')],
  };
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <LogoIcon size={56} colour="#1d9c89" />
        <Text as="h1" variant="title-large" weight="bold">
          {t('signIn.title')}
        </Text>
        <Text color="secondary" variant="title-x-small">
          {t('signIn.claim')}
        </Text>
      </header>
      <Text as="p" variant="body-large" className={styles.demo}>
        {t('signIn.demo')}
      </Text>
      <ul className={styles.people}>
        {PERSONAS.map(persona => {
          const [role, text] = texts[persona.id];
          return (
            <li key={persona.id}>
              <Card className={styles.person}>
                <CardHeader>
                  <Text as="h2" variant="title-small" weight="bold">
                    {persona.name}
                  </Text>
                  <Text color="secondary">{role}</Text>
                </CardHeader>
                <CardBody>
                  <Text as="p">{text}</Text>
                </CardBody>
                <div className={styles.enter}>
                  <Button
                    onPress={() => {
                      rememberPersona(sessionStorage, persona);
                      setChosen(persona);
                    }}
                  >
                    {t('signIn.as', { name: persona.name })}
                  </Button>
                </div>
              </Card>
            </li>
          );
        })}
      </ul>
    </main>
  );
}

function SignInFailed(props: { error?: Error; onBack: () => void }) {
  const { t } = useTranslationRef(portalTranslationRef);
  return (
    <main className={styles.page}>
      <Alert
        status="danger"
        icon
        role="alert"
        title={t('signIn.failedTitle')}
        description={
          <>
            {t('signIn.failedText')}
            <div>{props.error?.message}</div>
          </>
        }
        customActions={
          <Button variant="secondary" onPress={props.onBack}>
            {t('signIn.others')}
          </Button>
        }
      />
    </main>
  );
}

/** The same identity, which forgets the chosen person when it signs out. */
function forgetOnSignOut(identity: IdentityApi): IdentityApi {
  return {
    getProfileInfo: () => identity.getProfileInfo(),
    getBackstageIdentity: () => identity.getBackstageIdentity(),
    getCredentials: () => identity.getCredentials(),
    signOut: async () => {
      rememberPersona(sessionStorage);
      await identity.signOut();
    },
  };
}
