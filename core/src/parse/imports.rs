//! `use` trees, one import per leaf, and `extern crate`.

use super::items::visibility;
use super::names::Collector;
use crate::facts::{Import, ImportKind};
use crate::source::Span;
use smol_str::SmolStr;
use syn::UseTree;

impl Collector<'_> {
    pub(super) fn extern_crate(&mut self, item: &syn::ItemExternCrate) {
        let path = self.places.name(&item.ident);
        let bound = item.rename.as_ref().map_or_else(|| path.clone(), |(_, name)| self.places.name(name));
        let import = Import {
            path: if path == "self" { SmolStr::new_static("crate") } else { path },
            name: (bound != "_").then_some(bound),
            kind: ImportKind::ExternCrate,
            visibility: visibility(&item.vis),
            span: self.places.between(item.extern_token.span, item.semi_token.span),
            block: self.block(),
            test: self.in_test(),
            cfg: self.places.cfg(&item.attrs),
        };
        self.scope().imports.push(import);
    }

    pub(super) fn use_item(&mut self, item: &syn::ItemUse) {
        let mut prefix = String::new();
        if item.leading_colon.is_some() {
            prefix.push_str("::");
        }
        let template = Import {
            path: SmolStr::default(),
            name: None,
            kind: ImportKind::Name,
            visibility: visibility(&item.vis),
            span: Span::default(),
            block: self.block(),
            test: self.in_test(),
            cfg: self.places.cfg(&item.attrs),
        };
        self.use_tree(&item.tree, &mut prefix, &template);
    }

    fn use_tree(&mut self, tree: &UseTree, prefix: &mut String, template: &Import) {
        match tree {
            UseTree::Path(path) => {
                let before = prefix.len();
                prefix.push_str(&self.places.name(&path.ident));
                prefix.push_str("::");
                self.use_tree(&path.tree, prefix, template);
                prefix.truncate(before);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, prefix, template);
                }
            }
            UseTree::Glob(glob) => {
                let path = prefix.trim_end_matches("::").into();
                let span = self.places.span(glob.star_token.span);
                self.note_import(Import { path, kind: ImportKind::Glob, span, ..template.clone() });
            }
            UseTree::Name(name) => {
                let span = self.places.span(name.ident.span());
                self.leaf(&name.ident, None, prefix, Import { span, ..template.clone() });
            }
            UseTree::Rename(rename) => {
                let span = self.places.between(rename.ident.span(), rename.rename.span());
                self.leaf(&rename.ident, Some(&rename.rename), prefix, Import { span, ..template.clone() });
            }
        }
    }

    /// `a::b`, `a::b as c`, and `a::{self}`, which is `a`.
    fn leaf(
        &mut self,
        ident: &proc_macro2::Ident,
        rename: Option<&proc_macro2::Ident>,
        prefix: &str,
        template: Import,
    ) {
        let path: SmolStr = if ident == "self" && !prefix.trim_end_matches("::").is_empty() {
            prefix.trim_end_matches("::").into()
        } else {
            format!("{prefix}{}", self.places.name(ident)).into()
        };
        let own = || crate::facts::types::last_segment(&path).into();
        let bound: SmolStr = rename.map_or_else(own, |name| self.places.name(name));
        let name = (bound != "_").then_some(bound);
        self.note_import(Import { path, name, ..template });
    }
}
