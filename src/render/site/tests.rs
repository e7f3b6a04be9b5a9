use super::*;
use crate::render::testing::report;
use baton_core::finding::Level;
use baton_core::graph::{Arrow, Group, Grouping, View};
use baton_core::inventory::{Assessment, FindingEntry, SubfolderEntry, WaivedEntry};
use baton_core::inventory::{DomainsEntry, ForbiddenEntry, Holder, MissingEntry, Pairing, TransactionEntry};
use expect_test::{Expect, expect};

fn file(path: &str, role: &str, findings: Vec<usize>) -> FileEntry {
    let (folder, name) = path.rsplit_once('/').unwrap();
    FileEntry {
        path: path.to_owned(),
        folder: folder.to_owned(),
        name: name.to_owned(),
        module: path.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::"),
        title: format!("What {name} is <for>."),
        purpose: None,
        role: Some(role.to_owned()),
        layer: None,
        kind: "functions",
        only_modules: false,
        transaction: TransactionEntry::default(),
        domains: DomainsEntry::default(),
        references: Vec::new(),
        findings,
        waived: Vec::new(),
        imports: Vec::new(),
        inbound: Vec::new(),
        outbound: Vec::new(),
        orchestrators: Vec::new(),
        public: Vec::new(),
        errors: Vec::new(),
        pairing: Pairing::default(),
    }
}

fn folder(path: &str, files: &[&str]) -> FolderEntry {
    FolderEntry {
        path: path.to_owned(),
        governed: false,
        title: path.to_owned(),
        layer: None,
        role: None,
        purpose: None,
        belongs: Vec::new(),
        forbidden: Vec::new(),
        module_file: None,
        files: files.iter().map(|path| (*path).to_owned()).collect(),
        subfolders: Vec::new(),
        assessment: Assessment { correct: files.len(), files: files.len(), ..Assessment::default() },
        paired_layer: None,
        inbound: Vec::new(),
        outbound: Vec::new(),
        picture: View { by: Grouping::Folder, groups: Vec::new(), arrows: Vec::new() },
    }
}

/// What the sample report is about: two files, of which one has a finding, in two folders.
fn inventory(report: &Report) -> Inventory {
    let findings = report.findings.iter().map(|judged| FindingEntry {
        rule: judged.finding.rule,
        level: judged.level,
        message: judged.finding.message.clone(),
        help: judged.finding.help.clone(),
        file: "src/domain/a.rs".to_owned(),
        line: 2,
        column: 5,
        end_line: 2,
        end_column: 25,
        item: judged.finding.item.clone(),
        fingerprint: judged.fingerprint.clone(),
    });
    let below = SubfolderEntry {
        path: "src/domain".to_owned(),
        name: "domain".to_owned(),
        title: "Domain".to_owned(),
        purpose: None,
        governed: false,
        files: vec!["src/domain/a.rs".to_owned()],
    };
    let outer = FolderEntry { subfolders: vec![below], ..folder("src", &["src/shared.rs"]) };
    Inventory {
        packages: vec!["shop".to_owned()],
        folders: vec![outer, folder("src/domain", &["src/domain/a.rs"])],
        files: vec![file("src/domain/a.rs", "core", vec![0]), file("src/shared.rs", "common", Vec::new())],
        findings: findings.collect(),
    }
}

