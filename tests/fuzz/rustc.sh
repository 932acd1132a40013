#!/bin/sh
# The compiler that cargo calls for the fuzz targets (RUSTC_WRAPPER). It counts which code an input
# reaches, and what it compares, in our own crates: libFuzzer looks for inputs that reach more.
# Other crates are compiled as ever: what they do is not looked for, and it would cost time.
case "$CARGO_PKG_NAME" in
switchback*)
    exec "$@" \
        -C passes=sancov-module \
        -C llvm-args=-sanitizer-coverage-level=4 \
        -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
        -C llvm-args=-sanitizer-coverage-pc-table \
        -C llvm-args=-sanitizer-coverage-trace-compares
    ;;
*)
    exec "$@"
    ;;
esac
