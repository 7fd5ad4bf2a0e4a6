//! Compiler messages for wrong uses of the crate.

#[test]
fn compiler_errors_match_recorded_ones() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
