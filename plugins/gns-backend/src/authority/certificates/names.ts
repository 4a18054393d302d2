import {
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509';

const TYPES = { O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' } as const;

/** A distinguished name, most significant part first. */
export type DistinguishedName = readonly (readonly [
  keyof typeof TYPES,
  string,
])[];

/** One attribute per RDN, UTF8String. */
export function toAsnName(name: DistinguishedName): Name {
  return new Name(
    name.map(
      ([type, value]) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({
            type: TYPES[type],
            value: new AttributeValue({ utf8String: value }),
          }),
        ]),
    ),
  );
}

/** Subject of a root, distinct per key. */
export function rootSubject(gns: string, keyId: string): DistinguishedName {
  return [
    ['O', gns],
    ['CN', `root ${keyId}`],
  ];
}
