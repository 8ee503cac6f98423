#!/usr/bin/env bash
# Checks the sources' format with the committed configuration. Generated code is the generator's business.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -z -- '*.swift' | grep -zv '/Generated/' | xargs -0 swift format lint --strict --parallel
