#!/bin/bash
# A Prometheus on loopback for one test: prometheus.sh FOLDER PORT TARGET_PORT
# Scrapes 127.0.0.1:TARGET_PORT/metrics each second. Runs in the foreground until it is killed; its data are in FOLDER.
# Ends with 69 where Prometheus is not installed and cannot be.
set -u
folder=$1 port=$2 target=$3
if ! command -v prometheus >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=180 install -y --no-install-recommends prometheus >/dev/null 2>&1 ||
      { apt-get update -qq && apt-get -o DPkg::Lock::Timeout=180 install -y --no-install-recommends prometheus; } >/dev/null 2>&1
  fi
fi
command -v prometheus >/dev/null 2>&1 || exit 69
cat >"$folder/prometheus.yml" <<C
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: workloads
  honor_labels: true
  static_configs: [{targets: ['127.0.0.1:$target']}]
C
exec prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/data" \
  --web.listen-address="127.0.0.1:$port" --log.level=error
