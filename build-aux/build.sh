# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Building with Meson, quietly. Sourced by the commands of build-aux, inside the environment.

# build TREE OPTION…: sets TREE up with Meson's OPTIONs when it is not, and builds it. Says nothing unless it
# takes more than a moment or fails.
build() {
  local tree=$1 log=$1.log
  shift

  mkdir -p "${tree%/*}"
  exec 8>"$tree.lock"
  if ! flock --nonblock 8; then
    say "Another call is building ${tree#"$top/"}; waiting for it."
    flock 8
  fi
  set_up "$tree" "$log" "$@" && compile "$tree" "$log" && exec 8>&- && return
  end_progress
  grep -v '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 60 >&2 || true
  say "The build in ${tree#"$top/"} failed; all of its output is in ${log#"$top/"}."
  return 1
}

set_up() {
  local tree=$1 log=$2 marker=$1/environment
  shift 2

  # The environment that a tree was made in is part of what it was built with.
  if [[ -e $tree/build.ninja && $(cat "$marker" 2>/dev/null) == "$(environment_name)" ]]; then
    return
  fi
  begin_step "setting up ${tree#"$top/"}"
  rm -rf "$tree"
  meson setup "$@" "$tree" "$top" >"$log" 2>&1 && environment_name >"$marker"
}

compile() {
  local tree=$1 log=$2 pid step started=$SECONDS

  ninja -C "$tree" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.1
    if (( SECONDS - started >= 2 )); then
      step=$(grep -o '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 1 || true)
      progress "building ${tree#"$top/"} ${step}"
    fi
  done
  end_progress
  wait "$pid"
}
