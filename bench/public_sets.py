"""Programs for public sets of labelled texts, from a sentence each: exact match, and what else could answer.

`python bench/public_sets.py FOLDER` reads FOLDER/specs.json, {name: {"spec", "labels"}}, and
FOLDER/NAME.jsonl, rows with input and output; `pawc eval` scores them, labels declared. Writes
bench/results/public-DATE.json, and for sets of spam and ham the F1 of spam, as is usual for them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from refine import read_rows  # beside this file
from run import results, write

from pawc import runtime
from pawc.diagnostics import Reporter
from pawc.driver import Job, Toolbox, compile_source

ROOT = Path(__file__).parents[1]
OPTIONS = ("--strong", "--against", "nano:0", "--json")


def records(folder: Path) -> list[dict[str, Any]]:
    """A record of a benchmark for each set, its name as id and family."""
    made = []
    for name, task in json.loads((folder / "specs.json").read_text()).items():
        labels = json.dumps(task["labels"], ensure_ascii=False)
        made.append(
            {
                "id": name,
                "family": name,
                "spec": f"+++\nlabels = {labels}\n+++\n{task['spec']}\n",
                "output_kind": "label",
                "labels": task["labels"],
                "cases": read_rows(folder, name),
            }
        )
    return made


def f1(record: dict[str, Any], label: str, tools: Toolbox) -> float:
    """Harmonic mean of precision and recall of a label."""
    program = compile_source(record["spec"].encode(), "spec.paw", Job(), tools, Reporter())
    found = [reply.answer for reply in runtime.answer(program, [case["input"] for case in record["cases"]])]
    wanted = [case["output"] for case in record["cases"]]
    both = sum(a == b == label for a, b in zip(found, wanted, strict=True))
    return 2 * both / (found.count(label) + wanted.count(label))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="specs.json and the sets' rows")
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results", help="folder of the results")
    arguments = parser.parse_args()
    made = records(arguments.folder)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in made)
        file.flush()
        command = [sys.executable, "-m", "pawc", "eval", *OPTIONS, file.name]
        scores = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    tools = Toolbox()
    spam = {one["id"]: f1(one, "spam", tools) for one in made if "spam" in one["labels"]}
    tools.close()
    names = list(scores["all"]["others"])
    print(f"{'':18}{'cases':>7}{'program':>9}" + "".join(f"{name:>17}" for name in names))
    for name, group in scores["families"].items():
        others = "".join(f"{100 * group['others'][other]['exact_match']:17.1f}" for other in names)
        print(f"{name:18}{group['cases']:7}{100 * group['exact_match']:9.1f}{others}")
    for name, share in spam.items():
        print(f"{name}: F1 of spam {100 * share:.1f}")
    result = results("llama-cpp-python", "numpy", "scikit-learn", "torch")
    result |= {"f1_spam": spam, "scores": scores}
    write(arguments.out, f"public-{result['date']}", result)


if __name__ == "__main__":
    main()
