#!/usr/bin/env bash
# Can the bugs of tests/fuzz/planted still be planted, one for each target? scripts/campaign-fuzz
# --planted lets each be found.
set -euo pipefail
cd "$(dirname "$0")/../.."
failures=0
for target in $(grep -oE '^[a-z]+[a-z_]*' tests/fuzz/targets.tsv); do
    patch --dry-run --force --quiet --strip=1 <"tests/fuzz/planted/$target.patch" ||
        { echo "FAILED: the bug of $target cannot be planted" >&2; failures=$((failures + 1)); }
done
exit "$((failures > 0))"
