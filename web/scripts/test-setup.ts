// The little of a browser that modules touch when they are loaded.
const kept = new Map<string, string>();
Object.assign(globalThis, {
  location: new URL('http://127.0.0.1/'),
  localStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  },
});
