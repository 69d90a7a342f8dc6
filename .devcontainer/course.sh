#!/bin/sh
# The whole course with all that grading needs, in a clean Debian or Ubuntu: run as
# root, by the Dockerfile or by hand.
set -eu
cd "$(dirname "$0")/.."

if command -v apt-get >/dev/null && [ -z "${AUTOGRADER_NO_APT:-}" ]; then
    export DEBIAN_FRONTEND=noninteractive
    packages="bubblewrap git make" # bubblewrap is a box for student code
    command -v python3 >/dev/null || packages="$packages python3 python3-venv"
    apt-get -qq update
    # shellcheck disable=SC2086 # words, one a package
    apt-get -qq install -y --no-install-recommends $packages
    rm -rf /var/lib/apt/lists/*
fi

# The locked versions, into .venv.
make grading-tools
.venv/bin/autograder --version
