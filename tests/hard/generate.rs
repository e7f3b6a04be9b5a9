//! Hard texts that are too big to be committed. They are made when a test needs them.
//!
//! A plain module: tests include it with `#[path = "hard/generate.rs"] mod generate;`.
//! What is hard about a file and not its text is in `files.rs`; what can be committed is in `fixtures/hard/`.

/// How many levels [`nesting`] stacks: beyond what the parser's stack holds, for most kinds.
pub(crate) const LEVELS: usize = 7_000;

/// One text per kind of nesting, each [`LEVELS`] deep. Every one of them must be refused by name
/// or parsed, never crash.
pub(crate) fn nesting() -> Vec<(&'static str, String)> {
    nesting_at(LEVELS)
}

/// The same texts with `levels` levels.
pub(crate) fn nesting_at(levels: usize) -> Vec<(&'static str, String)> {
    KINDS.iter().map(|kind| (kind.name, kind.text(levels))).collect()
}

/// Texts that are long but flat, or flat enough: each must pass the depth check, and parse.
pub(crate) fn long() -> Vec<(&'static str, String)> {
    let list = |term: &str, between: &str, count: usize| vec![term; count].join(between);
    vec![
        ("5,000 terms", format!("fn f() -> u32 {{ {} }}", list("a", " + ", 5_000))),
        ("5,000 negated terms", format!("fn f() -> u32 {{ {} }}", list("-a.b", " + ", 5_000))),
        ("3,000 comparisons", format!("fn f() -> [bool; 3000] {{ [{}] }}", list("a < b", ", ", 3_000))),
        ("3,000 comparisons in a constant", format!("const A: [bool; 3000] = [{}];", list("A::x < B::y", ", ", 3_000))),
        ("5,000 statements with if", format!("fn f() {{ {} }}", list("if x < y {}", "\n", 5_000))),
        ("10,000 alternatives", format!("fn f() {{ match x {{ {} => {{}} }} }}", list("A::B", " | ", 10_000))),
        ("10,000 references as alternatives", format!("fn f() {{ matches!(x, {}) }}", list("&B", " | ", 10_000))),
        ("5,000 arms", format!("fn f() {{ match x {{ {} }} }}", list("A::B(c) if d < e => f(g)", ",\n", 5_000))),
        ("5,000 fields", format!("struct S {{ {} }}", list("a: Vec<Option<u8>>", ",\n", 5_000))),
        ("5,000 variants", format!("enum E {{ {} }}", list("A(Vec<Option<u8>>) = -1", ",\n", 5_000))),
        ("20,000 numbers", format!("static A: [i64; 20000] = [{}];", list("-0x1f", ",", 20_000))),
        ("5,000 tuples", format!("const A: [(u8, &str); 5000] = [{}];", list("(1, \"a\")", ",", 5_000))),
        ("5,000 imports", format!("use a::{{{}}};", list("b::c::{d, e as f}", ",", 5_000))),
        ("5,000 items", list("pub fn f<T: A<B>>(x: &T) -> Option<T> { None }", "\n", 5_000)),
        ("5,000 attributes", format!("{}\nfn f() {{}}", list("#[doc = \"x\"]", "\n", 5_000))),
        ("5,000 bounds", format!("fn f<T>() where T: {} {{}}", list("A<B>", " + ", 5_000))),
        ("5,000 type arguments", format!("fn f() -> A<{}> {{}}", list("Vec<&'a T>", ", ", 5_000))),
        ("5,000 words in a macro", format!("m! {{ {} }}", list("word other", " ", 5_000))),
        ("3,000 tags in a macro", format!("m! {{ {} }}", list("<b a=\"c\">\"d\"</b>", " ", 3_000))),
        ("3,000 calls in a chain", format!("fn f() {{ a{} }}", list(".b(c)", "", 3_000))),
    ]
}

/// A file of one line of ten megabytes: a string inside a constant.
pub(crate) fn ten_megabyte_line() -> String {
    format!("pub const LONG: &str = \"{}\";", "x".repeat(10_000_000))
}

