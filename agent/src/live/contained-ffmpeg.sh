#!/bin/sh
# ffmpeg as node-rtsp-stream starts it, which can hand over neither limits nor an environment: with the path alone of the
# environment, and memory, files and rights as containment.ts gives them to the other children.
set -f
limits=''
command -v prlimit >/dev/null && limits='prlimit --core=0 --nofile=64 --fsize=0 --data=1073741824 --as=3221225472'
command -v setpriv >/dev/null && limits="$limits setpriv --no-new-privs --pdeathsig KILL"
exec env -i PATH="$PATH" $limits ffmpeg "$@"
