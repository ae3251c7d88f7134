#!/usr/bin/env bash
# Joins and unpacks a bundle of `pnpm gpu:bundle` on Linux on x64, without network and Node, and runs every GPU check there is, in under six
# minutes. What was found is written as JSON into $OUT, or ./gpu-results.
#
#   run.sh [--software] [--limit SECONDS] [--only doctor,suites,parity,memory,bench] [--on webgpu,cuda]
#
# --software   a trial without a GPU: a Vulkan driver in software, ONNX Runtime's CPU, tiny sizes; nothing that it measures is a GPU's
# --limit      how long all of it may take, unpacking left out; 330 by default
#
# CONVZOO_PYTHON is the Python that has PyTorch and CUDA (python3). CONVZOO_GPU_BUNDLE is the folder of the pieces, if they are not beside this
# file or in ../gpu-bundle; CONVZOO_GPU_WORK where they are unpacked.
#
# Exit code: 0 if everything ran, 1 if a part failed, 3 if nothing failed and something could not be measured, 2 if it cannot run at all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bundle=${CONVZOO_GPU_BUNDLE:-$here}
[ -f "$bundle/SHA256SUMS" ] || bundle=$here/../gpu-bundle
if [ ! -f "$bundle/SHA256SUMS" ]; then
  echo "There is no bundle beside $here: pnpm gpu:bundle makes one." >&2
  exit 2
fi
bundle=$(cd "$bundle" && pwd)
work=${CONVZOO_GPU_WORK:-$bundle/unpacked}
python=${CONVZOO_PYTHON:-python3}

decompress() {
  if command -v xz >/dev/null; then
    xz -dc
  else
    "$python" -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer, 1 << 20)'
  fi
}

# Each archive that changed since it was unpacked here.
mkdir -p "$work"
for name in $(sed -E 's/^[0-9a-f]+  (.+)\.tar\.xz\.[0-9]+$/\1/' "$bundle/SHA256SUMS" | sort -u); do
  sums=$(grep -E "^[0-9a-f]+  $name\.tar\.xz\.[0-9]+$" "$bundle/SHA256SUMS")
  [ "$(cat "$work/.$name.sums" 2>/dev/null || true)" = "$sums" ] && continue
  echo "unpacking $name"
  if ! (cd "$bundle" && sha256sum --check --quiet <<<"$sums"); then
    echo "A piece of $name is missing or not what was packed: copy it again." >&2
    exit 2
  fi
  cat "$bundle/$name".tar.xz.* | decompress | tar -xf - -C "$work"
  printf '%s\n' "$sums" >"$work/.$name.sums"
done

# In a checkout its own programs are run, not those that were packed.
programs=$bundle/programs
[ -f "$here/checks.mjs" ] && programs=$here/..
for each in gpu bench tools; do
  rm -rf "${work:?}/$each"
done
mkdir "$work/tools"
cp -r "$programs/gpu" "$programs/bench" "$work"
cp "$programs/tools/engine-suites.mjs" "$work/tools"

results=${OUT:-$PWD/gpu-results}
mkdir -p "$results"
exec "$work/bin/node" "$work/gpu/checks.mjs" --results "$results" --python "$python" "$@"
