#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image.
set -euo pipefail
home=${AUTOGRADER_HOME:-/autograder}
cd "$home/source/course"

usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
find_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

if command -v apt-get >/dev/null && [ -z "${AUTOGRADER_NO_APT:-}" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    # The boxes that student code may run in, but for those that are Python packages.
    xargs apt-get -qq install -y --no-install-recommends < ../packages || true
    for package in python3-venv python3.12-venv python3.11-venv; do
        find_python >/dev/null && break
        apt-get -qq install -y --no-install-recommends "$package" || true
    done
fi
if ! python=$(find_python); then
    echo "There is no Python from 3.11 on: choose a newer base image." >&2
    exit 1
fi

"$python" -m venv "$home/venv"
python="$home/venv/bin/python"
# uv of the locked version, its hash checked by pip; uv checks all the others.
sed -n '/^uv==/,/[^\\]$/p' requirements.lock > "$home/venv/uv.txt"
"$python" -m pip install --quiet --require-hashes --requirement "$home/venv/uv.txt"
"$python" -m uv pip install --quiet --python "$python" --group grade --editable '.[lab]' \
    --constraint requirements.lock --build-constraint requirements.lock
