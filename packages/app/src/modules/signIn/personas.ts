import { type ConfigApi } from '@backstage/frontend-plugin-api';

/** A person of the demo; the backend signs in whoever asks as `demo-<id>`. */
export interface Persona {
  id: 'admin' | 'developer' | 'visitor';
  name: string;
}

export const PERSONAS: readonly Persona[] = [
  { id: 'admin', name: 'Ada' },
  { id: 'developer', name: 'Grace' },
  { id: 'visitor', name: 'Vera' },
];

/** Whether this portal is the demo: asked for, and under development. */
export function personasOffered(config: ConfigApi): boolean {
  return (
    config.getOptionalBoolean('demo.personas') === true &&
    config.getOptionalString('auth.environment') === 'development'
  );
}

const REMEMBERED = 'isthmus.demo.persona';

/** Who was chosen in this browser tab before it was reloaded. */
export function rememberedPersona(storage: Storage): Persona | undefined {
  const id = storage.getItem(REMEMBERED);
  return PERSONAS.find(one => one.id === id);
}

/** Keeps or, without a person, forgets the choice. */
export function rememberPersona(storage: Storage, persona?: Persona): void {
  if (persona) storage.setItem(REMEMBERED, persona.id);
  else storage.removeItem(REMEMBERED);
}