/// A file of one line of ten megabytes of code: many small items, no newline.
pub(crate) fn ten_megabyte_code() -> String {
    let item = "pub const A: u8 = 1; ";
    item.repeat(10_000_000 / item.len())
}

/// A thousand nested block comments, the innermost with a suppression.
pub(crate) fn nested_comments() -> String {
    format!("{} baton: allow(x) {}", "/*".repeat(1_000), "*/".repeat(1_000))
}

/// A kind of nesting: what stands before, what opens and closes a level, the innermost, what stands after.
struct Kind {
    name: &'static str,
    before: &'static str,
    open: &'static str,
    inner: &'static str,
    close: &'static str,
    after: &'static str,
}

impl Kind {
    fn text(&self, levels: usize) -> String {
        let (open, close) = (self.open.repeat(levels), self.close.repeat(levels));
        [self.before, &open, self.inner, &close, self.after].concat()
    }
}

const fn kind(name: &'static str, parts: [&'static str; 5]) -> Kind {
    let [before, open, inner, close, after] = parts;
    Kind { name, before, open, inner, close, after }
}

/// An expression inside a function.
const fn expr(name: &'static str, open: &'static str, inner: &'static str, close: &'static str) -> Kind {
    kind(name, ["fn f() { x = ", open, inner, close, "; }"])
}

/// A statement, or several, inside a function.
const fn stmt(name: &'static str, open: &'static str, inner: &'static str, close: &'static str) -> Kind {
    kind(name, ["fn f() { ", open, inner, close, " }"])
}

/// A type.
const fn ty(name: &'static str, open: &'static str, inner: &'static str, close: &'static str) -> Kind {
    kind(name, ["type T = ", open, inner, close, ";"])
}

/// A pattern.
const fn pat(name: &'static str, open: &'static str, inner: &'static str, close: &'static str) -> Kind {
    kind(name, ["fn f() { match x { ", open, inner, close, " => {} } }"])
}

