P=/tmp/rv/provider
e() { echo "\$ $*" | sed "s#$P#provider#"; timeout 30 "$@" 2>&1; echo "  [rc $?]"; }
mkdir -p /tmp/rv/m; mount -t tmpfs -o size=64k tmpfs /tmp/rv/m
e $P init --dir /tmp/rv/m/p; ls -laR /tmp/rv/m
umount /tmp/rv/m;  mount -t tmpfs -o size=100k tmpfs /tmp/rv/m; e $P init --dir /tmp/rv/m/p; ls -la /tmp/rv/m/p; dd if=/dev/zero of=/tmp/rv/m/fill bs=1k count=200 2>/dev/null; e $P --state /tmp/rv/m/p/state.db state maintain; e $P --state /tmp/rv/m/p/state.db job list;e $P --state /tmp/rv/m/p/state.db state check; e $P --state /tmp/rv/m/p/state.db state backup -o /tmp/rv/m/p/b.db; e $P --state /tmp/rv/m/p/state.db state vacuum; e $P --state /tmp/rv/m/p/state.db state restore /tmp/rv/t/s2/bk.db; ls -la /tmp/rv/m/p
umount /tmp/rv/m; mount -t tmpfs tmpfs /tmp/rv/m; $P init --dir /tmp/rv/m/p >/dev/null 2>&1; chown -R 65534:65534 /tmp/rv/m; mount -o remount,ro /tmp/rv/m
for c in "job list" "state check" "state path" "state maintain" "state vacuum" "state prune" "state backup -o /tmp/rv/t/ro-b.db --force" "state restore /tmp/rv/t/s2/bk.db" "--dry-run state maintain"; do e $P --config /tmp/rv/m/p/config.yaml $c;  done
e setpriv --reuid 65534 --regid 65534 --clear-groups $P --config /tmp/rv/m/p/config.yaml job list
e $P init --dir /tmp/rv/m/q
e sh -c "$P version > /dev/full"; e sh -c "$P config schema > /dev/full"; e sh -c "$P config schema | head -1 >/dev/null"; e sh -c "$P version >&-"; e sh -c "$P job lst 2>&-";  e sh -c "$P config show --config /tmp/rv/m/p/config.yaml 2>/dev/full | head -1"; e bash -c "$P config schema | true; echo \${PIPESTATUS[0]}"
