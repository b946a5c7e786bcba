# shellcheck shell=bash
# Starts a program of this installation: sourced by the commands in bin.

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
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
    # shellcheck disable=SC2086 # PORTREEVE_JVM_FLAGS holds several words
    exec "$java/bin/java" "${flags[@]}" -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
        --enable-native-access=ALL-UNNAMED -Djdk.xml.dtd.support=deny ${PORTREEVE_JVM_FLAGS:-} \
        -cp "$lib/*" "$main" "$@"
}

no_java() {
    if [[ -n ${PORTREEVE_JAVA:-} ]]; then
        echo "PORTREEVE_JAVA ($PORTREEVE_JAVA) is no Java 25 or later"
    else
        echo "no Java 25 or later found: apt-get install temurin-25-jre or openjdk-25-jre-headless," \
            "or point PORTREEVE_JAVA or JAVA_HOME at one"
    fi
}