const KINDS: &[Kind] = &[
    // Items.
    kind("modules", ["", "mod a { ", "", "}", ""]),
    kind("functions in functions", ["", "fn f() { ", "", "}", ""]),
    kind("impls in functions", ["", "impl A { fn f() { ", "", "} }", ""]),
    kind("traits in constants", ["", "const A: u8 = { trait A { ", "", "} };", ""]),
    kind("use tree in braces", ["use ", "a::{", "b", "}", ";"]),
    kind("use tree in segments", ["use ", "a::", "b", "", ";"]),
    kind("visibility", ["", "pub(in ", "a", ")", " fn f() {}"]),
    kind("extern blocks", ["", "const A: u8 = { extern \"C\" { static B: [u8; ", "3", "]; } };", ""]),
    kind("enum discriminants", ["", "enum E { A = {", "1", "} }", ""]),
    kind("macro definition", ["macro_rules! m { () => ", "{", "", "}", " }"]),
    kind("macro call as item", ["", "m! {", "", "}", ""]),
    kind("attribute arguments", ["#[a", "(a", "", ")", "] fn f() {}"]),
    kind("attribute in brackets", ["#[a", "[", "", "]", "] fn f() {}"]),
    kind("attribute value", ["#[a = ", "(", "1", ")", "] fn f() {}"]),
    kind("attribute value chain", ["#[a = ", "-", "1", "", "] fn f() {}"]),
    // Delimited expressions.
    expr("parentheses", "(", "1", ")"),
    expr("tuples", "(1, ", "1", ")"),
    expr("arrays", "[", "1", "]"),
    expr("repeat arrays", "[1; ", "1", "]"),
    expr("repeat arrays, element", "[", "1", "; 1]"),
    expr("blocks", "{", "1", "}"),
    expr("unsafe blocks", "unsafe {", "1", "}"),
    expr("async blocks", "async move {", "1", "}"),
    expr("const blocks", "const {", "1", "}"),
    expr("labelled blocks", "'a: {", "1", "}"),
    expr("try blocks", "try {", "1", "}"),
    expr("loops", "loop {", "", "}"),
    expr("while in body", "while x {", "", "}"),
    expr("while in condition", "while ", "x", " {}"),
    expr("for in body", "for x in y {", "", "}"),
    expr("for in iterator", "for x in ", "y", " {}"),
    expr("match in body", "match x { y => ", "1", "}"),
    expr("match in scrutinee", "match ", "x", " {}"),
    expr("match in guard", "match x { y if ", "true", " => 1 }"),
    expr("if in body", "if x {", "1", "}"),
    expr("if in condition", "if ", "x", " {}"),
    expr("if let in condition", "if let y = ", "x", " {}"),
    expr("else in braces", "if x {} else {", "1", "}"),
    expr("else if", "if x {} else ", "{}", ""),
    expr("else if let", "if let A(x) = y {} else ", "{}", ""),
    expr("calls in arguments", "f(", "1", ")"),
    expr("method calls in arguments", "x.f(", "1", ")"),
    expr("indices in indices", "a[", "1", "]"),
    expr("struct literals", "S { a: ", "1", "}"),
    expr("struct updates", "S { ..", "s", "}"),
    expr("macro calls", "m!(", "1", ")"),
    expr("vec", "vec![", "1", "]"),
    expr("all precedences", "(a || a && a == a | a ^ a & a << a + a * ", "a", ")"),
    expr("blocks with all precedences", "{ x = a .. a || a && a == a | a ^ a & a << a + a * -", "a", " }"),
    // Statements.
    stmt("statements: blocks", "{", "", "}"),
    stmt("statements: let", "let a = {", "1", "};"),
    stmt("statements: let else", "let a = b else {", "return", "};"),
    stmt("statements: if", "if x {", "", "}"),
    stmt("statements: match", "match x { _ => {", "", "} }"),
    stmt("statements: else if", "if x {} else ", "{}", ""),
    stmt("statements: macros", "m! {", "", "}"),
    // Prefix chains.
    expr("not", "!", "x", ""),
    expr("minus", "-", "x", ""),
    expr("dereference", "*", "x", ""),
    expr("reference", "&", "x", ""),
    expr("mutable reference", "&mut ", "x", ""),
    expr("raw reference", "&raw const ", "x", ""),
    expr("return", "return ", "x", ""),
    expr("break", "break ", "x", ""),
    expr("break with label", "break 'a ", "x", ""),
    expr("yield", "yield ", "x", ""),
    expr("become", "become ", "x", ""),
    expr("closures", "|a| ", "x", ""),
    expr("closures with two arguments", "|a, b| ", "x", ""),
    expr("closures with patterns", "|(a, b), &c| ", "x", ""),
    expr("closures without arguments", "|| ", "x", ""),
    expr("closures without arguments, spaced", "| | ", "x", ""),
    expr("move closures", "move |a: u8| ", "x", ""),
    expr("async closures", "async move |_| ", "x", ""),
    expr("closures with bodies", "|a| {", "x", "}"),
    expr("closures with types", "|a: A<u8>| -> u8 {", "x", "}"),
    expr("assignment", "a = ", "a", ""),
    expr("compound assignment", "a += ", "a", ""),
    expr("ranges", "..", "a", ""),
    expr("ranges with start", "a..", "a", ""),
    expr("closed ranges", "a..=", "a", ""),
    expr("return in sums", "a + return ", "a", ""),
    expr("return in products", "a || a && a == a | a ^ a & a << a + a * return ", "a", ""),
    expr("closures in sums", "a + |a| ", "a", ""),
    expr("let chains", "let a = b && ", "x", ""),
    expr("let in let", "let a = ", "x", ""),
    expr("attributes on expressions", "#[a] ", "x", ""),
    expr("attributes and minus", "#[a] -", "x", ""),
    expr("attributes and closures", "#[a] |a| ", "x", ""),
    expr("unions of casts", "-a as T + ", "x", ""),
    expr("dereferenced calls", "*a(", "x", ")"),
    expr("boxed closures", "Box::new(move |a, b| ", "x", ")"),
    expr("method calls with closures", "a.b(|c| { c.d(", "x", ") })"),
    expr("closures in struct literals", "S { a: |b| c < d, e: ", "x", "}"),
    expr("comparisons in parentheses", "a < (", "x", ")"),
    expr("attributes and parentheses", "#[a] (", "x", ")"),
    // Left-deep chains.
    expr("sum", "a + ", "a", ""),
    expr("and", "a && ", "a", ""),
    expr("shift", "a << ", "a", ""),
    expr("comparison", "a < ", "a", ""),
    expr("equality", "a == ", "a", ""),
    expr("field chain", "", "a", ".b"),
    expr("tuple field chain", "", "a", ".0"),
    expr("method chain", "", "a", ".b()"),
    expr("method chain with types", "", "a", ".b::<T>()"),
    expr("await chain", "", "a", ".await"),
    expr("question marks", "", "a", "?"),
    expr("casts", "", "a", " as T"),
    expr("call chain", "", "a", "()"),
    expr("index chain", "", "a", "[0]"),
    expr("call and field chain", "", "a", "(0)[0].b?"),
    expr("sums on the left", "(", "a", ") + a + a"),
    expr("chains on the left", "(", "a", ").b.b.b"),
    expr("blocks on the left", "{", "a", "} + a"),
    // Types.
    ty("generics", "A<", "A", ">"),
    ty("generics, second argument", "A<A, ", "A", ">"),
    ty("generics, spaced", "A < A, ", "A", " >"),
    ty("generics with path", "::a::A<", "A", ">"),
    ty("generics, turbofish", "A::<", "A", ">"),
    ty("generics, associated type", "A<B = ", "A", ">"),
    ty("generics, associated bound", "dyn A<B: ", "A", ">"),
    ty("generics, const block", "A<{", "1", "}>"),
    ty("type tuples", "(", "A", ",)"),
    ty("type parentheses", "(", "A", ")"),
    ty("slices", "[", "A", "]"),
    ty("type arrays", "[", "A", "; 1]"),
    ty("type array lengths", "[u8; {let a: ", "u8", ";}]"),
    ty("references", "&", "A", ""),
    ty("references with lifetimes", "&'a mut ", "A", ""),
    ty("references to generics", "&'a A<", "A", ">"),
    ty("tuples of references", "(&A, &", "A", ")"),
    ty("boxed functions", "Box<dyn Fn(A, ", "A", ") -> B>"),
    ty("results of futures", "impl A<B = C<D, ", "A", ">>"),
    ty("pointers to slices", "*const [", "A", "]"),
    ty("pointers to functions", "*const fn() -> ", "A", ""),
    ty("pointers", "*const ", "A", ""),
    ty("mutable pointers", "*mut ", "A", ""),
    ty("function pointers", "fn() -> ", "A", ""),
    ty("function pointers in arguments", "fn(", "A", ")"),
    ty("function pointers with names", "for<'a> unsafe extern \"C\" fn(a: ", "A", ")"),
    ty("closure traits", "dyn Fn() -> ", "A", ""),
    ty("closure traits in arguments", "dyn Fn(", "A", ")"),
    ty("impl chains", "impl Fn() -> ", "A", ""),
    ty("impl generics", "impl A<", "A", ">"),
    ty("boxed dyn", "Box<dyn Fn(", "A", ")>"),
    ty("qualified self", "<", "A", " as B>::C"),
    ty("qualified self, no trait", "<", "A", ">::C"),
    ty("qualified trait", "<A as B<", "A", ">>::C"),
    ty("type macros", "m!(", "A", ")"),
    ty("higher ranked", "for<'a> ", "fn()", ""),
    ty("dyn higher ranked", "dyn for<'a> A<", "B", ">"),
    ty("bounds in parentheses", "dyn (", "A", ")"),
    ty("sums of types", "dyn A + ", "A", ""),
    kind("generics without end", ["type T = ", "A<", "", "", ""]),
    kind("generics without end, second argument", ["type T = ", "A<A, ", "", "", ""]),
    kind("generics in a field", ["struct S { a: u8, b: ", "A<A, ", "A", ">", " }"]),
    kind("generics in a tuple struct", ["struct S(u8, ", "A<A, ", "A", ">", ");"]),
    kind("generics in a variant", ["enum E { A, B(u8, ", "A<A, ", "A", ">", ") }"]),
    kind("generics in parameters", ["fn f(a: u8, b: ", "A<A, ", "A", ">", ") {}"]),
    kind("generics in a return type", ["fn f() -> ", "A<A, ", "A", ">", " {}"]),
    kind("generics in a bound", ["fn f<T: ", "A<A, ", "A", ">", ">() {}"]),
    kind("generics in a where clause", ["fn f<T>() where T: B, ", "A<A, ", "A", ">", ": B {}"]),
    kind("generics in an impl", ["impl ", "A<A, ", "A", ">", " {}"]),
    kind("generics in an impl of a trait", ["impl A for ", "A<A, ", "A", ">", " {}"]),
    kind("generics in a let", ["fn f() { let a: ", "A<A, ", "A", ">", " = 1; }"]),
    kind("generics in a tuple type", ["fn f(a: (u8, ", "A<A, ", "A", ">", ")) {}"]),
    kind("generics in a cast", ["fn f() { a as ", "A<A, ", "A", ">", "; }"]),
    kind("generics in a closure", ["fn f() { |a, b: ", "A<A, ", "A", ">", "| 1; }"]),
    kind("generics in a turbofish", ["fn f() { a::<", "A<A, ", "A", ">", ">(); }"]),
    kind("generics in a method", ["fn f() { a.b::<", "A<A, ", "A", ">", ">(); }"]),
    kind("generics in a supertrait", ["trait T: ", "A<A, ", "A", ">", " {}"]),
    kind("generics in a default", ["struct S<T = ", "A<A, ", "A", ">", ">(T);"]),
    kind("generics in a trait's type", ["trait T { type A = ", "A<A, ", "A", ">", "; }"]),
    kind("generics in a constant", ["const A: ", "A<A, ", "A", ">", " = 1;"]),
    kind("generics in a path of an expression", ["fn f() { ", "<A<A, ", "A", ">>::a", "; }"]),
    kind("generics in a pattern", ["fn f() { let ", "A::<A<A, ", "A", ">>", " = 1; }"]),
    expr("turbofish in turbofish", "a::<", "A", ">"),
    expr("qualified self in an expression", "<", "A", ">::a"),
    expr("qualified self, packed", "<<", "A", " as A>::a as A>::a"),
    // Patterns.
    pat("pattern references", "&", "a", ""),
    pat("pattern mutable references", "&mut ", "a", ""),
    pat("pattern bindings", "a @ ", "a", ""),
    pat("pattern tuples", "(a, ", "a", ")"),
    pat("pattern parentheses", "(", "a", ")"),
    pat("pattern slices", "[", "a", "]"),
    pat("pattern structs", "A { a: ", "a", "}"),
    pat("pattern tuple structs", "A(", "a", ")"),
    pat("pattern alternatives", "A | ", "A", ""),
    pat("pattern nested alternatives", "A | (", "A", ")"),
    pat("pattern boxes", "box ", "a", ""),
    pat("pattern macros", "m!(", "a", ")"),
    pat("pattern const blocks", "const {", "1", "}"),
    pat("pattern ranges", "..=", "1", ""),
    pat("pattern of types", "<", "A", ">::B"),
    // Generic parameters.
    kind("bounds in generics", ["fn f<T: ", "A<", "A", ">", ">() {}"]),
    kind("defaults in generics", ["struct S<T = ", "A<", "A", ">", ">;"]),
    kind("const defaults", ["struct S<const N: usize = {", "{", "1", "}", "}>;"]),
    kind("where clauses", ["fn f() where ", "A<", "A", ">", ": B {}"]),
    kind("bounds in bounds", ["fn f(a: ", "impl A<B: ", "C", ">", ") {}"]),
    kind("modules without end", ["", "mod a { ", "", "", ""]),
    kind("parentheses without end", ["fn f() { ", "(", "", "", ""]),
    kind("closing only", ["fn f() {} ", "}", "", "", ""]),
];
