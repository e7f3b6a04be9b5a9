//! Patterns as trees.

use super::bodies::check;
use expect_test::expect;

#[test]
fn every_kind_of_pattern() {
    check(
        "match a { b => 1, ref mut c => 2, d @ 1 => 3 }
         match a { None => 1, a::B => 2, a::C(d, ..) => 3, a::D { e, f: Some(g), .. } => 4 }
         match a { (b, _) => 1, [first, .., last] => 2, [head, tail @ ..] => 3 }
         match a { 1 | 2 => 1, -1 => 2, \"a\" => 3, 'a'..='z' => 4, ..=5 => 5, a::MIN..a::MAX => 6 }
         match a { &b => 1, &mut c => 2, (d) => 3, const { 1 } => 4, mac!() => 5 }
         match a { | b => 1 }
        ",
        &expect![[r#"
            match a { b => 1, ref mut c => 2, d @ 1 => 3 }
                {match(a; bind b => Integer(1), bind c => Integer(2), bind d @ Integer(1) => Integer(3))}
            match a { None => 1, a::B => 2, a::C(d, ..) => 3, a::D { e, f: Some(g), .. } => 4 }
                {match(a; bind None => Integer(1), a::B => Integer(2), a::C(bind d, _) => Integer(3), a::D{e: bind e, f: Some(bind g)} => Integer(4))}
            match a { (b, _) => 1, [first, .., last] => 2, [head, tail @ ..] => 3 }
                {match(a; [bind b, _] => Integer(1), [bind first, _, bind last] => Integer(2), [bind head, bind tail @ _] => Integer(3))}
            match a { 1 | 2 => 1, -1 => 2, "a" => 3, 'a'..='z' => 4, ..=5 => 5, a::MIN..a::MAX => 6 }
                {match(a; Integer(1) | Integer(2) => Integer(1), Integer(-1) => Integer(2), Text("a") => Integer(3), range => Integer(4), range => Integer(5), range => Integer(6))}
            match a { &b => 1, &mut c => 2, (d) => 3, const { 1 } => 4, mac!() => 5 }
                {match(a; &bind b => Integer(1), &bind c => Integer(2), bind d => Integer(3), Text(const { 1 }) => Integer(4), ? => Integer(5))}
            match a { | b => 1 }
                {match(a; bind b => Integer(1))}
        "#]],
    );
}
