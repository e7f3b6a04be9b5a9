use super::*;
use expect_test::expect;

fn part(name: &str, body: &str) -> Part {
    Part { name: name.to_owned(), body: body.to_owned() }
}

fn parts() -> Vec<Part> {
    vec![part("title", "# Orders\n"), part("purpose", "To order.\n"), part("files", "- a\n- b\n")]
}

fn text(existing: &str, parts: &[Part]) -> String {
    merge(existing, parts).unwrap().text
}

fn edited(existing: &str, parts: &[Part]) -> Vec<(String, u32)> {
    merge(existing, parts).unwrap().edited.into_iter().map(|edited| (edited.name, edited.line)).collect()
}

#[test]
fn a_new_page_has_the_parts_in_order() {
    let page = text("", &parts());
    expect![[r#"
        <!-- baton:begin title 1103444e4f83dc97 -->
        # Orders
        <!-- baton:end title -->
        <!-- baton:begin purpose 4caec5048f2ed9fc -->
        To order.
        <!-- baton:end purpose -->
        <!-- baton:begin files 8b3069ae3c0662ea -->
        - a
        - b
        <!-- baton:end files -->
    "#]]
    .assert_eq(&page);
    assert_eq!(text(&page, &parts()), page, "a second run changes nothing");
    assert_eq!(theirs(&page).unwrap(), "");
}

#[test]
fn what_people_write_stays_where_it_is() {
    let page = text("", &parts());
    let mut with_notes = page.replace("<!-- baton:begin purpose", "\nA note.\n\n<!-- baton:begin purpose");
    with_notes.insert_str(0, "First.\n");
    with_notes.push_str("Last, without an end");
    assert_eq!(text(&with_notes, &parts()), with_notes);
    assert_eq!(theirs(&with_notes).unwrap(), "First.\n\nA note.\n\nLast, without an end");
    let changed = [part("title", "# Orders\n"), part("purpose", "To order more.\n"), part("files", "- a\n")];
    let new = text(&with_notes, &changed);
    assert_eq!(theirs(&new).unwrap(), theirs(&with_notes).unwrap());
    assert!(new.contains("To order more."));
    assert_eq!(edited(&with_notes, &changed), []);
}

#[test]
fn a_page_of_people_gets_the_parts_at_its_end() {
    let page = text("# Mine\n\nNotes", &parts());
    assert!(page.starts_with("# Mine\n\nNotes\n<!-- baton:begin title"), "{page}");
    assert_eq!(text(&page, &parts()), page);
    assert_eq!(theirs(&page).unwrap(), "# Mine\n\nNotes\n");
}

#[test]
fn parts_are_renewed_where_people_moved_them() {
    let page = text("", &parts());
    let (title, rest) = page.split_at(page.find("<!-- baton:begin purpose").unwrap());
    let moved = format!("{rest}between\n{title}");
    assert_eq!(text(&moved, &parts()), moved);
}

#[test]
fn parts_come_and_go() {
    let all = parts();
    let page = text("", &all);
    for left_out in 0..all.len() {
        let mut some = all.clone();
        some.remove(left_out);
        let fewer = text(&page, &some);
        assert_eq!(fewer, text("", &some), "`{}` is taken out", all[left_out].name);
        assert_eq!(text(&fewer, &all), page, "and put back at its place");
    }
    let noted = page.replace("<!-- baton:end purpose -->\n", "<!-- baton:end purpose -->\na note\n");
    let without = text(&noted, &[all[0].clone(), all[2].clone()]);
    assert_eq!(theirs(&without).unwrap(), "a note\n");
}

#[test]
fn a_part_edited_by_hand_is_told() {
    let page = text("", &parts());
    let by_hand = page.replace("To order.", "To order, and more.");
    assert_eq!(edited(&by_hand, &parts()), [("purpose".to_owned(), 4)]);
    assert_eq!(text(&by_hand, &parts()), page, "what it would be is known all the same");
    assert_eq!(edited(&by_hand, &[part("purpose", "To order, and more.\n")]), [], "it says what it should");
    assert_eq!(edited(&by_hand, &[part("title", "# Orders\n")]), [("purpose".to_owned(), 4)], "it would be lost");
}

#[test]
fn line_ends_of_other_systems_are_no_change() {
    let page = text("", &parts()).replace('\n', "\r\n");
    assert_eq!(text(&page, &parts()), page);
    assert_eq!(edited(&page, &parts()), []);
    let changed = text(&page, &[part("title", "# A\n# B\n")]);
    assert!(changed.contains("# A\r\n# B\r\n<!-- baton:end title -->\r\n"), "{changed:?}");
    let marked = format!("\u{feff}{page}");
    assert_eq!(text(&marked, &parts()), marked);
    assert_eq!(theirs(&marked).unwrap(), "");
}

#[test]
fn damaged_markers_have_a_place() {
    let fault = |page: &str| {
        let fault = merge(page, &parts()).unwrap_err();
        format!("{}: {}", fault.line, fault.message)
    };
    let page = text("", &parts());
    let without = |line: &str| page.split_inclusive('\n').filter(|other| other.trim_end() != line).collect::<String>();
    assert_eq!(
        fault(&without("<!-- baton:end purpose -->")),
        "6: the part `files` begins inside of `purpose`, which has no end"
    );
    assert_eq!(fault(&without("<!-- baton:end files -->")), "7: the part `files` begins here and ends nowhere");
    let begin = page.lines().next().unwrap();
    assert_eq!(fault(&without(begin)), "2: the part `title` ends here and begins nowhere");
    assert_eq!(fault(&format!("{page}{page}")), "11: the part `title` begins a second time");
    assert_eq!(fault(&page.replace("<!-- baton:end title", "  <!-- baton:end title")), "3: this marker is damaged");
    assert_eq!(fault(&page.replacen("1103444e", "1103", 1)), "1: this marker is damaged");
    assert_eq!(fault("<!-- baton:begin -->\n"), "1: this marker is damaged");
    let merged = page.replace("- a\n", "<<<<<<< HEAD\n- a\n=======\n- c\n>>>>>>> theirs\n");
    assert_eq!(fault(&merged), "8: a merge left both sides of a conflict here");
    assert_eq!(fault("a <!-- baton:end x -->"), "1: this marker is damaged");
}

#[test]
fn a_sample_in_fenced_code_belongs_to_whoever_shows_it() {
    let page = text("", &parts());
    let sample = "Pages look like this:\n\n```text\n<!-- baton:begin title 0123456789abcdef -->\n# T\n<!-- baton:end title -->\n```\n\n";
    for noted in
        [format!("{sample}{page}"), format!("{page}{sample}"), format!("{page}{}", sample.replace("```", "~~~~"))]
    {
        assert_eq!(text(&noted, &parts()), noted);
        assert_eq!(edited(&noted, &parts()), []);
    }
    let merge = "```\n<<<<<<< HEAD\n```\n";
    assert!(text(merge, &parts()).starts_with(merge));
    assert!(!is_page(sample));
    let body = [part("title", "```mermaid\nflowchart\n```\n"), part("purpose", "p\n")];
    let page = text("A note with `three ``` of them`\n", &body);
    assert_eq!(text(&page, &body), page, "fences of generated parts are theirs");
    let body = [part("title", "~~~ never closed\n"), part("purpose", "p\n"), part("files", "~~~\n")];
    let page = text("", &body);
    assert_eq!(text(&page, &body), page, "a fence ends with its part");
    let body = [part("title", "```mermaid\n```\n")];
    let page = text("```\nabout to be closed\n\n", &body);
    assert_eq!(text(&page, &body), page, "a fence of a part closes none of people");
    let open = format!("```\nnever closed\n\n{}", text("", &parts()));
    assert_eq!(text(&open, &parts()), open);
}

/// Random texts of people around and between the parts, and random sequences of what is generated. A fence
/// that somebody opens before a part and closes behind it makes a sample of the part, so there is none.
#[test]
fn people_never_lose_a_byte() {
    const WORDS: [&str; 12] = [
        "note",
        "\n",
        "\r\n",
        "  ",
        "# Title\n",
        "<!-- a comment -->\n",
        "<!-- baton -->",
        "ß",
        "\t",
        "`code`\n",
        "| a |\n",
        "\u{200b}",
    ];
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for round in 0..2000 {
        let mut page = String::new();
        let mut notes = String::new();
        let mut write = |page: &mut String, next: &mut dyn FnMut(usize) -> usize, ends: bool| {
            let mut note: String = (0..next(5)).map(|_| WORDS[next(WORDS.len())]).collect();
            if ends && !note.is_empty() && !note.ends_with('\n') {
                note.push('\n');
            }
            page.push_str(&note);
            notes.push_str(&note);
        };
        for number in 0..4 {
            write(&mut page, &mut next, true);
            let body = format!("{}\n", "x".repeat(next(3)));
            push(&mut page, &part(&format!("part-{number}"), &body), false);
        }
        write(&mut page, &mut next, false);
        for _ in 0..6 {
            let all = (0..6).filter(|_| next(3) > 0).collect::<Vec<_>>();
            let parts: Vec<Part> = all
                .into_iter()
                .map(|number| part(&format!("part-{number}"), &format!("{}\n", "y".repeat(next(4)))))
                .collect();
            let merged = merge(&page, &parts).unwrap();
            assert_eq!(merged.edited, []);
            // Where all parts were gone, the next one begins on a line of its own.
            let kept = theirs(&merged.text).unwrap();
            assert!(kept == notes || kept == format!("{notes}\n"), "round {round}: {notes:?} became {kept:?}");
            assert_eq!(merge(&merged.text, &parts).unwrap().text, merged.text);
            notes = kept;
            page = merged.text;
        }
    }
}
