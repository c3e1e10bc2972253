// Writes src/api/schema.d.ts from the committed openapi.json: the only thing known of the server.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(
  await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);
const said = astToString(await openapiTS(document, { alphabetize: true }));
await writeFile(new URL('../src/api/schema.d.ts', import.meta.url), said);
