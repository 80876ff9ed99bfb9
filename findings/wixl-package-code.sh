#!/bin/sh
# wixl 0.101 (Debian 12): two builds of one document differ, whatever Package/@Id and SOURCE_DATE_EPOCH say.
#
# WiX takes the package code from Package/@Id. wixl draws a new one for each build even where the document names it, and takes the time
# of now for the summary's two dates although SOURCE_DATE_EPOCH is set. Nothing else of the two files differs.
#
# Expected: the code of the document is the package's, and the dates are those of SOURCE_DATE_EPOCH.
# Seen:     another code in each build, and the year of now.
# Output:   code of the document: no; same in two builds: no; year: not 2001
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
code=11111111-2222-4333-8444-555555555555
cat > hello.wxs << XML
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="22222222-2222-4333-8444-555555555555" Name="Hello" Language="1033" Version="1.0.0" Manufacturer="Somebody" UpgradeCode="6F1C3B1E-6C0B-4B0E-9D3D-5B9A4C1F7E21">
<Package Id="$code" InstallerVersion="500" Compressed="yes"/>
<Media Id="1" Cabinet="hello.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="INSTALLDIR" Name="Hello">
<Component Id="C" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D11"><File Id="F" Name="hello.txt" Source="hello.txt" KeyPath="yes"/></Component>
</Directory></Directory></Directory>
<Feature Id="All" Level="1"><ComponentRef Id="C"/></Feature>
</Product>
</Wix>
XML
export SOURCE_DATE_EPOCH=1000000000
for build in one two; do
  wixl -o $build.msi hello.wxs > $build.log 2>&1 || { cat $build.log; exit 2; }
  msiinfo suminfo $build.msi > $build.txt
done
revision() { sed -n 's/^Revision number (UUID): {\(.*\)}$/\1/p' "$1"; }
given=no
[ "$(revision one.txt)" = "$code" ] && given=yes
same=no
[ "$(revision one.txt)" = "$(revision two.txt)" ] && same=yes
year=$(sed -n 's/^Created: .* \([0-9]*\)$/\1/p' one.txt)
[ "$year" = 2001 ] && dated=2001 || dated='not 2001'
echo "code of the document: $given; same in two builds: $same; year: $dated"
[ $given = no ] && [ $same = no ] && [ "$dated" != 2001 ]
