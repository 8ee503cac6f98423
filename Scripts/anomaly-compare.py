#!/usr/bin/env python3
"""Compares Kontor's isolation forest with scikit-learn's on the anomaly data sets of the corpus.

    python3 -m venv .venv && .venv/bin/pip install scikit-learn
    KONTOR_ANOMALY_FIGURES=/dev/shm/ours.json KONTOR_ONLY=Anomaly swift test --filter AnomalyTests
    .venv/bin/python Scripts/anomaly-compare.py --corpus ../shared/corpus --ours /dev/shm/ours.json

The test suite writes the area under the ROC curve of ten seeds for each data set; this prints scikit-learn's of ten
seeds beside it, and the scores that scikit-learn gives the exported forest. Both grow 100 trees of 256 rows.
"""
import argparse
import csv
import json
import os
import statistics

import numpy
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score


def read(path):
    with open(path) as file:
        rows = list(csv.reader(file))[1:]
    table = numpy.array(rows, dtype=float)
    return table[:, :-1], table[:, -1].astype(int)


def areas(table, labels, seeds):
    found = []
    for seed in range(1, seeds + 1):
        forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(table)
        found.append(roc_auc_score(labels, -forest.score_samples(table)))
    return found


def shown(found):
    return f"{statistics.mean(found):.4f} ({min(found):.4f}-{max(found):.4f})" if found else "not measured"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default="../shared/corpus", help="the corpus, whose folder anomaly is read")
    parser.add_argument("--ours", help="the file that KONTOR_ANOMALY_FIGURES named when the tests ran")
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    folder = os.path.join(options.corpus, "anomaly")
    ours = {}
    if options.ours:
        with open(options.ours) as file:
            ours = json.load(file)

    print(f"scikit-learn {sklearn.__version__}, mean (least-most) of {options.seeds} seeds")
    print(f"{'data set':24} {'scikit-learn':28} {'Kontor':28}")
    for name in sorted(entry[:-4] for entry in os.listdir(folder) if entry.endswith(".csv")):
        table, labels = read(os.path.join(folder, name + ".csv"))
        print(f"{name:24} {shown(areas(table, labels, options.seeds)):28} {shown(ours.get(name, [])):28}")

    table, labels = read(os.path.join(folder, "wbc_odds.csv"))
    fixed = IsolationForest(n_estimators=5, max_samples=64, random_state=1).fit(table)
    scores = -fixed.score_samples(table)
    print("exported forest: area", repr(float(roc_auc_score(labels, scores))))
    print("exported forest: scores of rows 0, 1, 2 and 377:", [repr(float(scores[row])) for row in (0, 1, 2, 377)])


if __name__ == "__main__":
    main()
