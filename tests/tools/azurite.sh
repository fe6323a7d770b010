#!/bin/sh
# Installs Azurite, the Azure Blob Storage that tests/Storage.Tests run on, outside the repository.
# Needs Node.js 18 or later with npm. The tests find it there, or where the variable AZURITE (path of azurite-blob) says.
set -eu
folder="${XDG_CACHE_HOME:-$HOME/.cache}/slungorleans/azurite"
mkdir -p "$folder"
npm install --prefix "$folder" --no-audit --no-fund azurite@3.35.0
echo "azurite-blob is $folder/node_modules/.bin/azurite-blob"
