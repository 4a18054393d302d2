import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import type { FieldProblem } from './statusErrors';
import { badRequest, invalid } from './statusErrors';
import type { StructuralSchema } from './structuralSchema';
import { STRUCTURAL_SCHEMAS } from './structuralSchema';

const SUBDOMAIN =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const DATA_KEY = /^[-._a-zA-Z0-9]+$/;
const DATA_KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** A Kubernetes object holds at most this many bytes in a ConfigMap or Secret. */
const MAX_DATA_BYTES = 1_048_576;

/** RBAC names are path segments: `system:node` is one. */
function nameProblem(type: ResourceType, name: string): string | undefined {
  if (type.group === 'rbac.authorization.k8s.io') {
    return /[/%]/.test(name) || name === '.' || name === '..'
      ? `may not contain '/'`
      : undefined;
  }
  if (type.kind === 'Service' && type.group === '') {
    return SERVICE_NAME.test(name) && name.length <= 63
      ? undefined
      : SERVICE_RULE;
  }
  if (type.kind === 'Namespace') {
    return LABEL.test(name) && name.length <= 63 ? undefined : LABEL_RULE;
  }
  return SUBDOMAIN.test(name) && name.length <= 253
    ? undefined
    : SUBDOMAIN_RULE;
}

function quote(value: unknown): string {
  return JSON.stringify(value);
}

function metadataProblems(
  type: ResourceType,
  object: KubernetesObject,
): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { name, labels } = object.metadata;
  if (!name) {
    problems.push({
      field: 'metadata.name',
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
    });
  } else {
    const problem = nameProblem(type, name);
    if (problem) {
      problems.push({
        field: 'metadata.name',
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${quote(name)}: ${problem}`,
      });
    }
  }
  for (const value of Object.values(labels ?? {})) {
    if (!LABEL_VALUE.test(value) || value.length > 63) {
      const why =
        value.length > 63
          ? 'must be no more than 63 characters'
          : LABEL_VALUE_RULE;
      problems.push({
        field: 'metadata.labels',
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${quote(value)}: ${why}`,
      });
    }
  }
  return problems;
}

function dataKeyProblems(object: JsonObject): FieldProblem[] {
  const keys = Object.keys(isJsonObject(object.data) ? object.data : {});
  return keys
    .filter(key => !DATA_KEY.test(key))
    .map(key => ({
      field: `data[${key}]`,
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${quote(key)}: ${DATA_KEY_RULE}`,
    }));
}

function servicePortProblems(spec: JsonObject): FieldProblem[] {
  const ports = (Array.isArray(spec.ports) ? spec.ports : []).filter(
    isJsonObject,
  );
  const needsPorts = spec.type !== 'ExternalName' && spec.clusterIP !== 'None';
  if (ports.length === 0) {
    const reason = 'FieldValueRequired';
    const message = 'Required value';
    return needsPorts ? [{ field: 'spec.ports', reason, message }] : [];
  }
  const names = ports.map(port => port.name ?? '');
  return names.flatMap<FieldProblem>((name, i) => {
    const field = `spec.ports[${i}].name`;
    if (name === '') {
      return ports.length === 1
        ? []
        : [{ field, reason: 'FieldValueRequired', message: 'Required value' }];
    }
    return names.indexOf(name) === i
      ? []
      : [
          {
            field,
            reason: 'FieldValueDuplicate',
            message: `Duplicate value: ${quote(name)}`,
          },
        ];
  });
}

function builtInProblems(object: KubernetesObject): FieldProblem[] {
  const json = object as unknown as JsonObject;
  const spec = isJsonObject(json.spec) ? json.spec : {};
  switch (`${object.apiVersion}/${object.kind}`) {
    case 'v1/Service':
      return servicePortProblems(spec);
    case 'v1/ConfigMap':
    case 'v1/Secret': {
      let size = 0;
      for (const field of [json.data, json.binaryData]) {
        for (const value of Object.values(isJsonObject(field) ? field : {})) {
          const bytes = String(value).length;
          size += object.kind === 'Secret' ? (bytes * 3) / 4 : bytes;
        }
      }
      const problems = dataKeyProblems(json);
      if (size > MAX_DATA_BYTES) {
        problems.push({
          field: object.kind === 'Secret' ? 'data' : '',
          reason: 'FieldValueTooLong',
          message: `Too long: may not be more than ${MAX_DATA_BYTES} bytes`,
        });
      }
      return problems;
    }
    default:
      return [];
  }
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') {
    return Number.isInteger(value) ? 'integer' : 'number';
  }
  return typeof value;
}

interface Walk {
  problems: FieldProblem[];
  /** From `x-kubernetes-validations`: checked only when the types are right. */
  rules: FieldProblem[];
  unknown: string[];
}

/** Checks a value and returns it without unknown fields. */
function check(
  schema: StructuralSchema,
  value: Json,
  path: string,
  walk: Walk,
): Json {
  const actual = typeName(value);
  if (actual !== schema.type) {
    walk.problems.push({
      field: path,
      reason: 'FieldValueTypeInvalid',
      message: `Invalid value: ${quote(
        actual,
      )}: ${path} in body must be of type ${schema.type}: ${quote(actual)}`,
    });
    return value;
  }
  let result = value;
  if (schema.type === 'object' && isJsonObject(value)) {
    result = checkObject(schema, value, path, walk);
  } else if (schema.type === 'array' && Array.isArray(value)) {
    const { items, minItems = 0 } = schema;
    if (value.length < minItems) {
      walk.problems.push({
        field: path,
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${value.length}: ${path} in body should have at least ${minItems} items`,
      });
    }
    if (items) {
      result = value.map((item, i) =>
        check(items, item, `${path}[${i}]`, walk),
      );
    }
  } else if (schema.type === 'string' && schema.enum) {
    if (!schema.enum.includes(String(value))) {
      walk.problems.push({
        field: path,
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${quote(
          value,
        )}: supported values: ${schema.enum.map(quote).join(', ')}`,
      });
    }
  }
  for (const { message, holds } of 'rules' in schema
    ? schema.rules ?? []
    : []) {
    if (walk.problems.length > 0) break;
    if (!holds(result as never)) {
      walk.rules.push({
        field: path,
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${
          isJsonObject(result) || Array.isArray(result)
            ? quote(typeName(result))
            : quote(result)
        }: ${message}`,
      });
    }
  }
  return result;
}

