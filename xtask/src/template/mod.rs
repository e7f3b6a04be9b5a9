//! The lint that the scaffold writes. It is compiled with the tests of this package, so that it
//! still compiles when the model changes.

#[expect(unreachable_pub, reason = "a lint is public where it is going")]
mod a_new_rule;

#[test]
fn it_judges_nothing_by_itself_and_its_page_says_so() {
    let lint = &a_new_rule::LINT;
    assert_eq!(lint.level, baton_core::finding::Level::Allow);
    assert!(lint.page().contains("it judges nothing"));
}
