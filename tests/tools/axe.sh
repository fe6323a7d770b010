#!/bin/sh
# Installs axe-core, which tests/Dashboard.Tests looks over every page with, outside the repository.
# Needs npm. The tests find it there, or where the variable AXE_CORE (path of axe.min.js) says.
set -eu
folder="${XDG_CACHE_HOME:-$HOME/.cache}/slungorleans/axe"
mkdir -p "$folder"
npm install --prefix "$folder" --no-audit --no-fund axe-core@4.14.1
echo "axe-core is $folder/node_modules/axe-core/axe.min.js"
