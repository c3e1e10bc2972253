"""A process of a run over several, started by the test."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
import torch.distributed as dist

from kinema.train import loop
from tests.train.small import small_base

if __name__ == "__main__":
    torch.set_num_threads(1)
    steps, limit = int(sys.argv[2]), float(sys.argv[3])
    config = small_base(steps=steps, routed=0.0)
    loop.train(config, Path(sys.argv[1]), time_limit=limit, device=torch.device("cpu"))
    dist.destroy_process_group()