function checkObject(
  schema: Extract<StructuralSchema, { type: 'object' }>,
  value: JsonObject,
  path: string,
  walk: Walk,
): JsonObject {
  const at = (key: string) => (path ? `${path}.${key}` : key);
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) {
      walk.problems.push({
        field: at(key),
        reason: 'FieldValueRequired',
        message: 'Required value',
      });
    }
  }
  const result: JsonObject = {};
  for (const [key, below] of Object.entries(value)) {
    if (schema.fields) {
      if (!Object.hasOwn(schema.fields, key)) {
        walk.unknown.push(at(key));
        continue;
      }
      result[key] = check(schema.fields[key], below, at(key), walk);
    } else if (schema.values) {
      result[key] = check(schema.values, below, at(key), walk);
    } else {
      result[key] = below;
    }
  }
  return result;
}

/** What validation made of an object. */
export interface Validated {
  object: KubernetesObject;
  /** Texts for `Warning` headers. */
  warnings: string[];
}

/**
 * Drops unknown fields of custom resources whose schema is known.
 *
 * @throws 400 with `fieldValidation: Strict`
 */
export function pruneUnknownFields(
  type: ResourceType,
  object: KubernetesObject,
  fieldValidation: string,
): Validated {
  const schema = STRUCTURAL_SCHEMAS[`${apiVersionOf(type)}/${type.kind}`];
  if (!schema) return { object, warnings: [] };
  const walk: Walk = { problems: [], rules: [], unknown: [] };
  const pruned = check(schema, object as unknown as Json, '', walk);
  const unknown = walk.unknown.map(path => `unknown field "${path}"`);
  if (unknown.length > 0 && fieldValidation === 'Strict') {
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${
        type.kind
      }: strict decoding error: ${unknown.join(', ')}`,
    );
  }
  return {
    object: pruned as unknown as KubernetesObject,
    warnings: fieldValidation === 'Ignore' ? [] : unknown,
  };
}

const NOT_ALL_CHECKED: FieldProblem = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** Throws 422 with every problem of the object. */
export function validateObject(type: ResourceType, object: KubernetesObject) {
  const problems = metadataProblems(type, object);
  problems.push(...builtInProblems(object));
  const schema = STRUCTURAL_SCHEMAS[`${apiVersionOf(type)}/${type.kind}`];
  if (schema) {
    const walk: Walk = { problems: [], rules: [], unknown: [] };
    check(schema, object as unknown as Json, '', walk);
    const onlyLength = walk.problems.every(p =>
      /at least \d+ items/.test(p.message),
    );
    problems.push(...walk.problems);
    if (onlyLength) problems.push(...walk.rules);
    if (walk.problems.length > 0 && !onlyLength) problems.push(NOT_ALL_CHECKED);
  }
  if (problems.length > 0) {
    throw invalid(type, object.metadata.name ?? '', problems);
  }
}
