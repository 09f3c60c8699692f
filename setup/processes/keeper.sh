#!/bin/sh
# Ends a session of processes once whoever holds our standard input is gone, killed or not.
# $1: the first process of the session, which is asked to end; what is left after 30 seconds, or after it, is killed.
session=$1

# The living of the session, by /proc (proc(5): after the name in brackets state, parent, group, session).
members() {
  for stat in /proc/[0-9]*/stat; do
    read -r line < "$stat" || continue
    set -- ${line##*) }
    [ "$4" = "$session" ] && [ "$1" != Z ] && stat=${stat#/proc/} && echo "${stat%/stat}"
  done
}

leader_lives() {
  if [ -d /proc/self ]; then members | grep -qx "$session"; else kill -0 "$session"; fi
}

{
  while read -r _; do :; done
  kill -TERM "$session"
  tenths=0
  while leader_lives && [ "$tenths" -lt 300 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
  done
  # Its own group is what can be found where there is no /proc.
  kill -KILL "-$session"
  kill -KILL $(members)
} 2> /dev/null
