"""From noise to a clean latent: pure functions over plain arrays, for any latent video model.

One unit of noise everywhere: sigma in [0, 1], 1 is pure noise, 0 is clean, and the path between
them is the straight line ``latent = (1 - sigma) * clean + sigma * noise``. A model enters as a
callable ``velocity(latent, sigma)``; timesteps, devices and dtypes end at its border. Every
feature (guidance, given frames, windows, regions, storyboards, edits) takes a velocity and gives
a velocity, so that features combine by wrapping, and the loop knows none of them:

    integrate(hold(guided(windowed(mixed(model)))), noise, sigmas, solver=UniPC())

NumPy arrays and torch tensors pass through the same code. Nothing here imports torch.

    noise.py        what a seed means
    schedule.py     tables of sigmas
    solvers.py      one step from a sigma to the next, and the state between steps
    loop.py         all steps: progress, cancelling, resuming
    guidance.py     several predictions of a model made into one
    constraints.py  frames and places that are given and stay
    windows.py      clips longer than the model, loops without a seam
    mixture.py      several prompts in one clip: by time, by place
    edit.py         starting from a clip instead of from noise
    arrays.py       the few places where NumPy and torch differ
"""
