# shellcheck shell=bash
# Finds a Java: sourced by the launchers and by the scripts of a checkout.

# The Java homes of this machine, the preferred ones first; PORTREEVE_JAVA leaves no choice.
java_homes() {
    local binary
    if [[ -n ${PORTREEVE_JAVA:-} ]]; then
        java_home_of "$PORTREEVE_JAVA"
        return
    fi
    [[ -z ${JAVA_HOME:-} ]] || printf '%s\n' "$JAVA_HOME"
    if binary=$(command -v java); then
        java_home_of "$binary"
    fi
    printf '%s\n' /usr/lib/jvm/*
}

# Prints the home of a Java that is given as its program or as its home.
java_home_of() {
    if [[ -d $1 ]]; then
        printf '%s\n' "$1"
    else
        dirname "$(dirname "$(readlink -f "$1")")"
    fi
}

# The feature release (17, 25, ...) of a Java home, read from its release file because starting a JVM costs 60 ms.
java_feature() {
    local line version=
    if [[ -r $1/release ]]; then
        while IFS= read -r line; do
            [[ $line != JAVA_VERSION=* ]] || version=${line#*=}
        done <"$1/release"
    fi
    if [[ -z $version ]]; then
        version=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p') || true
    fi
    version=${version#\"}
    version=${version%%[!0-9]*}
    printf '%s' "${version:-0}"
}

# Prints the first Java home of release 25 or later that has the given program; fails if there is none.
find_java_home() {
    local program=$1 home homes
    mapfile -t homes < <(java_homes) # all of them, or who prints them complains that nobody reads
    for home in "${homes[@]}"; do
        if [[ -x $home/bin/$program ]] && (($(java_feature "$home") >= 25)); then
            printf '%s\n' "$home"
            return
        fi
    done
    return 1
}
