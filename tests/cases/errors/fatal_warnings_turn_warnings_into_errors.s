//@ ld: fatal_warnings_turn_warnings_into_errors.o --fatal-warnings
//@ fail: entry symbol
.text
nop
