"""What workers measure reaches whoever collects it, with the queue beside it."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from kinema.serve.observe.metrics import Measures, together


def values(families: Iterable[Metric]) -> dict[tuple[str, str], float]:
    """The values by name and worker, without buckets."""
    found: dict[tuple[str, str], float] = {}
    for family in families:
        for sample in family.samples:
            if not sample.name.endswith("_bucket"):
                found[sample.name, sample.labels["worker"]] = sample.value
    return found


def test_the_numbers_of_workers_stand_side_by_side() -> None:
    one, two = Measures(), Measures()
    one.step("animatic", "render", 2.0)
    one.step("animatic", "render", 3.0)
    two.step("animatic", "render", 1.0)
    two.ended("animatic", "completed")
    found = values(together({"one": one.text(), "two": two.text()}))
    assert found["kinema_step_seconds_sum", "one"] == 5.0
    assert found["kinema_step_seconds_count", "one"] == 2.0
    assert found["kinema_step_seconds_sum", "two"] == 1.0
    assert found["kinema_jobs_total", "two"] == 1.0
    assert ("kinema_jobs_total", "one") not in found
    assert found["kinema_worker_memory_bytes", "one"] > 1e6


def test_a_family_of_several_workers_is_described_once() -> None:
    measures = Measures()
    measures.step("animatic", "render", 2.0)
    names = [family.name for family in together({"one": measures.text(), "two": measures.text()})]
    assert len(names) == len(set(names))


def test_the_error_of_a_promise_is_a_share_of_what_the_job_took() -> None:
    measures = Measures()
    measures.promised("animatic", 6.0, 4.0)
    measures.promised("animatic", 2.0, 4.0)
    measures.promised("animatic", None, 4.0)
    (errors,) = (
        family
        for family in text_string_to_metric_families(measures.text())
        if family.name == "kinema_eta_error"
    )
    found = {sample.name: sample.value for sample in errors.samples if "le" not in sample.labels}
    assert found["kinema_eta_error_count"] == 2.0
    assert found["kinema_eta_error_sum"] == 1.0
