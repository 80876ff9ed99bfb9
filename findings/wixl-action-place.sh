#!/bin/sh
# wixl 0.101 (Debian 12): whether a custom action "after CostFinalize" runs there or after everything is decided by its name.
#
# After and Before name the neighbour, and WiX gives the number next to its. wixl keeps to the order alone, and where that leaves a choice
# the names decide (its own order of them, not the alphabet): the same document with another name has the action behind InstallFinalize,
# and a property that is set from a folder is set when all has been installed. Sequence, a number, is where it says. Nothing is warned of.
#
# Expected: 1001, whatever the name.
# Seen:     1001 for one name, 6601 for another.
# Output:   After CostFinalize (1000): late 1001, a1 6601; Sequence 1450: 1450; InstallFinalize 6600
#
# Exits 0 while it is so, 1 once wixl behaves otherwise, 2 when it could not be run.
set -eu
for tool in wixl msiinfo; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends wixl msitools > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo hello > hello.txt
build() {
  cat > hello.wxs << XML
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="22222222-2222-4333-8444-555555555555" Name="Hello" Language="1033" Version="1.0.0" Manufacturer="Somebody" UpgradeCode="6F1C3B1E-6C0B-4B0E-9D3D-5B9A4C1F7E21">
<Package InstallerVersion="500" Compressed="yes"/>
<Media Id="1" Cabinet="hello.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="INSTALLDIR" Name="Hello">
<Component Id="C" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D11"><File Id="F" Name="hello.txt" Source="hello.txt" KeyPath="yes"/></Component>
</Directory></Directory></Directory>
<Feature Id="All" Level="1"><ComponentRef Id="C"/></Feature>
<CustomAction Id="$1" Property="LOGS" Value="[INSTALLDIR]logs"/>
<CustomAction Id="numbered" Property="NEW" Value="[INSTALLDIR]new"/>
<InstallExecuteSequence>
<Custom Action="$1" After="CostFinalize"/><Custom Action="numbered" Sequence="1450"/>
</InstallExecuteSequence>
</Product>
</Wix>
XML
  wixl -o hello.msi hello.wxs > log 2>&1 || { cat log; exit 2; }
  if [ -s log ]; then cat log; exit 1; fi
}
number() { msiinfo export hello.msi InstallExecuteSequence | tr -d '\r' | awk -F '\t' -v name="$1" '$1 == name { print $3 }'; }
build late
said="After CostFinalize ($(number CostFinalize)): late $(number late)"
build a1
said="$said, a1 $(number a1); Sequence 1450: $(number numbered); InstallFinalize $(number InstallFinalize)"
echo "$said"
[ "$said" = 'After CostFinalize (1000): late 1001, a1 6601; Sequence 1450: 1450; InstallFinalize 6600' ]
