#!/bin/sh
# wixl 0.101 (Debian 12): what a package's languages, its architecture and a feature's Absent say is taken and not written.
#
# The summary's template is the architecture and the languages (Windows Installer, Template Summary), and Windows says no to a patch or a
# transform by it; -a x64 makes components 64-bit ones in WiX unless they say otherwise (bit 256); Absent="disallow" is bit 16 of a
# feature, without which it can be left out. wixl knows all three, warns of none, and writes 1033, no bit and no bit.
#
# Expected: x64;1031, 256, 16.
# Seen:     1033 for a product in German, and 0 twice; 256 where Win64 is written at the component.
# Output:   product 1031, template x64;1033; -a x64: component 0, with Win64 256; Absent disallow: 0
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
cat > hello.wxs << 'XML'
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="22222222-2222-4333-8444-555555555555" Name="Hello" Language="1031" Version="1.0.0" Manufacturer="Somebody" UpgradeCode="6F1C3B1E-6C0B-4B0E-9D3D-5B9A4C1F7E21">
<Package InstallerVersion="500" Compressed="yes" Languages="1031"/>
<Media Id="1" Cabinet="hello.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="Hello">
<Component Id="plain" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D11"><File Id="F" Name="hello.txt" Source="hello.txt" KeyPath="yes"/></Component>
<Component Id="said" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D12" Win64="yes"><File Id="G" Name="again.txt" Source="hello.txt" KeyPath="yes"/></Component>
</Directory></Directory></Directory>
<Feature Id="All" Level="1" Absent="disallow"><ComponentRef Id="plain"/><ComponentRef Id="said"/></Feature>
</Product>
</Wix>
XML
wixl -a x64 -o hello.msi hello.wxs > log 2>&1 || { cat log; exit 2; }
cell() { msiinfo export hello.msi "$1" | tr -d '\r' | awk -F '\t' -v name="$2" -v column="$3" '$1 == name { print $column }'; }
template=$(msiinfo suminfo hello.msi | sed -n 's/^Template: //p')
said="product $(cell Property ProductLanguage 2), template $template; -a x64: component $(cell Component plain 4), with Win64 $(cell Component said 4)"
said="$said; Absent disallow: $(cell Feature All 8)$([ -s log ] && echo ', warned' || true)"
echo "$said"
[ "$said" = 'product 1031, template x64;1033; -a x64: component 0, with Win64 256; Absent disallow: 0' ]
