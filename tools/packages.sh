# The Debian packages Threatlas needs; sourced by ./demo and ./check so that the list stands once.
# shellcheck shell=bash
packages_build=(
    g++ cmake ninja-build ccache mold pkg-config ca-certificates git python3
    libboost1.81-dev libboost-json1.81-dev libsqlite3-dev libsodium-dev libsimdjson-dev
    libzip-dev libarchive-dev libexpat1-dev libxlsxwriter-dev libeigen3-dev libtbb-dev libicu-dev zlib1g-dev
    libfmt-dev libspdlog-dev prometheus-cpp-dev libssl-dev libpq-dev libboost-url1.81-dev libcli11-dev libexpected-dev libyaml-cpp-dev libvalijson-dev
    weasyprint fonts-inter fonts-noto-core
)
# Any npm will do, for it brings the Node that builds the dashboard. Where one came from elsewhere than Debian,
# Debian's own cannot stand beside it.
command -v npm >/dev/null || packages_build+=(nodejs npm)
packages_test=(libgtest-dev libgmock-dev librapidcheck-dev postgresql-15 chromium wrk poppler-utils faketime python3-jsonschema python3-yaml)

# Prints the packages of the given list that are not installed.
packages_missing() {
    local each
    for each in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$each" 2>/dev/null)" = installed ] || printf '%s ' "$each"
    done
}

# packages_ensure INSTALL PACKAGE...: installs what is missing (INSTALL=yes) or says what it is.
packages_ensure() {
    local install=$1 missing sudo=()
    shift
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This is not a Debian system: install what corresponds to these packages by hand, then run again:" >&2
        echo "  $*" >&2
        echo "Going on with what is here." >&2
        return 0
    fi
    missing=$(packages_missing "$@")
    [ -n "$missing" ] || return 0
    echo "Not installed yet: $missing"
    if [ "$install" != yes ]; then
        echo "Nothing was installed (--no-install). To install it yourself:" >&2
        echo "  apt-get install --no-install-recommends $missing" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Installing needs root and there is no sudo here. As root, run:" >&2
            echo "  apt-get install --no-install-recommends $missing" >&2
            return 1
        fi
        sudo=(sudo)
        echo "Installing needs administrator rights: sudo may ask for your password."
    fi
    echo "Installing with apt-get (a few minutes the first time) ..."
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { "${sudo[@]}" apt-get update -qq &&
           "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        echo "The packages could not be installed: see the lines above. Threatlas is developed on Debian 12." >&2
        return 1
    fi
    rm -f "$log"
}

# Every build uses the same ccache settings; sizes are modest.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
