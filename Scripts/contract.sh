#!/usr/bin/env bash
# Writes the Swift of the contracts anew. Usage: Scripts/contract.sh [--check | --release] [CAPABILITY ...]
# Without a capability all of them are written, and the OpenAPI document. --check only says whether anything differs, and
# whether something breaks what the last release promised; --release makes the contracts as they are that promise.
set -euo pipefail
cd "$(dirname "$0")/.."

check=no release=no released=Contracts/released.binpb
case ${1:-} in
    --check) check=yes; shift ;;
    --release) release=yes; shift ;;
    -*) echo "contract: unknown option $1: --check or --release" >&2; exit 2 ;;
esac

build=.build/debug
newest() { find "$@" -type f -newer "$build/protoc-gen-kontor" -print -quit 2>/dev/null; }
if [ ! -x "$build/protoc-gen-swift" ]; then swift build --product protoc-gen-swift >&2; fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

compile() { # compile FOLDER MODE FILE...: the messages and the service code of the files
    local folder=$1
    shift
    mkdir -p "$folder"
    protoc -I Contracts --plugin="$build/protoc-gen-swift" --plugin="$build/protoc-gen-kontor" \
        --swift_opt=Visibility=Public --swift_opt=UseAccessLevelOnImports=true --swift_opt=FileNaming=DropPath \
        --swift_opt=ProtoPathModuleMappings=Contracts/modules.asciipb --swift_out="$folder" --kontor_out="$folder" "$@"
}

place() { # place FROM TO: replaces the generated files of TO, or compares them
    if [ $check = yes ]; then
        diff -r "$1" "$2" >/dev/null || { echo "contract: $2 is not what the contracts say; run 'make contract'" >&2; exit 1; }
    else
        mkdir -p "$2"
        cp "$1"/* "$2"/
    fi
}

if [ $# -eq 0 ]; then # First of all, because the generator of the service code is built with it.
    mkdir -p "$out/annotations"
    protoc -I Contracts --plugin="$build/protoc-gen-swift" --swift_opt=UseAccessLevelOnImports=true \
        --swift_opt=FileNaming=DropPath --swift_out="$out/annotations" kontor/annotations.proto
    place "$out/annotations" Tools/protoc-gen-kontor/Generated
fi
if [ ! -x "$build/protoc-gen-kontor" ] || [ -n "$(newest Tools/protoc-gen-kontor)" ]; then
    KONTOR_ONLY=protoc-gen-kontor swift build --product protoc-gen-kontor >&2
fi

capabilities=("$@")
if [ ${#capabilities[@]} -eq 0 ]; then
    mapfile -t capabilities < <(find Contracts/kontor -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
fi

for capability in "${capabilities[@]}"; do
    mapfile -t files < <(cd Contracts && find "kontor/$capability" -name '*.proto' | sort)
    if [ "$capability" = common ]; then room=Sources/1-Kernel/Contract; else
        room=$(find Sources -mindepth 2 -maxdepth 2 -type d -iname "$capability" | head -n 1)
    fi
    [ -n "$room" ] || { echo "contract: no room in Sources for $capability" >&2; exit 1; }
    compile "$out/$capability" "${files[@]}"
    place "$out/$capability" "$room/Generated"
done

if [ $# -eq 0 ]; then
    mkdir -p "$out/openapi"
    mapfile -t protos < <(cd Contracts && find kontor -mindepth 3 -name '*.proto' | sort)
    protoc -I Contracts --plugin="$build/protoc-gen-kontor" --kontor_opt=mode=openapi --kontor_out="$out/openapi" \
        "${protos[@]}"
    place "$out/openapi" Sources/7-Edge/Gateway/Generated
    if [ $release = yes ]; then
        protoc -I Contracts --include_imports --descriptor_set_out="$released" "${protos[@]}"
    elif [ -f "$released" ]; then
        protoc -I Contracts --plugin="$build/protoc-gen-kontor" --kontor_opt="mode=compare,released=$released" \
            --kontor_out="$out" "${protos[@]}"
    fi
fi
