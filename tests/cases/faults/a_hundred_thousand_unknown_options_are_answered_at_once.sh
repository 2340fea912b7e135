# The nearest known option is looked up for the first few only: each look-up goes through the whole table.
seq 50000 | sed 's|.*|-. = -1;-unknown-optoin --gc-sectoins|' >args
start=$(date +%s)
must_fail timeout 120 $LD @args 2>said
[ $(($(date +%s) - start)) -lt 90 ]
grep -q "did you mean '--gc-sections'" said
[ "$(grep -c 'did you mean' said)" -lt 30 ]
