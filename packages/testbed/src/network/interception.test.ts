import { interceptionRules } from './interception';

describe('interceptionRules', () => {
  it('leaves DNS alone unless asked to capture it', () => {
    expect(interceptionRules({ captureDns: false })).not.toContain('15053');
    const captured = interceptionRules({ captureDns: true }).split('\n');
    const own = captured.findIndex(rule =>
      rule.startsWith('-A OUTPUT -p udp --dport 53 -m owner --uid-owner 1337'),
    );
    const others = captured.indexOf(
      '-A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 15053',
    );
    // The agent's own questions go to the cluster's DNS, or they would come back to it.
    expect(own).toBeGreaterThan(0);
    expect(others).toBeGreaterThan(own);
  });

  it('lets the proxy’s own ports and traffic through before it redirects the rest', () => {
    const rules = interceptionRules({ captureDns: false }).split('\n');
    const at = (rule: string) => {
      expect(rules).toContain(rule);
      return rules.indexOf(rule);
    };
    expect(at('-A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN')).toBeLessThan(
      at('-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT'),
    );
    expect(
      at('-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN'),
    ).toBeLessThan(at('-A ISTIO_OUTPUT -j ISTIO_REDIRECT'));
  });
});
