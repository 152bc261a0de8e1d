# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the commands of build-aux tell people, on standard error.

say() {
  end_progress
  printf '%s\n' "$@" >&2
}

die() {
  say "$@"
  exit 1
}

# progress TEXT: one line that changes on a terminal, elsewhere a line every few seconds.
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[K  %s' "$1" >&2
    progress_open=yes
  elif (( SECONDS >= ${progress_next:-0} )); then
    printf '  %s\n' "$1" >&2
    progress_next=$(( SECONDS + 5 ))
  fi
}

# The first line of a new step is always shown.
begin_step() {
  end_progress
  progress_next=0
  progress "$1"
}

end_progress() {
  [[ ${progress_open:-no} == no ]] || printf '\n' >&2
  progress_open=no
}
