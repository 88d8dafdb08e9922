#!/bin/bash -eu
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: binaries, seed corpora and dictionaries in $OUT.
# Both engines set SRC, OUT, WORK, SANITIZER and FUZZING_ENGINE; docs/FUZZING.md says how to run this in a plain directory.
project="${PROJECT_DIR:-$SRC/mtls-gauntlet}"
cd "$project"

if [ "${FUZZING_ENGINE:-libfuzzer}" != libfuzzer ]; then
  echo "only libFuzzer is supported, not $FUZZING_ENGINE" >&2
  exit 1
fi
# cargo-fuzz knows `none` and the sanitizers; coverage builds come with their own RUSTFLAGS.
sanitizer="${SANITIZER:-address}"
if [ "$sanitizer" = coverage ]; then
  sanitizer=none
fi
# The openssl reader needs the system's headers.
features=(--no-default-features --features engine,libfuzzer,openssl)
if ! pkg-config --exists openssl; then
  features=(--no-default-features --features engine,libfuzzer)
fi

cargo fuzz build --fuzz-dir fuzz --target-dir "$WORK/fuzz" --sanitizer "$sanitizer" "${features[@]}"
triple="$(rustc -vV | sed -n 's/^host: //p')"

for file in fuzz/fuzz_targets/*.rs; do
  target="$(basename "$file" .rs)"
  cp "$WORK/fuzz/$triple/release/$target" "$OUT/$target"

  # Seeds, kept crashes, and the folders of the repository that hold inputs as they are.
  inputs=("fuzz/seeds/$target")
  [ -d "fuzz/regressions/$target" ] && inputs+=("fuzz/regressions/$target")
  if [ -f "fuzz/seeds/$target.folders" ]; then
    while read -r folder; do inputs+=("$folder"); done < "fuzz/seeds/$target.folders"
  fi
  rm -f "$OUT/${target}_seed_corpus.zip"
  zip -q -r "$OUT/${target}_seed_corpus.zip" "${inputs[@]}"

  dictionary="$(sed -n "s/^$target //p" fuzz/dictionaries/targets)"
  [ -n "$dictionary" ] && cp "fuzz/dictionaries/$dictionary.dict" "$OUT/$target.dict"
  printf '[libfuzzer]\nmax_len = 16384\nuse_value_profile = 1\n' > "$OUT/$target.options"
done
