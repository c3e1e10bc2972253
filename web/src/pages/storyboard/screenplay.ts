/** A storyboard as the screenplay that it could have come from, to be written on. */
import { cardsOf, linesOf } from './acts';
import { baseLanguage, type Project, sceneOf, wordsOf } from './document';
import { sure, toNumber } from './exact';

/** Fountain text: title page, scenes, a paragraph for each card, and what is said over it. */
export function textOf(project: Project): string {
  const language = baseLanguage(project);
  const { size, fps, style, quality } = project.look ?? {};
  const page = [
    `Title: ${project.title}`,
    ...Object.values(project.cast ?? {}).flatMap(({ name, looks }) =>
      looks ? [`Cast: ${name} = ${looks}`] : [],
    ),
    ...(size ? [`Size: ${size.width}x${size.height}`] : []),
    ...(fps ? [`Fps: ${fps}`] : []),
    ...(quality ? [`Quality: ${quality}`] : []),
    ...(style ? [`Style: ${style}`] : []),
  ];
  const blocks = [page.join('\n')];
  let last: string | undefined;
  for (const card of cardsOf(project)) {
    const scene = sceneOf(project, card.ref);
    const shot = project.shots?.[card.ref];
    if (card.transition)
      blocks.push(card.transition.kind === 'dip' ? '> FADE OUT' : 'DISSOLVE TO:');
    if (scene && scene.id !== last && scene.heading) blocks.push(`.${scene.heading}`);
    last = scene?.id;
    const lines = linesOf(project, card.ref);
    const kindOf = (line: string) => project.lines?.[line]?.kind;
    for (const line of lines.filter((one) => kindOf(one) === 'title'))
      blocks.push(`> ${wordsOf(project, line, language)} <`);
    const seconds = toNumber(sure(shot?.length?.seconds));
    blocks.push(`!${shot?.prompt ?? ''}${seconds ? ` [[${seconds}s]]` : ''}`);
    for (const line of lines.filter((one) => kindOf(one) !== 'title')) {
      const speaker = project.lines?.[line]?.speaker;
      const name = (speaker && project.cast?.[speaker]?.name) || 'Narrator';
      blocks.push(`@${name.toUpperCase()}\n${wordsOf(project, line, language)}`);
    }
  }
  return `${blocks.join('\n\n')}\n`;
}
