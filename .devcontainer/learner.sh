#!/bin/sh
# learner.sh BUNDLE PLACE: unpack the learners' bundle here and install it in PLACE.
# With JUPYTERHUB=VERSION, a hub's single-user server as well.
set -eu
bundle=$1 place=$2

python3 -m zipfile --extract "$bundle" .
cd optimising-deep-networks
python3 -m venv "$place"
wheel=$(echo ./*.whl)
"$place/bin/python" -m pip install --quiet --no-cache-dir --constraint constraints.txt \
    "${wheel}[lab]" ${JUPYTERHUB:+"jupyterhub==$JUPYTERHUB"}
"$place/bin/autograder" --version
