//! Bodies as trees: one test for each family of expressions.

use super::{facts, show};
use crate::facts::{Body, ItemKind};
use expect_test::{Expect, expect};
use std::fmt::Write;

/// The body of a function that holds these statements.
fn body(statements: &str) -> Body {
    let facts = facts(&format!("fn f() {{ {statements} }}"));
    let ItemKind::Function(function) = &facts.scopes[0].items.last().unwrap().kind else { panic!("{facts:?}") };
    function.body.clone().unwrap()
}

/// Compares the tree of some statements, one per line, with `expected`.
#[track_caller]
pub(super) fn check(statements: &str, expected: &Expect) {
    let mut out = String::new();
    for line in statements.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let body = body(line);
        writeln!(out, "{line}\n    {}", show::expr(&body, body.root().unwrap())).unwrap();
    }
    expected.assert_eq(&out);
}

#[test]
fn paths_literals_and_calls() {
    check(
        "self.a.0 + a::b::<u8>::C
         (1, 1u8, 1.5, \"a\", b\"a\", r#\"a\"#, 'a', b'a', true, -1)
         f(a, g())
         a.b().c::<u8>(1)
         <T as Trait>::f(a)
         a[0][i]
         S { a, b: 1, ..S::default() }
         [a, b]
         [0; 4]
         ()
        ",
        &expect![[r##"
            self.a.0 + a::b::<u8>::C
                {Sum(self.a.0, a::b::C)}
            (1, 1u8, 1.5, "a", b"a", r#"a"#, 'a', b'a', true, -1)
                {(Integer(1), Integer(1u8), Float(1.5), Text("a"), Text(b"a"), Text(r#"a"#), Character('a'), Character(b'a'), Boolean(true), Negate(Integer(1)))}
            f(a, g())
                {call(f; a, call(g; ))}
            a.b().c::<u8>(1)
                {a.b().c(Integer(1))}
            <T as Trait>::f(a)
                {call(Trait::f; a)}
            a[0][i]
                {a[Integer(0)][i]}
            S { a, b: 1, ..S::default() }
                {S{a: a, b: Integer(1); call(S::default; )}}
            [a, b]
                {[a, b]}
            [0; 4]
                {[Integer(0), Integer(4)]}
            ()
                {()}
        "##]],
    );
}

#[test]
fn operators() {
    check(
        "a + b - c * d / e % f;
         a & b | c ^ d << e >> f;
         a && b || !c;
         a == b; a != b;
         a < b; a <= b; a > b; a >= b;
         -a; *a; !a; &a; &mut a; &raw const a;
         a = b; a += b; a -= 1; a *= 2; a /= 2; a %= 2;
         a |= b; a &= b; a ^= b; a <<= 1; a >>= 1;
         self.total += price * 2;
         a as u64 + b
         ((a))
         a..b; a..=b; ..b; a..; ..;
        ",
        &expect![[r"
            a + b - c * d / e % f;
                {Sum(Sum(a, b), Product(Product(Product(c, d), e), f));}
            a & b | c ^ d << e >> f;
                {Bits(Bits(a, b), Bits(c, Bits(Bits(d, e), f)));}
            a && b || !c;
                {Logic(Logic(a, b), Not(c));}
            a == b; a != b;
                {Equality(a, b), Equality(a, b);}
            a < b; a <= b; a > b; a >= b;
                {Order(a, b), Order(a, b), Order(a, b), Order(a, b);}
            -a; *a; !a; &a; &mut a; &raw const a;
                {Negate(a), Dereference(a), Not(a), ref(a), refmut(a), ref(a);}
            a = b; a += b; a -= 1; a *= 2; a /= 2; a %= 2;
                {set(a, b), set Sum(a, b), set Sum(a, Integer(1)), set Product(a, Integer(2)), set Product(a, Integer(2)), set Product(a, Integer(2));}
            a |= b; a &= b; a ^= b; a <<= 1; a >>= 1;
                {set Bits(a, b), set Bits(a, b), set Bits(a, b), set Bits(a, Integer(1)), set Bits(a, Integer(1));}
            self.total += price * 2;
                {set Sum(self.total, Product(price, Integer(2)));}
            a as u64 + b
                {Sum(typed(a, u64), b)}
            ((a))
                {a}
            a..b; a..=b; ..b; a..; ..;
                {range(a, b), range(a, b), range(-, b), range(a, -), range(-, -);}
        "]],
    );
}

#[test]
fn statements() {
    check(
        "let a;
         let a = 1;
         let a: u8 = f();
         let a: u8;
         let Some(a) = f() else { return };
         let (a, _): (u8, u8) = f();
         a; b
         a; b;
         struct S; a
         ;
        ",
        &expect![[r"
            let a;
                {let(bind a, -, -);}
            let a = 1;
                {let(bind a, Integer(1), -);}
            let a: u8 = f();
                {let(bind a, typed(call(f; ), u8), -);}
            let a: u8;
                {let(bind a, -, -);}
            let Some(a) = f() else { return };
                {let(Some(bind a), call(f; ), {Return(-)});}
            let (a, _): (u8, u8) = f();
                {let([bind a, _], typed(call(f; ), (u8, u8)), -);}
            a; b
                {a, b}
            a; b;
                {a, b;}
            struct S; a
                {?, a}
            ;
                {?;}
        "]],
    );
}

#[test]
fn statements_of_tests_are_left_out() {
    check(
        "#[cfg(test)] a(); b()
         #[cfg(test)] let a = b(); c()
         #[cfg(test)] { a() } b()
         #[cfg(test)] a += b(); c()
         #[cfg(test)] println!(\"a\"); b()
         #[cfg(not(test))] a(); b()
         match a { #[cfg(test)] B => c(), _ => d() }
        ",
        &expect![[r#"
            #[cfg(test)] a(); b()
                {?, call(b; )}
            #[cfg(test)] let a = b(); c()
                {?, call(c; )}
            #[cfg(test)] { a() } b()
                {?, call(b; )}
            #[cfg(test)] a += b(); c()
                {?, call(c; )}
            #[cfg(test)] println!("a"); b()
                {?, call(b; )}
            #[cfg(not(test))] a(); b()
                {call(a; ), call(b; )}
            match a { #[cfg(test)] B => c(), _ => d() }
                {match(a; _ => call(d; ))}
        "#]],
    );
}

#[test]
fn branches_and_loops() {
    check(
        "if a { b } else if c { d } else { e }
         if let Some(a) = b { a }
         if let Some(a) = b && a > 1 && let Ok(c) = d { c }
         match a { A => 1, B(b) if b > 1 => 2, _ => {} }
         loop { break 1 }
         while a < b { continue; }
         while let Some(a) = b { a }
         for (i, a) in b { a }
         'a: loop { break 'a; }
         'a: { break 'a 1 }
         return;
         return a + 1
         unsafe { a }
         const { a }
        ",
        &expect![[r"
            if a { b } else if c { d } else { e }
                {if(a, {b}, if(c, {d}, {e}))}
            if let Some(a) = b { a }
                {if(is(Some(bind a), b), {a}, -)}
            if let Some(a) = b && a > 1 && let Ok(c) = d { c }
                {if(Logic(Logic(is(Some(bind a), b), Order(a, Integer(1))), is(Ok(bind c), d)), {c}, -)}
            match a { A => 1, B(b) if b > 1 => 2, _ => {} }
                {match(a; bind A => Integer(1), B(bind b) if Order(b, Integer(1)) => Integer(2), _ => {;})}
            loop { break 1 }
                {loop({Break(Integer(1))})}
            while a < b { continue; }
                {while(Order(a, b), {Continue;})}
            while let Some(a) = b { a }
                {while(is(Some(bind a), b), {a})}
            for (i, a) in b { a }
                {for([bind i, bind a], b, {a})}
            'a: loop { break 'a; }
                {loop({Break(-);})}
            'a: { break 'a 1 }
                {{Break(Integer(1))}}
            return;
                {Return(-);}
            return a + 1
                {Return(Sum(a, Integer(1)))}
            unsafe { a }
                {{a}}
            const { a }
                {{a}}
        "]],
    );
}

#[test]
fn closures_futures_and_errors() {
    check(
        "a.map(|b| b + 1)
         |a, (b, c): (u8, u8)| -> u8 { a }
         move || a
         async { a.await }
         async move { a?.b().await? }
         async |a| a.await
         f()?
        ",
        &expect![[r"
            a.map(|b| b + 1)
                {a.map(|bind b| Sum(b, Integer(1)))}
            |a, (b, c): (u8, u8)| -> u8 { a }
                {|bind a, [bind b, bind c]| {a}}
            move || a
                {|| a}
            async { a.await }
                {async{await(a)}}
            async move { a?.b().await? }
                {async{try(await(try(a).b()))}}
            async |a| a.await
                {|bind a| await(a)}
            f()?
                {try(call(f; ))}
        "]],
    );
}

#[test]
fn macros_are_trees_where_their_arguments_are_expressions() {
    check(
        "format!(\"{} {b}\", a + 1);
         vec![a; n]
         vec![a, b]
         assert!(a > 1, \"why {}\", b);
         matches!(a, A | B)
         matches!(a, Some(b) if b > 1)
         info!(%a, ?b, c = d + 1, \"said\");
         info!(target: \"x\", a = %b, c.d = ?e, f == g, h::I, \"said\");
         stringify!(a + b)
         custom!(a => b)
         custom! { a }
         empty!()
         a::b::mac!(c)
         tokio::select! { a = b => c }
        ",
        &expect![[r#"
            format!("{} {b}", a + 1);
                {format!(Text("{} {b}"), Sum(a, Integer(1)));}
            vec![a; n]
                {vec!(a, n)}
            vec![a, b]
                {vec!(a, b)}
            assert!(a > 1, "why {}", b);
                {assert!(Order(a, Integer(1)), Text("why {}"), b);}
            matches!(a, A | B)
                {matches!(is(bind A | bind B, a))}
            matches!(a, Some(b) if b > 1)
                {matches!(is(Some(bind b), a), Order(b, Integer(1)))}
            info!(%a, ?b, c = d + 1, "said");
                {info!(a, b, Sum(d, Integer(1)), Text("said"));}
            info!(target: "x", a = %b, c.d = ?e, f == g, h::I, "said");
                {info!(Text("x"), b, e, Equality(f, g), h::I, Text("said"));}
            stringify!(a + b)
                {stringify!()}
            custom!(a => b)
                {custom!(?)}
            custom! { a }
                {custom!(a);}
            empty!()
                {empty!()}
            a::b::mac!(c)
                {a::b::mac!(c)}
            tokio::select! { a = b => c }
                {tokio::select!(if(is(bind a, await(b)), c, -));}
        "#]],
    );
}

#[test]
fn children_come_before_their_parents_and_lie_inside_them() {
    let body = body("if a.b(c + 1)? { d(|x| [x; 2]) } else { match e { F { g, .. } => vec![g], _ => return h!(i) } }");
    let nodes: Vec<_> = body.nodes().collect();
    assert_eq!(body.root().unwrap(), nodes[nodes.len() - 1].0);
    let whole = nodes[nodes.len() - 1].1.span;
    for (id, node) in nodes {
        assert!(whole.contains(node.span), "{id:?} {node:?}");
    }
}

#[test]
fn a_place_inside_self_knows_its_field() {
    let field = |statement: &str| {
        let body = body(statement);
        let found = body.nodes().filter_map(|(id, _)| body.self_field(id)).last();
        found.map(|(name, whole)| format!("{name} {whole}"))
    };
    assert_eq!(field("self.a").as_deref(), Some("a true"));
    assert_eq!(field("(*self).a").as_deref(), Some("a true"));
    assert_eq!(field("self.a.b[0]").as_deref(), Some("a false"));
    assert_eq!(field("other.a"), None);
    assert_eq!(field("self.a()"), None);
}

#[test]
fn branches_of_a_select_are_conditions_on_what_is_awaited() {
    check(
        "tokio::select! { biased; Some(a) = b.recv(), if c => d(a), _ = e => { f() } g = &mut h => return g, else => i() }
         futures::select! { a = b => c, complete => break, default => {} }
         select!(a, b)
         tokio::select! { a b c }
        ",
        &expect![[r"
            tokio::select! { biased; Some(a) = b.recv(), if c => d(a), _ = e => { f() } g = &mut h => return g, else => i() }
                {tokio::select!(if(Logic(is(Some(bind a), await(b.recv())), c), call(d; a), -), if(is(_, await(e)), {call(f; )}, -), if(is(bind g, await(refmut(h))), Return(g), -), call(i; ));}
            futures::select! { a = b => c, complete => break, default => {} }
                {futures::select!(if(is(bind a, await(b)), c, -), Break(-), {;});}
            select!(a, b)
                {select!(a, b)}
            tokio::select! { a b c }
                {tokio::select!(?);}
        "]],
    );
}
