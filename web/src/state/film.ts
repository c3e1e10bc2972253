/** A film from elsewhere that the prompt is to change: a file stays with its tab. */
import { create } from 'zustand';

export const useFilm = create<{ file: File | null }>()(() => ({ file: null }));
