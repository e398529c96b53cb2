#!/bin/bash
# Debian's docker-registry on loopback, twice: open on 127.0.0.1:18761, with a login (tenant / s3cret-login) on 127.0.0.1:18762.
# registry.sh start|stop|status|env
. "$(dirname "$0")/lib.sh"; S=$SERVERS_STATE/registry; mkdir -p $S
conf(){ # port, extra lines
  printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: %s/%s } }\nhttp: { addr: 127.0.0.1:%s }\n%s\n' "$S" "$1" "$1" "${2:-}" >$S/$1.yml; }
start(){ apt_need docker-registry apache2-utils curl
  htpasswd -Bbc $S/htpasswd tenant s3cret-login 2>/dev/null || die htpasswd
  conf 18761; conf 18762 "auth: { htpasswd: { realm: tests, path: $S/htpasswd } }"
  for p in 18761 18762; do alive $S/$p.pid docker-registry || bg $S/$p.pid $S/$p.log docker-registry serve $S/$p.yml; done
  wait_for 15 curl -sf http://127.0.0.1:18761/v2/ || die open; wait_for 15 curl -sf -u tenant:s3cret-login http://127.0.0.1:18762/v2/ || die login; log up; }
stop(){ for p in 18761 18762; do stop_pid $S/$p.pid docker-registry; done; log stopped; }
case ${1:-start} in start) start;; stop) stop;; status) for p in 18761 18762; do echo "$p $(rss $S/$p.pid || echo down)"; done;; env) echo "export REGISTRY_OPEN=127.0.0.1:18761 REGISTRY_LOGIN=127.0.0.1:18762";; esac
