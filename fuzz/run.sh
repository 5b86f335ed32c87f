#!/bin/sh
# Builds every target with the stable compiler and runs each for a number of seconds (10 unless told).
#
#     fuzz/run.sh [SECONDS] [TARGET...]
#
# What ships with the product is the seed of the parsers of data files; `seeds/` has the others.
set -eu
cd "$(dirname "$0")"
seconds=${1:-10}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(cargo fuzz list)

data=../hunter-core/data
for target in rule_set fingerprints price_book catalogue; do mkdir -p "corpus/$target"; done
cp "$data"/rules/*.toml corpus/rule_set/
cp "$data"/providers.json corpus/fingerprints/
cp "$data"/prices/*.toml corpus/price_book/
cat "$data"/texts/tr/*.ftl >corpus/catalogue/tr.ftl

cargo fuzz build --sanitizer none
for target in "$@"; do
    mkdir -p "corpus/$target" "seeds/$target"
    cargo fuzz run --sanitizer none "$target" "corpus/$target" "seeds/$target" -- \
        -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -print_final_stats=1
done
