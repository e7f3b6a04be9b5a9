use super::*;
use crate::render::graph::testing;
use crate::render::testing::report;
use baton_core::graph::Grouping;
use expect_test::expect;

/// The picture as a file of its own.
fn svg(view: &View, report: &Report) -> Result<String, Failure> {
    super::svg(view, report, Frame::Alone)
}

/// The elements that a picture is made of, each with its text, without numbers.
fn outline(picture: &str) -> String {
    let body = picture.split("</defs>").nth(1).unwrap_or_default();
    let mut out = String::new();
    for line in body.lines() {
        let text: String =
            line.split('<').filter_map(|part| part.split_once('>')).fold(String::new(), |mut all, part| {
                if !part.1.trim().is_empty() {
                    all.push_str(" | ");
                    all.push_str(part.1);
                }
                all
            });
        let class = line.split("class=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let _ = writeln!(out, "{class}{text}");
    }
    out
}

#[test]
fn a_picture_says_what_a_view_holds() {
    let picture = svg(&testing::view(), &report()).unwrap();
    expect![[r#"

        page
        heading | Who imports whom, by role
        node core | core
        node shell | shell
        node outside | package from outside
        node plain around | next to what was asked for
        arrow  | imports, at so many places
        arrow broken | breaks core-imports-shell

        arrow | no role -&gt; core: 1 place, such as src/shared.rs:2
        arrow | shell -&gt; core: 12 places, such as src/domain/a.rs:2
        arrow | shell -&gt; sqlx: 2 places, such as src/shared.rs:2
        arrow broken | core -&gt; shell: 1 of 3 breaks core-imports-shell, such as src/domain/a.rs:2
        node core | core, 2 modules, role core | core | 2 modules
        node plain around | no role, 4 modules | no role | 4 modules
        node shell | shell, 3 modules, role shell | shell | 3 modules
        node outside | sqlx, outside, role shell | sqlx | outside
        label broken | 1 of 3
        label | 1
        label | 12
        label | 2


    "#]]
    .assert_eq(&outline(&picture));
}

#[test]
fn a_picture_stands_alone_and_can_be_read_aloud() {
    let picture = svg(&testing::view(), &report()).unwrap();
    for stranger in ["<script", "<image", "href", "@import", "<foreignObject"] {
        assert!(!picture.contains(stranger), "{stranger}");
    }
    assert_eq!(picture.matches("http").count(), 1, "the name of the format alone");
    assert!(picture.contains("role=\"img\" aria-labelledby=\"baton-title baton-description\""));
    let description = picture.split("<desc id=\"baton-description\">").nth(1).and_then(|rest| rest.split('<').next());
    assert_eq!(description, Some("4 nodes, 4 arrows; against a rule: core to shell, 1 of 3 breaks core-imports-shell"));
    assert!(picture.contains("prefers-color-scheme:dark"));
}

#[test]
fn names_are_escaped_and_long_ones_lose_their_middle() {
    assert_eq!(escaped("a<b>&\"\u{202e}"), "a&lt;b&gt;&amp;&quot;\\u{202e}");
    let long = format!("{}::{}", "a".repeat(30), "b".repeat(30));
    assert_eq!(short(&long), format!("{}…{}", "a".repeat(22), "b".repeat(22)));
    assert_eq!(short("core::price"), "core::price");
    let group = |name: &str| Group { name: name.to_owned(), ..testing::view().groups[0].clone() };
    assert!(width(&group("価格計算")) > width(&group("kakaku")), "what may be wide gets the room");
}

/// Groups that each import all further ones.
fn ladder(groups: usize) -> View {
    let sample = testing::view();
    let name = |number: usize| Group { name: format!("g{number}"), ..sample.groups[0].clone() };
    let pairs = (0..groups).flat_map(|from| (from + 1..groups).map(move |to| (from, to)));
    let arrows = pairs.map(|(from, to)| Arrow { from, to, ..sample.arrows[1].clone() });
    View { by: Grouping::Module, groups: (0..groups).map(name).collect(), arrows: arrows.collect() }
}

#[test]
fn a_crowded_picture_leaves_out_what_a_longer_way_implies_but_never_a_violation() {
    let mut view = ladder(12);
    let all = svg(&ladder(11), &report()).unwrap();
    assert!(all.matches("marker-end").count() == 55 + 1 && !all.contains("not drawn"));
    let crowded = svg(&view, &report()).unwrap();
    assert_eq!(crowded.matches("marker-end").count(), 11 + 1, "with that of the legend");
    assert!(crowded.contains("55 arrows are not drawn: a longer way leads there too"));
    view.arrows[5].violations = testing::view().arrows[0].violations.clone();
    let broken = svg(&view, &report()).unwrap();
    assert_eq!(broken.matches("marker-end").count(), 12 + 2);
    assert!(broken.contains("54 arrows are not drawn"));
}

#[test]
fn a_number_stands_where_no_other_arrow_runs_if_there_is_such_a_place() {
    let at = |x: f64, y: f64| Point { x, y };
    let line = [(at(0.0, 0.0), at(0.0, 200.0))];
    let places = places(&line, false);
    let crossing = traced(&[(at(-50.0, 100.0), at(50.0, 100.0))], true);
    let crossing: Vec<&Point> = crossing.iter().collect();
    assert_eq!(free_place(&places, 6.0, &[], &[]), Some(at(0.0, 100.0)), "the middle");
    let beside = free_place(&places, 6.0, &[], &crossing).unwrap();
    assert!((beside.y - 100.0).abs() > 8.0, "{beside:?}");
    let parallel: Vec<Point> = traced(&[(at(5.0, 0.0), at(5.0, 200.0))], false);
    let parallel: Vec<&Point> = parallel.iter().collect();
    let taken = [around(at(0.0, 100.0), 6.0)];
    let beside = free_place(&places, 6.0, &taken, &parallel).unwrap();
    assert!((beside.y - 100.0).abs() > 16.0, "where all of the line has another one beside it, no number covers one");
}

#[test]
fn a_picture_that_nobody_could_read_is_refused() {
    let message = |view: &View| svg(view, &report()).unwrap_err().message;
    let boxes = View { arrows: Vec::new(), ..ladder(301) };
    assert_eq!(message(&boxes), "a picture of 301 boxes and 0 arrows shows nothing");
    // Each of the first thirty imports each of the others, and no longer way leads there.
    let mut crossed = ladder(60);
    crossed.arrows.retain(|arrow| arrow.from < 30 && arrow.to >= 30);
    assert_eq!(message(&crossed), "a picture of 60 boxes and 900 arrows shows nothing");
    assert!(svg(&crossed, &report()).unwrap_err().hint.contains("`--depth`"));
    assert!(svg(&ladder(60), &report()).is_ok(), "most of its 1770 arrows are not drawn");
}

#[test]
fn a_picture_in_a_page_has_its_links_and_leaves_colours_to_the_page() {
    let link = |group: &Group| (group.name == "core").then(|| "core.html?a&b".to_owned());
    let page = InPage { heading: "What <core> imports", around: "the rest", link: &link };
    let picture = super::svg(&testing::view(), &report(), Frame::InPage(page)).unwrap();
    assert!(
        !picture.contains("<style") && !picture.contains("class=\"page\"") && !picture.contains("class=\"heading\"")
    );
    assert!(
        picture.contains("role=\"group\"") && picture.contains("<title id=\"baton-title\">What &lt;core&gt; imports<")
    );
    assert_eq!(picture.matches("<a href=").count(), 1);
    assert!(picture.contains("<a href=\"core.html?a&amp;b\"><g class=\"node core\">"));
    assert!(picture.contains("\">the rest</text>") && !picture.contains("next to what was asked for"));
}
