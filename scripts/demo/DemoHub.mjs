import { readFileSync } from 'node:fs';

const LIMIT_MS = 180_000;

/** The hub's REST API as the set-up of the demo uses it. */
export class DemoHub {
  #base;
  #token;

  constructor(base, token) {
    this.#base = base;
    this.#token = token;
  }

  async #send(method, path, { body, headers } = {}) {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body:
        typeof body === 'string'
          ? body
          : body === undefined
          ? undefined
          : JSON.stringify(body),
    });
    return response;
  }

  async #expect(response, ...statuses) {
    if (!statuses.includes(response.status)) {
      throw new Error(
        `${response.url} answered ${response.status}: ${(
          await response.text()
        ).slice(0, 1000)}`,
      );
    }
    return response;
  }

  /** Polls until `check` answers something truthy. */
  async #until(what, check) {
    const end = Date.now() + LIMIT_MS;
    let last;
    while (Date.now() < end) {
      try {
        const value = await check();
        if (value) return value;
        last = undefined;
      } catch (error) {
        last = error;
      }
      await new Promise(resolve => setTimeout(resolve, 500));
    }
    throw new Error(
      `${what} did not happen within ${LIMIT_MS / 1000} s${
        last ? `: ${last.message}` : ''
      }.`,
    );
  }

  ready() {
    return this.#until(
      'The start of the portal',
      async () => (await this.#send('GET', '/hub')).ok,
    );
  }

  /** People sign in against the catalog: it must have read its example files. */
  catalogRead(url) {
    return this.#until('The reading of the catalog', async () => {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${this.#token}` },
      });
      return response.ok;
    });
  }

  async #cluster(name) {
    const response = await this.#expect(
      await this.#send('GET', `/clusters/${name}`),
      200,
      404,
    );
    return response.status === 200 ? response.json() : undefined;
  }

  /** True while the hub does not know the cluster, or knows it but never met its controller. */
  async needsToken(name) {
    const cluster = await this.#cluster(name);
    return !cluster || cluster.state === 'waiting';
  }

  /** Registers the cluster, or renews its token; answers the join token. */
  async register({ name, title, labels = {} }) {
    const known = await this.#cluster(name);
    const response = known
      ? await this.#send('POST', `/clusters/${name}/token`)
      : await this.#send('POST', '/clusters', {
          body: {
            name,
            title,
            labels: { ...labels, 'gns.isthmus.dev/simulated': 'true' },
          },
        });
    return (await (await this.#expect(response, 200, 201)).json()).token;
  }

  waitForClusters(names) {
    return this.#until('The join of all clusters', async () => {
      const { items } = await (
        await this.#expect(await this.#send('GET', '/clusters'), 200)
      ).json();
      return names.every(n =>
        items.some(c => c.name === n && c.state === 'enrolled' && c.lastSeenAt),
      );
    });
  }

  /** Creates the definitions in a YAML file; leaves those that are there already as they are. */
  async defineOnce(file) {
    for (const text of readFileSync(file, 'utf8').split(/^---$/m)) {
      const field = name =>
        new RegExp(`^ *${name}: (\\S+)$`, 'm').exec(text)?.[1];
      const path = [field('kind'), field('gns'), field('name')]
        .filter(Boolean)
        .join('/');
      await this.#expect(
        await this.#send('PUT', `/definitions/${path}`, {
          body: text,
          headers: {
            'content-type': 'application/yaml',
            'if-none-match': '*',
            'gns-message': encodeURIComponent('Set up by the demo'),
          },
        }),
        200,
        201,
        412,
      );
    }
  }

  /**
   * What a platform engineer does who knows that nobody calls from outside:
   * traffic before the definition was not measured for it, so the hub asks once all pods were restarted.
   *
   * @param stopped - answers true when nobody wants it any more
   */
  giveUpUnmeasured(name, stopped) {
    const path = `/global-namespaces/${name}/authority`;
    return this.#until(`The joining of ${name}`, async () => {
      if (stopped()) return true;
      const { transition } = await (
        await this.#expect(await this.#send('GET', path), 200)
      ).json();
      const { members } = transition;
      // It went on by itself: traffic was measured long enough.
      if (members.length > 0 && members.every(m => m.phase !== 'adopt')) {
        return true;
      }
      const reasons = transition.waits.map(wait => wait.reason);
      if (
        reasons.length === 0 ||
        reasons.some(reason => reason !== 'callersUnknown')
      ) {
        return false;
      }
      await this.#expect(
        await this.#send('POST', `${path}/transition`, {
          body: {
            waiveUnmeasured: true,
            reason: 'The demo knows that nobody calls from outside',
          },
        }),
        200,
      );
      return true;
    });
  }

  waitForServices(name, count) {
    return this.#until(`${count} services in ${name}`, async () => {
      const response = await this.#expect(
        await this.#send('GET', `/global-namespaces/${name}`),
        200,
      );
      const status = await response.json();
      const ready = status.globalServices.filter(service =>
        service.endpoints.some(endpoint => endpoint.ready),
      );
      // Every namespace shall have told its proxies before anybody restarts them.
      return ready.length >= count && status.rollout.every(r => r.upToDate)
        ? status
        : undefined;
    });
  }
}
