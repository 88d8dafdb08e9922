#!/bin/bash -eu
# The build script lives with the targets, so that it changes with them.
exec "$SRC/mtls-gauntlet/.clusterfuzzlite/build.sh"
