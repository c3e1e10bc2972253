"""From a request to a finished clip: `generate.generate`, the one function that makes pictures.

`cards` says what each model can do, `adapters` loads the one that is asked for, `stages` are the
five steps that every clip goes through, `stream` runs the same steps without an end.
"""
