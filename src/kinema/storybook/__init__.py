"""The storybook world: catalogue, scene graph, prompt reader, director and renderer. No torch."""
