#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# session.sh COMMAND…
#
# Runs COMMAND in a session of its own: an X server without a screen, a window manager (without one,
# keys go to what is under the pointer), a session bus, and home, XDG and temporary folders that go
# with it.
set -eu

work=$(mktemp -d)
export TMPDIR=$work HOME=$work/home XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config \
  XDG_DATA_HOME=$work/data XDG_CACHE_HOME=$work/cache XDG_STATE_HOME=$work/state \
  LC_ALL=${LC_ALL:-C.UTF-8} GDK_BACKEND=x11
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
mkdir "$HOME"
mkdir -m 700 "$XDG_RUNTIME_DIR"

coproc X { exec Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>&1 >/dev/null 2>&1; }
server=$X_PID
manager=
trap 'kill $manager $server 2>/dev/null; wait; rm -rf "$work"' EXIT

read -r display <&"${X[0]}"
export DISPLAY=:$display

openbox >/dev/null 2>&1 &
manager=$!
until xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'; do
  sleep 0.05
done

dbus-run-session -- "$@"
