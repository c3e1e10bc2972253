/** The project document as the server sends it: what is as by default is left out. */
export interface Words {
  value: string;
  state?: 'source' | 'machine' | 'draft' | 'reviewed' | 'stale';
  of?: string;
}
export interface Line {
  kind: 'speech' | 'narration' | 'title';
  text: Record<string, Words>;
  speaker?: string;
  direction?: string;
}
export interface Take {
  id: string;
  origin: 'generated' | 'uploaded' | 'edited';
  clip: string;
  first?: number;
  parent?: string;
  operation?: string;
  note?: string;
}
export interface Length {
  seconds?: string;
  lines?: string[];
  head?: string;
  tail?: string;
}
export interface Shot {
  prompt?: string;
  seed?: number;
  length?: Length;
  characters?: string[];
  image?: string;
  framing?: string;
  camera?: string;
  model?: string;
  quality?: Quality;
  style?: string;
  takes?: Take[];
  selected?: string;
  notes?: string;
}
export interface Transition {
  kind?: 'dissolve' | 'dip';
  frames: number;
}
export interface Item {
  id: string;
  ref: string;
  start?: string;
  end?: string;
  trim?: { start: number; frames: number };
  transition?: Transition;
  gain?: number;
}
export type TrackKind = 'picture' | 'overlay' | 'speech' | 'effects' | 'ambience' | 'music';
export interface Track {
  id: string;
  kind: TrackKind;
  items?: Item[];
}
export interface Scene {
  id: string;
  heading?: string;
  place?: string;
  synopsis?: string;
  shots?: string[];
}
export interface Size {
  width: number;
  height: number;
}
export type Quality = 'draft' | 'standard' | 'high';
export interface Look {
  style?: string;
  size?: Size;
  fps?: string;
  quality?: Quality;
  model?: string;
  negative?: string;
  handles?: number;
}
export interface Deliverable {
  sequence: string;
  file: string;
  language: string;
  size: Size;
  captions?: 'burn' | 'side' | 'both' | 'none';
}
export interface Asset {
  file: string;
  path: string;
  kind?: string;
  licence?: string;
  credit?: string;
}
export interface Project {
  id: string;
  kind: string;
  title: string;
  base_language?: string;
  languages?: string[];
  look?: Look;
  cast?: Record<string, { name: string; looks?: string; image?: string }>;
  places?: Record<string, { name: string; words?: string }>;
  assets?: Record<string, Asset>;
  lines?: Record<string, Line>;
  scenes?: Scene[];
  shots?: Record<string, Shot>;
  sequences?: Record<string, { tracks?: Track[] }>;
  deliverables?: Record<string, Deliverable>;
}

/** The sequence that a script becomes. */
export const MAIN = 'main';

export const baseLanguage = (project: Project) => project.base_language ?? 'en';
export const languagesOf = (project: Project) => project.languages ?? ['en'];
export const sizeOf = (project: Project) => project.look?.size ?? { width: 1280, height: 720 };
export const handlesOf = (project: Project) => project.look?.handles ?? 12;
export const tracksOf = (project: Project) => project.sequences?.[MAIN]?.tracks ?? [];

/** The words of a line in a language, in the base language where it is not translated. */
export function wordsOf(project: Project, line: string, language: string): string {
  const text = project.lines?.[line]?.text ?? {};
  return (text[language] ?? text[baseLanguage(project)])?.value ?? '';
}

/** The track of a kind, where there is one. */
export function trackOf(project: Project, kind: TrackKind): Track | undefined {
  return tracksOf(project).find((track) => track.kind === kind);
}

export function sceneOf(project: Project, shot: string): Scene | undefined {
  return project.scenes?.find((scene) => scene.shots?.includes(shot));
}
