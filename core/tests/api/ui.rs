//! Where the library is used wrongly, the compiler has to tell what to write.

#[test]
fn mistakes_are_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    #[cfg(feature = "client")]
    cases.compile_fail("tests/ui/client/*.rs");
}
