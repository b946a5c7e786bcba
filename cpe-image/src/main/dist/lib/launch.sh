# shellcheck shell=bash
# Starts a program of this installation: sourced by the commands in bin.

lib=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
# shellcheck source=java.sh
source "$lib/java.sh"

# launch MAIN_CLASS JVM_FLAG... -- ARGUMENT...
launch() {
    local main=$1 java flags=()
    shift
    while [[ $1 != -- ]]; do
        flags+=("$1")
        shift
    done
    shift
    if ! java=$(find_java_home java); then
        echo "${0##*/}: $(no_java)" >&2
        exit 1
    fi
    add_sqlite
    add_aot_cache
    # What the JVM has to say is no answer of the program's. shellcheck disable=SC2086 # PORTREEVE_JVM_FLAGS holds several words
    exec "$java/bin/java" "${flags[@]}" -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -Xlog:disable -Xlog:all=warning:stderr \
        --enable-native-access=ALL-UNNAMED -Djdk.xml.dtd.support=deny ${PORTREEVE_JVM_FLAGS:-} \
        -cp "$(class_path)" "$main" "$@"
}

# SQLite's own library, where it lies ready for this machine: else it is unpacked anew at each start, into a folder for
# temporary files that must allow programs.
add_sqlite() {
    local folder=$lib/org/sqlite/native/Linux
    [[ $MACHTYPE != *-musl* ]] || folder+=-Musl
    folder+=/$HOSTTYPE
    [[ ! -d $folder ]] || flags+=("-Dorg.sqlite.lib.path=$folder" -Dorg.sqlite.lib.name=libsqlitejdbc.so)
}

# The classes as an earlier run has loaded and linked them: a Java that cannot use it says so and goes on without.
add_aot_cache() {
    local cache=$lib/${main##*.}.aot
    [[ ! -r $cache ]] || flags+=("-XX:AOTCache=$cache")
}

# The libraries in an order that is the same everywhere: an ahead-of-time cache asks for that.
class_path() {
    local LC_ALL=C IFS=: libraries=("$lib"/*.jar)
    printf '%s' "${libraries[*]}"
}

no_java() {
    if [[ -n ${PORTREEVE_JAVA:-} ]]; then
        echo "PORTREEVE_JAVA ($PORTREEVE_JAVA) is no Java 25 or later"
    else
        echo "no Java 25 or later found: apt-get install temurin-25-jre or openjdk-25-jre-headless," \
            "or point PORTREEVE_JAVA or JAVA_HOME at one"
    fi
}
