//! Where the library is used wrongly, the compiler has to tell what to write.

#[test]
fn mistakes_are_explained() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
