//! The frame of a picture: its colours, in light and in dark, its heading and its legend.

use super::{Frame, MARGIN, NAME_WIDTH, SMALL_WIDTH, escaped, kinds, real};
use baton_core::graph::View;
use std::fmt::Write;

/// Colours are written out for each of light and dark: not every program that shows a picture
/// knows variables, and one that does not know the choice shows the light one on white.
const STYLE: &str = "\
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;fill:#1f2328}
.page{fill:#ffffff}
.heading{font-size:15px;font-weight:600}
.name{font-size:13px;text-anchor:middle}
.note{font-size:10px;text-anchor:middle;fill:#59636e}
.legend{font-size:10px;fill:#59636e}
.label{font-size:10px;text-anchor:middle;fill:#59636e;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.node rect{stroke-width:1.3px}
.plain rect{fill:#f3f4f6;stroke:#818b98}
.core rect{fill:#dcf3e3;stroke:#2f7d4f}
.shell rect{fill:#dcebfa;stroke:#2b6cb0}
.orchestrator rect{fill:#ece3fa;stroke:#6b46c1}
.entry rect{fill:#fdf0d0;stroke:#b7791f}
.outside rect{fill:#ffffff;stroke:#818b98;stroke-dasharray:2 3}
.around rect{stroke-dasharray:6 3}
.arrow path{fill:none;stroke:#818b98}
.arrow:hover path{stroke:#1f2328;stroke-width:3px}
.head{fill:#818b98}
.broken path{stroke:#d1242f;stroke-dasharray:7 4;stroke-width:2.4px}
.broken-head{fill:#d1242f}
.label.broken{fill:#d1242f;font-weight:700}
@media(prefers-color-scheme:dark){
text{fill:#e6edf3}
.page{fill:#0d1117}
.note,.legend,.label{fill:#9198a1}
.label{stroke:#0d1117}
.plain rect{fill:#1b2129;stroke:#7d8590}
.core rect{fill:#12331f;stroke:#57ab6e}
.shell rect{fill:#102a43;stroke:#539bf5}
.orchestrator rect{fill:#271c43;stroke:#a78bfa}
.entry rect{fill:#3b2a07;stroke:#d4a72c}
.outside rect{fill:#0d1117;stroke:#7d8590}
.arrow path{stroke:#7d8590}
.arrow:hover path{stroke:#e6edf3}
.head{fill:#7d8590}
.broken path{stroke:#ff6a69}
.broken-head{fill:#ff6a69}
.label.broken{fill:#ff6a69}
}
";

/// The beginning of a picture, up to its heading. In a page it has neither colours nor a visible heading, and
/// it may have links, which nobody could reach in what is only an image.
pub(super) fn open(width: f64, height: f64, frame: &Frame<'_>, heading: &str, description: &str) -> String {
    let (heading, description) = (escaped(heading), escaped(description));
    let head = |id: &str, class: &str| {
        format!(
            "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{class}\" d=\"M0 1L10 5L0 9z\"/></marker>"
        )
    };
    let heads = format!("<defs>{}{}</defs>\n", head("baton-head", "head"), head("baton-broken", "broken-head"));
    let (role, style, page) = match frame {
        Frame::InPage(_) => ("group", String::new(), String::new()),
        Frame::Alone => (
            "img",
            format!("<style>\n{STYLE}</style>\n"),
            format!(
                "<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n\
                 <text class=\"heading\" x=\"{MARGIN}\" y=\"36\">{heading}</text>\n"
            ),
        ),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"{role}\" aria-labelledby=\"baton-title baton-description\">\n\
         <title id=\"baton-title\">{heading}</title>\n\
         <desc id=\"baton-description\">{description}</desc>\n{style}{heads}{page}"
    )
}

/// The legend of a picture.
pub(super) struct Legend {
    pub(super) text: String,
    pub(super) width: f64,
}

/// The kinds of boxes that a legend explains.
const BOXES: [(&str, &str); 6] = [
    ("entry", "entry"),
    ("orchestrator", "orchestrator"),
    ("core", "core"),
    ("shell", "shell"),
    ("outside", "package from outside"),
    (AROUND, "next to what was asked for"),
];

/// The kind of boxes that nobody asked for.
const AROUND: &str = "plain around";

/// What the colours and lines of the view mean, in one line below the heading.
pub(super) fn legend(view: &View, frame: &Frame<'_>, missing: usize, is_numbered: bool) -> Legend {
    let (classes, rules) = kinds(view);
    let mut legend = Legend { text: String::new(), width: NAME_WIDTH * real(frame.heading(view).len()) };
    let mut x = MARGIN;
    let y = frame.head() - 18.0;
    for (class, words) in BOXES.into_iter().filter(|(class, _)| classes.contains(class)) {
        let words = match frame {
            Frame::InPage(page) if class == AROUND => page.around,
            _ => words,
        };
        let _ = writeln!(
            legend.text,
            "<g class=\"node {class}\" transform=\"translate({x:.1} {y})\"><rect x=\"0\" y=\"-10\" width=\"16\" \
             height=\"12\" rx=\"3\"/><text class=\"legend\" x=\"22\">{words}</text></g>"
        );
        x += 22.0 + SMALL_WIDTH * real(words.len()) + 20.0;
    }
    let mut arrow = |class: &str, head: &str, words: &str| {
        let _ = writeln!(
            legend.text,
            "<g class=\"arrow {class}\" transform=\"translate({x:.1} {y})\"><path d=\"M0 -4H34\" stroke-width=\"1.4\" \
             marker-end=\"url(#{head})\"/><text class=\"legend\" x=\"40\">{}</text></g>",
            escaped(words)
        );
        x += 40.0 + SMALL_WIDTH * real(words.chars().count()) + 20.0;
    };
    arrow("", "baton-head", if is_numbered { "imports, at so many places" } else { "imports" });
    if !rules.is_empty() {
        let rules: Vec<_> = rules.into_iter().collect();
        arrow("broken", "baton-broken", &format!("breaks {}", rules.join(", ")));
    }
    if missing > 0 {
        let which = if missing == 1 { "1 arrow is" } else { &format!("{missing} arrows are") };
        let words = format!("{which} not drawn: a longer way leads there too");
        let _ = writeln!(legend.text, "<text class=\"legend\" x=\"{x:.1}\" y=\"{y}\">{words}</text>");
        x += SMALL_WIDTH * real(words.len());
    }
    legend.width = legend.width.max(x - MARGIN);
    legend
}
