#!/bin/sh
# wixl 0.101 (Debian 12): registry values of type binary and expandable are written as strings.
#
# In the package a value's beginning says its type (Windows Installer, Registry table): #x for binary, #% for an expandable string, # for an
# integer, and ## for a string that begins with one. wixl does so for the integer and for that string, takes the two other types without a
# word, and what they are for (a policy, a service's ImagePath) gets a REG_SZ.
#
# Expected: #42, ##42, #x00ff, #%%SystemRoot%\kiosk.
# Seen:     the last two without their beginnings.
# Output:   integer #42; string ##42; binary 00ff; expandable %SystemRoot%\kiosk
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
<Product Id="22222222-2222-4333-8444-555555555555" Name="Hello" Language="1033" Version="1.0.0" Manufacturer="Somebody" UpgradeCode="6F1C3B1E-6C0B-4B0E-9D3D-5B9A4C1F7E21">
<Package InstallerVersion="500" Compressed="yes"/>
<Media Id="1" Cabinet="hello.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="INSTALLDIR" Name="Hello">
<Component Id="C" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D11"><File Id="F" Name="hello.txt" Source="hello.txt" KeyPath="yes"/>
<RegistryValue Root="HKLM" Key="Software\Hello" Name="integer" Type="integer" Value="42"/>
<RegistryValue Root="HKLM" Key="Software\Hello" Name="string" Type="string" Value="#42"/>
<RegistryValue Root="HKLM" Key="Software\Hello" Name="binary" Type="binary" Value="00ff"/>
<RegistryValue Root="HKLM" Key="Software\Hello" Name="expandable" Type="expandable" Value="%SystemRoot%\kiosk"/></Component>
</Directory></Directory></Directory>
<Feature Id="All" Level="1"><ComponentRef Id="C"/></Feature>
</Product>
</Wix>
XML
wixl -o hello.msi hello.wxs > log 2>&1 || { cat log; exit 2; }
value() { msiinfo export hello.msi Registry | tr -d '\r' | awk -F '\t' -v name="$1" '$4 == name { print name " " $5 }'; }
said="$(value integer); $(value string); $(value binary); $(value expandable)"
echo "$said"
[ "$said" = 'integer #42; string ##42; binary 00ff; expandable %SystemRoot%\kiosk' ]
