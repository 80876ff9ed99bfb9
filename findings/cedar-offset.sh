#!/bin/sh
# @cedar-policy/cedar-wasm 4.13.0: a time with an offset loses it, and the offset of RFC 3339 is not taken.
#
# A schedule is kept by the clock on a wall. datetime() takes an offset as +0100, so a caller who knows the wall's can send the time with
# it; but toTime() and toDate() then answer for UTC, the day before where it is past midnight. With +01:00, as RFC 3339 has it and as
# Temporal and most databases write it, and for 24:00, it fails.
#
# Expected: 10:00 at an offset of an hour is 10 hours into its day, however the offset is spelt.
# Seen:     it is 9 hours into it as +0100, and cannot be evaluated as +01:00.
# Output:   +0100 at 10:00 is 9h; +0100 at 00:30 is on 2026-11-29; +01:00: invalid millisecond and/or offset pattern
#
# Exits 0 while it is so, 1 once Cedar behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @cedar-policy/cedar-wasm@4.13.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const cedar = require('@cedar-policy/cedar-wasm/nodejs');

/** The decision of one policy with this condition, and what could not be evaluated of it. */
const ask = (condition) => {
  const { response } = cedar.isAuthorized({
    principal: { type: 'Person', id: 'p' },
    action: { type: 'Action', id: 'open' },
    resource: { type: 'Lock', id: 'l' },
    context: {},
    policies: { staticPolicies: `permit(principal, action, resource) when { ${condition} };` },
    entities: [],
  });
  const [error] = response.diagnostics.errors;
  return { isSo: response.decision === 'allow', error: error?.error.message ?? '' };
};
/** The first of these for which the condition holds. */
const which = (all, condition) => all.find((one) => ask(condition(one)).isSo) ?? 'none';

const hours = which(['10h', '9h'], (one) => `datetime("2026-11-30T10:00:00+0100").toTime() == duration("${one}")`);
const day = which(['2026-11-30', '2026-11-29'], (one) =>
  `datetime("2026-11-30T00:30:00+0100").toDate() == datetime("${one}")`);
const refusal = ask('datetime("2026-11-30T10:00:00+01:00") == datetime("2026-11-30T09:00:00Z")').error;
console.log(`+0100 at 10:00 is ${hours}; +0100 at 00:30 is on ${day}; +01:00: ${refusal.replace(/^.*: /, '')}`);
process.exit(hours === '9h' && day === '2026-11-29' && /offset pattern/.test(refusal) ? 0 : 1);
JS
timeout 30 node run.js
