#!/bin/sh
# advlib-ble-services 1.7.0 and advlib-ble-manufacturers 1.14.0: what a device says that it does not measure is told as a value: a battery of 0 V,
# -128 and -163.84 degrees, 655.35 A.
#
# A beacon on the mains, or without a thermometer, says so by numbers that are none: Eddystone-TLM by 0 for the battery and 0x8000 for the
# temperature, an Electric Current of GATT by 0xffff (GATT Specification Supplement), a RuuviTag (format 5) and a Ruuvi Air (format 6) by 0x8000,
# 0xffff and all ones. Of some values these libraries leave such numbers out, so that who has seen that takes what is there for measured: humidity,
# and a GATT temperature, of which nothing is told, as it should be; Ruuvi Air's humidity, but not its temperature, whose check compares a signed
# number with 0x8000, which none is. An alarm for flat batteries goes off for each device that has none.
#
# Expected: nothing but the counters.
# Seen:     numbers.
# Output:   Eddystone-TLM: batteryVoltage 0, temperature -128
#           Electric Current: amperage 655.35
#           Temperature: nothing
#           Humidity: nothing
#           Ruuvi 5: temperature -163.84, relativeHumidity 163.8375, pressure 115535, batteryVoltage 3.647, txPower 22
#           Ruuvi 6: temperature -163.84
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts advlib-ble-services@1.7.0 advlib-ble-manufacturers@1.14.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { processManufacturerSpecificData } = require('advlib-ble-manufacturers');
const { processServiceData } = require('advlib-ble-services');

const measured = ['batteryVoltage', 'temperature', 'relativeHumidity', 'pressure', 'amperage', 'carbonDioxideConcentration', 'txPower'];
const told = (name, values) => {
  const known = Object.entries(values ?? {}).filter(([value]) => measured.includes(value));
  return `${name}: ${known.map(([value, number]) => `${value} ${number}`).join(', ') || 'nothing'}`;
};
const ruuvi = 0x0499;
const said = [
  told('Eddystone-TLM', processServiceData('feaa', '2000' + '0000' + '8000' + '00000001' + '00000001')),
  told('Electric Current', processServiceData('2aee', 'ffff')),
  told('Temperature', processServiceData('2a6e', '0080')),
  told('Humidity', processServiceData('2a6f', 'ffff')),
  told('Ruuvi 5', processManufacturerSpecificData(ruuvi, '05' + '8000' + 'ffff' + 'ffff' + '800080008000' + 'ffff' + 'ff' + 'ffff' + 'c60504030201')),
  told('Ruuvi 6', processManufacturerSpecificData(ruuvi, '06' + '8000' + 'ffff' + 'ffff' + 'ffff' + 'ffff' + 'ff' + 'ff' + 'ff' + 'ff' + '01' + 'c0' + '030201')),
].join('\n');
console.log(said);
const seen = `Eddystone-TLM: batteryVoltage 0, temperature -128
Electric Current: amperage 655.35
Temperature: nothing
Humidity: nothing
Ruuvi 5: temperature -163.84, relativeHumidity 163.8375, pressure 115535, batteryVoltage 3.647, txPower 22
Ruuvi 6: temperature -163.84`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
