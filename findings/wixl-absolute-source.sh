#!/bin/sh
# wixl 0.101 (Debian 12): a file whose Source is an absolute path is not found.
#
# A build that knows where its files lie writes their whole paths into the document, as WiX takes them. wixl looks for each below the
# folder of the document and says that it couldn't find a file that is there.
#
# Expected: the file at an absolute Source is put into the package.
# Seen:     "Couldn't find file", exit code 1; the same file by a path from the document's folder is packed.
# Output:   relative: 0; absolute: 1, Couldn't find file
#
# Exits 0 while it is so, 1 once wixl behaves otherwise, 2 when it could not be run.
set -eu
command -v wixl > /dev/null || apt-get install -y -qq --no-install-recommends wixl > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo hello > hello.txt
document() {
  cat << XML
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="*" Name="Hello" Language="1033" Version="1.0.0" Manufacturer="Somebody" UpgradeCode="6F1C3B1E-6C0B-4B0E-9D3D-5B9A4C1F7E21">
<Package InstallerVersion="500" Compressed="yes"/>
<Media Id="1" Cabinet="hello.cab" EmbedCab="yes"/>
<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="INSTALLDIR" Name="Hello">
<Component Id="C" Guid="0E3F2C44-5A5E-4B1B-8F0B-0C9B1C6E7D11"><File Id="F" Name="hello.txt" Source="$1" KeyPath="yes"/></Component>
</Directory></Directory></Directory>
<Feature Id="All" Level="1"><ComponentRef Id="C"/></Feature>
</Product>
</Wix>
XML
}
document hello.txt > relative.wxs
document "$dir/hello.txt" > absolute.wxs
relative=0
wixl -o relative.msi relative.wxs > relative.log 2>&1 || relative=$?
absolute=0
wixl -o absolute.msi absolute.wxs > absolute.log 2>&1 || absolute=$?
said=$(grep -o "Couldn't find file" absolute.log || true)
echo "relative: $relative; absolute: $absolute, $said"
[ "$relative" = 0 ] && [ "$absolute" = 1 ] && [ -n "$said" ]