/// Renders one piece of the page `page` of the sample.
fn check(page: &str, expected: &Expect, piece: impl FnOnce(&Here<'_>) -> html::Html) {
    let report = report();
    let inventory = inventory(&report);
    let site = Site::new(&inventory, &report, &[]);
    let here = Here { site: &site, page: page.to_owned() };
    expected.assert_eq(&piece(&here).into_string());
}

#[test]
fn a_finding_is_shown_with_its_code_its_help_and_what_proves_it() {
    let expected = expect![[r##"
        <article class="finding" id="finding-0123456789abcdef">
        <header><h3><span class="badge deny">error</span> <span class="rule"><a href="../../../rules/core-imports-shell.html"><code>core-imports-shell</code></a></span></h3>
        <span class="place"><a href="#finding-0123456789abcdef">line 2</a> in <code>domain::<wbr>a::<wbr>price</code></span></header>
        <p class="message"><code>domain::<wbr>a</code> reaches <code>utils::<wbr>cache</code></p><pre class="source" tabindex="0" role="group" aria-label="src/domain/a.rs, line 2"><code><span class="line"><span class="number" data-number="1"></span>fn price() {</span>
        <span class="line at"><span class="number" data-number="2"></span>    <mark>shared::cache::get()</mark>;</span>
        <span class="line"><span class="number" data-number="3"></span>}</span>
        </code></pre>
        <p class="help"><strong>Instead:</strong> take the cache&#39;s answer as a parameter</p>
        <h4>Evidence</h4>
        <ul class="evidence"><li>named here <span class="place">line 2</span><pre class="source" tabindex="0" role="group" aria-label="src/domain/a.rs, line 2"><code><span class="line at"><span class="number" data-number="2"></span>    <mark>shared::cache</mark>::get();</span>
        </code></pre>
        </li>
        </ul>
        <h4>How it gets there</h4>
        <ol class="chain"><li><a href="../../../code/src/domain/a.rs.html"><code>domain::<wbr>a</code></a> → <a href="../../../code/src/shared.rs.html"><code>shared</code></a> <span class="place"><a href="../../../code/src/domain/a.rs.html"><code>src/<wbr>domain/<wbr>a.rs:2</code></a></span></li>
        <li><a href="../../../code/src/shared.rs.html"><code>shared</code></a> → <code>utils::<wbr>cache</code> <span class="place"><a href="../../../code/src/shared.rs.html"><code>src/<wbr>shared.rs:1</code></a></span></li>
        </ol>
        </article>
    "##]];
    check("code/src/domain/a.rs.html", &expected, |here| finding::finding(here, 0));
}

#[test]
fn a_finding_of_several_lines_is_marked_in_each_and_no_trick_is_played() {
    let expected = expect![[r##"
        <pre class="source" tabindex="0" role="group" aria-label="src/domain/a.rs, line 1"><code><span class="line at"><span class="number" data-number="1"></span>fn price() {</span>
        <span class="line at"><span class="number" data-number="2"></span>    <mark>shared::cache::get();</mark></span>
        <span class="line at"><span class="number" data-number="3"></span><mark>}</mark></span>
        </code></pre>
        <article class="finding" id="finding-0123456789abcdef">
        <header><h3><span class="badge warn">warning</span> <span class="rule"><a href="../rules/impure-core.html"><code>impure-core</code></a></span></h3>
        <span class="place"><a href="#finding-0123456789abcdef">line 1</a></span></header>
        <p class="message">two lines and \u{202e}a trick</p><pre class="source" tabindex="0" role="group" aria-label="src/domain/a.rs, line 1"><code><span class="line at"><span class="number" data-number="1"></span><mark>fn</mark> price() {</span>
        <span class="line"><span class="number" data-number="2"></span>    shared::cache::get();</span>
        <span class="line"><span class="number" data-number="3"></span>}</span>
        </code></pre>
        </article>
    "##]];
    check("rules/impure-core.html", &expected, |here| {
        let place = crate::render::testing::place(0, 12, 41);
        source::code(here.site.report, place, 0).then(finding::finding(here, 1))
    });
}

#[test]
fn what_is_waived_is_told_with_its_reason() {
    let expected = expect![[r#"
        <span class="badge plain">waived</span> <span class="small">&lt;so&gt;</span><article class="finding"><header><h3><span class="badge plain">waived</span> <span class="rule"><a href="../../../rules/impure-core.html"><code>impure-core</code></a></span></h3></header><p class="message">it <code>asks</code></p><p class="help"><strong>Waived because:</strong> &lt;so&gt;</p></article>
    "#]];
    check("code/src/domain/a.rs.html", &expected, |here| {
        let waived = WaivedEntry { rule: "impure-core", message: "it `asks`".to_owned(), reason: "<so>".to_owned() };
        let file = FileEntry { waived: vec![waived], ..file("src/domain/a.rs", "core", Vec::new()) };
        words::verdict(here, &file).then(finding::waived(here, &file.waived[0]))
    });
}

#[test]
fn crumbs_lead_through_the_folders_that_have_pages() {
    let expected = expect![[r#"
        <a href="../../../index.html">Overview</a>
        <a href="../../../code/src/index.html"><code>src</code></a>
        <a href="../../../code/src/domain/index.html"><code>domain</code></a>
        <span aria-current="page"><code>a.rs</code></span>"#]];
    check("code/src/domain/a.rs.html", &expected, |here| {
        html::Html::joined(frame::crumbs(here, "src/domain/a.rs"), "\n")
    });
}

#[test]
fn a_contract_is_told_with_what_holds_it() {
    let expected = expect![[r#"
        <section id="purpose">
        <h2>Purpose</h2>
        <p>Prices &amp; &lt;taxes&gt;.</p></section>
        <section id="belongs">
        <h2>What belongs here</h2>
        <ul><li>prices</li>
        </ul></section>
        <section id="must-not">
        <h2>What must not be here</h2>
        <div class="wide"><table><caption class="hidden">What must not be here</caption><thead><tr><th scope="col">What</th><th scope="col">Held by</th><th scope="col">State</th></tr></thead>
        <tbody><tr><th scope="row">any <code>I/<wbr>O</code></th><td data-label="Held by"><a href="../../../rules/impure-core.html"><code>impure-core</code></a></td><td data-label="State"><span class="badge deny">1 finding</span></td></tr>
        <tr><th scope="row">any <code>I/<wbr>O</code></th><td data-label="Held by">the contract <code>one way</code></td><td data-label="State"><span class="badge ok">OK</span></td></tr>
        <tr><th scope="row">any <code>I/<wbr>O</code></th><td data-label="Held by"><span class="none">no rule holds this</span></td><td data-label="State"><span class="none">—</span></td></tr>
        </tbody></table>
        </div>
        </section>
        <section id="assessment">
        <h2>Assessment</h2>
        <p>The one file does not pass every rule that ran.</p>
        <h3>Standing</h3>
        <div class="wide"><table><caption class="hidden">Standing</caption><thead><tr><th scope="col">Place</th><th scope="col">Level</th><th scope="col">Rule</th><th scope="col">What is wrong</th></tr></thead>
        <tbody><tr><th scope="row"><a href="../../../code/src/domain/a.rs.html#finding-0123456789abcdef"><code>a.rs:2</code></a></th><td data-label="Level"><span class="badge deny">error</span></td><td data-label="Rule"><a href="../../../rules/core-imports-shell.html"><code>core-imports-shell</code></a></td><td data-label="What is wrong"><code>domain::<wbr>a</code> reaches <code>utils::<wbr>cache</code></td></tr>
        </tbody></table>
        </div>
        <h3 id="missing">Missing</h3>
        <ul class="missing"><li><strong>a registry</strong> — there is none</li>
        </ul>"#]];
    check("code/src/domain/index.html", &expected, |here| {
        let held = |held_by, findings| ForbiddenEntry { text: "any `I/O`".to_owned(), held_by, findings };
        let contract = FolderEntry {
            governed: true,
            purpose: Some("Prices & <taxes>.".to_owned()),
            belongs: vec!["prices".to_owned()],
            forbidden: vec![
                held(Some(Holder::Rule("impure-core".to_owned())), 1),
                held(Some(Holder::Contract("one way".to_owned())), 0),
                held(None, 0),
            ],
            assessment: Assessment {
                files: 1,
                findings: vec![0],
                missing: vec![MissingEntry { text: "a registry".to_owned(), why: "there is none".to_owned() }],
                ..Assessment::default()
            },
            ..folder("src/domain", &["src/domain/a.rs"])
        };
        let content = folder::content(here, &contract).body.into_string();
        let from = content.find("<section id=\"purpose\">").unwrap();
        let to = content.find("<section id=\"inventory\">").unwrap();
        let assessment = content.find("<section id=\"assessment\">").unwrap();
        let end = content[assessment..].find("</section>").unwrap() + assessment;
        html::Html::of_picture(format!("{}{}", &content[from..to], &content[assessment..end]))
    });
}

#[test]
fn boxes_of_a_picture_lead_to_pages_and_a_picture_too_large_is_left_out() {
    let report = report();
    let inventory = inventory(&report);
    let site = Site::new(&inventory, &report, &[]);
    let here = Here { site: &site, page: "code/src/index.html".to_owned() };
    let group = |name: &str, neighbour| Group {
        name: name.to_owned(),
        outside: false,
        neighbour,
        modules: 1,
        role: Some("core".to_owned()),
    };
    let arrow = |from, to| Arrow {
        from,
        to,
        places: 1,
        sample: crate::render::testing::place(0, 0, 2),
        path: "a".into(),
        violations: Vec::new(),
    };
    let drawn = |groups: Vec<Group>, arrows: Vec<Arrow>| {
        let picture = View { by: Grouping::Folder, groups, arrows };
        picture::of_folder(&here, &FolderEntry { picture, ..folder("src", &[]) }).into_string()
    };
    let groups = vec![group("shared.rs", false), group("domain/", false), group("gone.rs", false), group("core", true)];
    let picture = drawn(groups, vec![arrow(0, 1), arrow(1, 2), arrow(2, 3)]);
    let links: Vec<&str> = picture.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["../../code/src/shared.rs.html", "../../code/src/domain/index.html"]);
    assert!(!picture.contains("<style") && picture.contains("the rest of the project, by role"));
    let many = (0..80).map(|number| group(&format!("{number}.rs"), false)).collect();
    let told = drawn(many, vec![arrow(0, 1)]);
    assert!(told.contains("A picture of 80 boxes and 1 arrows would show nothing"), "{told}");
    assert!(drawn(Vec::new(), Vec::new()).contains("Nothing here imports anything"));
}

#[test]
fn scripts_know_folders_files_rules_and_items() {
    let report = report();
    let mut inventory = inventory(&report);
    let item = baton_core::inventory::PublicItem {
        owner: "Price".to_owned(),
        name: "of".to_owned(),
        signature: String::new(),
        docs: String::new(),
        line: 7,
    };
    inventory.files[1].public = vec![item];
    inventory.findings[1].level = Level::Warn;
    let site = Site::new(&inventory, &report, &[]);
    expect![[r#"
        window.batonPages = {"folders":[["src",2,1],["src/domain",2,1]],"files":[[1,"src/domain/a.rs","functions",1,1],[0,"src/shared.rs","functions",0,0]],"rules":[["core-imports-shell",1],["impure-core",1]]};
    "#]].assert_eq(&data::pages(&site).unwrap());
    assert_eq!(data::items(&site).unwrap(), "window.batonItems = [[1,\"Price::of\",7]];\n");
}

#[test]
fn what_was_done_is_told_in_a_line() {
    let none = LeftOver::default();
    assert_eq!(site_written("a", &[true, true], &none), "wrote 2 files: a/index.html\n");
    let some = LeftOver { ours: vec!["u.html", "v.html"], changed: vec!["x.html"] };
    assert_eq!(
        site_written("a", &[true, false, false], &some),
        "wrote 1 file; 2 current; removed 2: a/index.html\na/x.html: no page any more, and somebody changed it; it stays\n"
    );
}
