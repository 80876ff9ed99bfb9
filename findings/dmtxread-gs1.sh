#!/bin/sh
# dmtxread 0.7.5 of libdmtx (Debian dmtx-utils 0.7.6-1.1): of a GS1 label it loses the separator, and in upper case what follows it, too.
#
# A GS1 DataMatrix separates elements by FNC1, which a reader tells as ASCII 29 (GS1 General Specifications, 7.8). dmtxread without -G
# drops it, so that a lot swallows the serial number behind it; and where the label's writer has packed the letters three in two bytes
# (C40, which zint does with upper case), the digit behind the separator is gone and another character stands for both. With -G 29 all
# is read. zbarimg, which has no such option, tells the separator of Code 128 and QR.
#
# Expected: 10LOT7<GS>210000051a and 10LOTAB7<GS>210000051A.
# Seen:     10LOT7210000051a, and 10LOTAB7'10000051A: of (21) the 2 is gone.
# Output:   lower case: 10LOT7210000051a00000105, with -G 29 ^]10LOT7^]210000051a00000105
#           upper case: 10LOTAB7'10000051A00000105, with -G 29 ^]10LOTAB7^]210000051A00000105
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in zint dmtxread; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends zint dmtx-utils > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
read_label() {
  zint -b DATAMATRIX --gs1 --scale 3 -w 10 --vwhitesp 10 -o label.png -d "$2"
  echo "$1: $(timeout 30 dmtxread label.png | cat -v), with -G 29 $(timeout 30 dmtxread -G 29 label.png | cat -v)"
}
said=$(read_label 'lower case' '[10]LOT7[21]0000051a00000105'; read_label 'upper case' '[10]LOTAB7[21]0000051A00000105')
echo "$said"
[ "$said" = "lower case: 10LOT7210000051a00000105, with -G 29 ^]10LOT7^]210000051a00000105
upper case: 10LOTAB7'10000051A00000105, with -G 29 ^]10LOTAB7^]210000051A00000105" ]
