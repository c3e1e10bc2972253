/** Who may ask, and who is told: projects, keys, webhooks. */
import { useQuery } from '@tanstack/react-query';
import { api, queries, take } from './client';
import type { components } from './schema';

export type Project = components['schemas']['ProjectSaid'];
export type Key = components['schemas']['Key'];
export type NewKey = components['schemas']['NewKey'];
export type Hook = components['schemas']['WebhookEndpoint'];
export type HookWithSecret = components['schemas']['WebhookEndpointWithSecret'];
export type HookEvent =
  | 'video.completed'
  | 'video.failed'
  | 'batch.completed'
  | 'batch.failed'
  | 'batch.expired'
  | 'batch.cancelled';

const PROJECTS = ['projects'];
const HOOKS = ['hooks'];
const keysOf = (project: string) => ['keys', project];
const deliveriesOf = (hook: string) => ['deliveries', hook];

/** All projects; refused where the key may not make others. */
export function useProjects() {
  return useQuery({
    queryKey: PROJECTS,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/projects', { signal })),
    retry: false,
  });
}

export async function makeProject(name: string): Promise<void> {
  await take(api.POST('/v1/kinema/projects', { body: { name } }));
  await queries.invalidateQueries({ queryKey: PROJECTS });
}

export function useKeysOf(project: string) {
  return useQuery({
    queryKey: keysOf(project),
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/projects/{project_id}/keys', {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  });
}

export async function makeKey(project: string, name: string, admin: boolean): Promise<NewKey> {
  const made = await take(
    api.POST('/v1/kinema/projects/{project_id}/keys', {
      params: { path: { project_id: project } },
      body: { name, admin },
    }),
  );
  await queries.invalidateQueries({ queryKey: keysOf(project) });
  return made;
}

export async function revokeKey(project: string, key: string): Promise<void> {
  await take(
    api.DELETE('/v1/kinema/projects/{project_id}/keys/{key_id}', {
      params: { path: { project_id: project, key_id: key } },
    }),
  );
  await queries.invalidateQueries({ queryKey: keysOf(project) });
}

export function useHooks() {
  return useQuery({
    queryKey: HOOKS,
    queryFn: ({ signal }) => take(api.GET('/v1/webhook_endpoints', { signal })),
  });
}

export async function makeHook(
  name: string,
  url: string,
  kinds: HookEvent[],
): Promise<HookWithSecret> {
  const made = await take(
    api.POST('/v1/webhook_endpoints', { body: { name, url, event_types: kinds } }),
  );
  await queries.invalidateQueries({ queryKey: HOOKS });
  return made;
}

const hook = (id: string) => ({ params: { path: { webhook_endpoint_id: id } } });

export async function deleteHook(id: string): Promise<void> {
  await take(api.DELETE('/v1/webhook_endpoints/{webhook_endpoint_id}', hook(id)));
  await queries.invalidateQueries({ queryKey: HOOKS });
}

/** Give it another secret; the old one signs beside it for a day. */
export async function rotateHook(id: string): Promise<HookWithSecret> {
  const made = await take(
    api.POST('/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret', {
      ...hook(id),
      body: { keep_old_secret_active_for_24_hours: true },
    }),
  );
  await queries.invalidateQueries({ queryKey: HOOKS });
  return made;
}

/** Send a sample; returns the status that came back. */
export async function tryHook(id: string, kind: HookEvent): Promise<number> {
  const said = await take(
    api.POST('/v1/webhook_endpoints/{webhook_endpoint_id}/test', {
      ...hook(id),
      body: { event_type: kind },
    }),
  );
  return said.status_code;
}

export function useDeliveries(id: string, enabled: boolean) {
  return useQuery({
    queryKey: deliveriesOf(id),
    enabled,
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/webhook_endpoints/{webhook_endpoint_id}/deliveries', {
          params: { path: { webhook_endpoint_id: id }, query: { limit: 10 } },
          signal,
        }),
      ),
  });
}

/** What the project has used in the last days. */
export function useUsage() {
  return useQuery({
    queryKey: ['usage'],
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/usage', { params: { query: { days: 30 } }, signal })),
  });
}
