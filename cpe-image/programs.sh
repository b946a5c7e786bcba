# shellcheck shell=bash
# What the commands share that run the programs in the lab. They set: root, lab, home, work.

# inside_namespaces ARGUMENT...: goes on if we may make network namespaces, else begins again as root of a user
# namespace of our own. PORTREEVE_INSIDE says which, and that this was done.
inside_namespaces() {
    if [[ -n ${PORTREEVE_INSIDE:-} ]]; then
        return
    fi
    export PORTREEVE_INSIDE=root
    if unshare --net --mount true 2>/dev/null; then
        return
    fi
    export PORTREEVE_INSIDE=user
    if unshare -Urnm bash -c 'mount -t tmpfs tmpfs /run && ip link set lo up' 2>/dev/null; then
        exec unshare -Urnm "$(readlink -f "$0")" "$@"
    fi
    fail "this machine lets us make no network namespaces. Run as root (sudo $0), in a container with" \
        "--privileged, or allow user namespaces:" \
        "sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0"
}

# start NAMESPACE NAME PROGRAM ARGUMENT...: leaves the process id in "started". The process dies with this one.
start() {
    local namespace=$1 name=$2 program=$3
    shift 3
    "$lab" exec "$namespace" setpriv --pdeathsig TERM "$home/bin/$program" "$@" --config "$work/$name.conf" \
        >"$work/$name.out" 2>"$work/$name.log" &
    # shellcheck disable=SC2034 # for the caller
    started=$!
}

await_ready() {
    local pid=$1 name=$2
    await_line "$pid" "$name" "$work/$name.out" '^ready: '
}

# await_line PID NAME FILE PATTERN: waits for what a process prints when it is ready
await_line() {
    local pid=$1 name=$2 file=$3 pattern=$4 deadline=$((SECONDS + 30))
    until grep -qs "$pattern" "$file"; do
        if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= deadline)); then
            echo "the end of $work/$name.log:" >&2
            tail -n 15 "$work/$name.log" >&2
            fail "the $name does not come up"
        fi
        sleep 0.1
    done
}

# stop PID: nothing to do if it is empty or gone
stop() {
    local pid=$1 deadline=$((SECONDS + 10))
    [[ -n $pid ]] || return 0
    kill -TERM "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < deadline)); do
        sleep 0.05
    done
    kill -KILL "$pid" 2>/dev/null || true
}
