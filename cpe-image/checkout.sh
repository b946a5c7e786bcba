# shellcheck shell=bash
# What the commands of a checkout share: tools, JDK and a Maven build one can watch.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=src/main/dist/lib/java.sh
source "$root/cpe-image/src/main/dist/lib/java.sh"

# Debian keeps nft where ordinary users do not look.
PATH=$PATH:/usr/sbin:/sbin

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# need_tools LOG PACKAGE:COMMAND...: installs what is missing if we are root, else says what to install. A package without
# a command is known by the pattern of a file's path.
need_tools() {
    local log=$1 pair packages=()
    shift
    for pair in "$@"; do
        if ! is_here "${pair#*:}"; then
            packages+=("${pair%%:*}")
        fi
    done
    ((${#packages[@]} > 0)) || return 0
    if (($(id -u) != 0)) || ! command -v apt-get >/dev/null; then
        fail "missing on this machine: ${packages[*]}. Install: sudo apt-get install ${packages[*]}"
    fi
    echo "installing ${packages[*]}"
    if ! apt_install "${packages[@]}" >"$log" 2>&1 && ! { apt-get update && apt_install "${packages[@]}"; } >>"$log" 2>&1; then
        tail -n 5 "$log" >&2
        fail "apt-get could not install ${packages[*]}; log: $log"
    fi
}

is_here() {
    case $1 in
        /*) compgen -G "$1" ;;
        *) command -v "$1" ;;
    esac >/dev/null
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Debian's miniupnpd, to compare ours with.
tools=$root/cpe-image/target/bench
miniupnpd=$tools/usr/sbin/miniupnpd

# Only unpacked: installed, it would take the place of a miniupnpd that this machine may have.
fetch_miniupnpd() {
    local log=$root/target/miniupnpd.log package=miniupnpd-nftables
    [[ ! -x $miniupnpd ]] || return 0
    command -v apt-get >/dev/null || fail "miniupnpd is compared as Debian's package $package, and here is no apt-get"
    mkdir -p "$tools"
    echo "downloading $package into $tools"
    if ! download "$package" >"$log" 2>&1 && ! { apt-get update && download "$package"; } >>"$log" 2>&1; then
        tail -n 5 "$log" >&2
        fail "apt-get could not download $package; log: $log"
    fi
    dpkg -x "$tools/$package"_*.deb "$tools"
}

download() {
    (cd "$tools" && apt-get download "$1")
}

# Maven itself runs on JDK 25 too, because the formatter only runs there.
use_jdk() {
    JAVA_HOME=$(find_java_home javac) ||
        fail "no JDK 25 or later found: apt-get install temurin-25-jdk or openjdk-25-jdk-headless, or set JAVA_HOME"
    export JAVA_HOME
    # Two libraries of Maven's own do what JDK 25 warns of.
    export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
}

# maven LOG ARGUMENT...: builds the checkout; the log goes to a file, the names of the modules to the terminal.
maven() {
    local log=$1
    shift
    mvn -B -Dstyle.color=never -f "$root/pom.xml" "$@" 2>&1 | tee "$log" | show_modules
}

# The first of Maven's modules is the parent, which holds no code.
show_modules() {
    awk '/^\[INFO\] Building Portreeve :: / {
        split($NF, count, /[^0-9]+/)
        printf "  %d of %d: %s\n", count[2] - 1, count[3] - 1, $5
        fflush()
    }'
}

# Prints what Maven says went wrong, without its advice; the compiler's warnings are errors here.
build_errors() {
    awk '
        /^\[ERROR\] |^\[WARNING\] \// { text = text $0 "\n" }
        /-> \[Help 1\]/ { exit }
        END { printf "%s", text }' "$1" | head -n 60
}
