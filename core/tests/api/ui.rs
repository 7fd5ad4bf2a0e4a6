//! The compiler's messages for wrong uses of the library say what to write instead.

#[test]
fn compiler_errors_say_what_to_write() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    #[cfg(feature = "client")]
    cases.compile_fail("tests/ui/client/*.rs");
}
