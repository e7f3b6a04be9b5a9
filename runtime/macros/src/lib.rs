//! The attribute `orchestrator`, which Baton's linter reads and which compiles to nothing.
//!
//! It comes with [`baton-runtime`](https://docs.rs/baton-runtime) and its feature `macros`; nothing but the name of the
//! crate keeps it from being used without.

mod arguments;

use proc_macro::TokenStream;
use quote::quote;

/// Says what an orchestrator is and may do, to Baton's linter. The code it stands on is left as it is.
///
/// It stands on a type, an `impl`, a function or a module with a body. All arguments may be left out:
///
/// | argument | says |
/// |---|---|
/// | `layer = "…"` | `domain`, `application` or `infrastructure` |
/// | `cross_domain = ["…"]` | which domains the code may name besides its own; `[]` says none |
/// | `transaction = "owner"` | that the code begins and ends transactions |
///
/// ```
/// use baton_macros as baton;
///
/// #[baton::orchestrator(layer = "application", cross_domain = ["billing"], transaction = "owner")]
/// struct Checkout {
///     attempts: u32,
/// }
///
/// impl Checkout {
///     #[baton::orchestrator(cross_domain = [])]
///     fn charge(&self) -> u32 {
///         self.attempts
///     }
/// }
///
/// assert_eq!(Checkout { attempts: 3 }.charge(), 3);
/// ```
///
/// What the linter would not understand does not build:
///
/// ```compile_fail
/// #[baton_macros::orchestrator(layer = "business")]
/// struct Checkout;
/// ```
///
/// ```compile_fail
/// #[baton_macros::orchestrator(cross_domains = ["billing"])]
/// struct Checkout;
/// ```
///
/// ```compile_fail
/// #[baton_macros::orchestrator(cross_domain = "billing")]
/// struct Checkout;
/// ```
///
/// ```compile_fail
/// #[baton_macros::orchestrator(transaction = "borrower")]
/// struct Checkout;
/// ```
///
/// On a `mod x;` without a body, stable Rust allows no attribute that runs code. There, and without this crate,
/// `#[cfg_attr(any(), baton::orchestrator(…))]` says the same.
#[proc_macro_attribute]
pub fn orchestrator(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let Err(error) = arguments::check(arguments.into()) else { return item };
    // The item stays, so that what is said is this and not that the item is missing.
    let (complaint, item) = (error.into_compile_error(), proc_macro2::TokenStream::from(item));
    quote!(#complaint #item).into()
}
