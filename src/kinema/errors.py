"""Every error that Kinema raises on purpose, on one page.

    KinemaError
    |-- RequestError            what was asked is wrong: names the field and what is allowed
    |   |-- PromptError         the prompt is empty, too long, or says nothing that can be read
    |   |-- UnknownModel        no model of that name is installed here
    |   |-- UnsupportedTask     the model exists but does not do this task; says which models do
    |   |-- MediaError          a file given as input is missing, broken or of a kind we do not read
    |   |-- WeightsError        weights are missing, truncated, of another model, shape or licence
    |   |-- TooLittleMemory     the machine cannot hold the run; says how much it needs
    |   `-- OutputError         the place to write to cannot be written
    |-- MissingPart             a part of the installation is missing; says the command that adds it
    |-- LatentError             a model's numbers broke down while it was sampling: NaN or infinity
    |-- BrokenLoss              a training run's loss is no number; the last good weights are kept
    `-- Cancelled               somebody asked to stop; nothing is wrong

Misuse by a programmer is a built-in (``ValueError``, ``TypeError``, ``KeyError``). A request that a
user can mend is a ``RequestError``: the command line exits with 2, the server answers 400.
"""

from __future__ import annotations


class KinemaError(Exception):
    """Base of everything below; catch this to catch all that Kinema raises on purpose."""

    code = "error"


class RequestError(KinemaError):
    """What was asked cannot be done as asked.

    Args:
        field: Path of the offending field, as a user writes it: ``size``, ``images[0].at``.
        problem: What is wrong, in one sentence without a full stop.
        allowed: What would be right, in words; empty where that is plain from ``problem``.
    """

    code = "invalid_request"

    def __init__(self, field: str, problem: str, allowed: str = "") -> None:
        self.field = field
        self.problem = problem
        self.allowed = allowed
        super().__init__(f"{field}: {problem}" + (f"; allowed: {allowed}" if allowed else ""))


class PromptError(RequestError):
    """The prompt is empty, too long, holds control characters, or no word of it can be read."""

    code = "invalid_prompt"


class UnknownModel(RequestError):
    """No model of that name is known here."""

    code = "unknown_model"


class UnsupportedTask(RequestError):
    """The model does not do this task at this size or length."""

    code = "unsupported_task"


class MediaError(RequestError):
    """A file given as input is missing, broken, or of a kind that cannot be used here."""

    code = "invalid_media"


class WeightsError(RequestError):
    """Weights are missing, truncated, or of another model, layout, shape or licence."""

    code = "invalid_weights"


class TooLittleMemory(RequestError):
    """A run needs more memory than there is, or than was allowed, however it is cut up."""

    code = "too_little_memory"


class OutputError(RequestError):
    """The output cannot be written where it was asked for."""

    code = "invalid_output"


class MissingPart(KinemaError):
    """A part of the installation is missing.

    Args:
        part: What is missing, in words.
        remedy: The command that adds it.
    """

    code = "missing_part"

    def __init__(self, part: str, remedy: str) -> None:
        self.part = part
        self.remedy = remedy
        super().__init__(f"{part} is not installed; add it with: {remedy}")


class LatentError(KinemaError):
    """A sampling step left NaN or infinity in the latent; nothing of that step is kept.

    Args:
        done: How many steps were taken, the broken one among them.
        total: How many the run has.
    """

    code = "broken_latent"

    def __init__(self, done: int, total: int) -> None:
        self.done = done
        self.total = total
        super().__init__(f"the latent holds NaN or infinity after step {done} of {total}")


class BrokenLoss(KinemaError):
    """The loss of a training run became NaN or infinite; the last good weights are on the disk."""

    code = "broken_loss"


class Cancelled(KinemaError):
    """The run was asked to stop, and stopped within one step."""

    code = "cancelled"
