#!/usr/bin/env bash
# Runs `baton ci` as the action does: annotations, a summary of the job, and SARIF where SARIF names a file.
set -euo pipefail
read -r -a arguments <<<"${ARGUMENTS:-}"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    arguments+=(--output "markdown=$GITHUB_STEP_SUMMARY")
fi
if [ -n "${SARIF:-}" ]; then
    arguments+=(--output "sarif=$SARIF")
fi
exec baton ci "${arguments[@]}"
