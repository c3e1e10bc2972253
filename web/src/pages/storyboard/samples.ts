/** Three short films to begin with, written as screenplays. */
export const SAMPLES = [
  {
    title: 'The fox who wanted the moon',
    text: `Title: The fox who wanted the moon
Cast: Fig = a small orange fox
Cast: Hoot = a brown owl

INT. BEDROOM - NIGHT

Fig sits and yawns. [[3s]]

NARRATOR
Fig could not sleep.

DISSOLVE TO:

EXT. FOREST - NIGHT

Fig meets Hoot. [[4s]]

FIG
Where does the moon sleep?

Fig walks in the rain. [[3s]]

NARRATOR
It rained. He went anyway.

DISSOLVE TO:

EXT. BY A LAKE - SUNSET

A sailboat glides past. [[4s]]

NARRATOR
And at the lake, a boat was waiting.

FADE TO BLACK.

EXT. MEADOW - MORNING

Fig jumps for joy. [[3s]]

NARRATOR
And home by morning.
`,
  },
  {
    title: 'First snow',
    text: `Title: First snow

EXT. VILLAGE - DAWN

> FIRST SNOW <

Snow falls on a house. [[3s]]

A panda waves in the falling snow. [[3s]]

NARRATOR
Everything is quiet when it begins.

DISSOLVE TO:

EXT. FOREST - NIGHT

A rabbit hops under the stars. [[3s]]
`,
  },
  {
    title: 'A letter by sea',
    text: `Title: A letter by sea

EXT. ON A BEACH - NOON

A penguin walks slowly. [[3s]]

NARRATOR
Somebody far away had written.

A red sailboat glides past. [[4s]]

FADE TO BLACK.

EXT. IN A HARBOUR - SUNSET

A bear waves. [[3s]]

BEAR
At last!
`,
  },
] as const;
