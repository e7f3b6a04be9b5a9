//! What is known of methods by their names.

use super::{Origin, technical};
use crate::facts::body::{Body, Expr, ExprId};
use smol_str::SmolStr;

/// Methods that say whether something holds of their receiver.
pub(super) const TESTS: &[&str] = &[
    "all",
    "any",
    "contains",
    "contains_key",
    "ends_with",
    "eq",
    "eq_ignore_ascii_case",
    "ge",
    "gt",
    "is_empty",
    "is_err",
    "is_err_and",
    "is_match",
    "is_none",
    "is_none_or",
    "is_ok",
    "is_ok_and",
    "is_some",
    "is_some_and",
    "is_subset",
    "is_superset",
    "is_disjoint",
    "le",
    "lt",
    "matches",
    "ne",
    "starts_with",
    "is_alphabetic",
    "is_numeric",
    "is_alphanumeric",
    "is_ascii",
    "is_positive",
    "is_negative",
    "is_sign_negative",
    "is_sign_positive",
    "is_zero",
    "is_nan",
    "is_finite",
];

/// Functions that say what time it is.
pub(super) fn is_clock(name: &str) -> bool {
    matches!(name, "now" | "now_utc" | "now_local" | "utc_now" | "today" | "current_time" | "current_timestamp")
}

/// Functions that change rows, and say how many.
pub(super) fn is_statement(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or(name);
    matches!(
        first,
        "delete" | "execute" | "insert" | "purge" | "remove" | "rows" | "save" | "store" | "update" | "upsert"
    ) || name.contains("affected")
}

/// Whether something comes from the domain.
pub(super) const fn is_data(origin: Origin) -> bool {
    matches!(origin, Origin::Received | Origin::Decision | Origin::Domain)
}

/// Methods that hand on their receiver.
pub(super) fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "clone"
            | "cloned"
            | "copied"
            | "as_ref"
            | "as_mut"
            | "as_deref"
            | "as_str"
            | "as_slice"
            | "borrow"
            | "borrow_mut"
            | "to_owned"
            | "to_string"
            | "into"
            | "iter"
            | "unwrap"
            | "expect"
            | "get"
            | "deref"
            | "inner"
            | "by_ref"
    )
}

pub(super) fn is_guard(name: &str) -> bool {
    matches!(name, "lock" | "read" | "write" | "try_lock")
}

/// Methods that yield what their closure yields.
pub(super) fn is_mapping(name: &str) -> bool {
    matches!(
        name,
        "map" | "filter_map" | "flat_map" | "and_then" | "map_or" | "map_or_else" | "then" | "find_map" | "then_some"
    )
}

/// Methods whose result is no closer to the closure's than to the receiver.
pub(super) fn is_closure_method(name: &str) -> bool {
    matches!(
        name,
        "filter"
            | "inspect"
            | "sort_by"
            | "sort_by_key"
            | "take_while"
            | "skip_while"
            | "map_err"
            | "ok_or_else"
            | "ok_or"
    )
}

pub(super) fn is_calculation(name: &str) -> bool {
    CALCULATIONS.contains(&name)
}

/// Methods that calculate.
pub(super) const CALCULATIONS: &[&str] = &[
    "abs_diff",
    "add",
    "checked_add",
    "checked_add_signed",
    "checked_div",
    "checked_mul",
    "checked_pow",
    "checked_rem",
    "checked_sub",
    "checked_add_days",
    "checked_sub_days",
    "checked_add_months",
    "checked_add_signed",
    "checked_sub_signed",
    "clamp",
    "div",
    "div_ceil",
    "div_euclid",
    "duration_since",
    "max",
    "min",
    "mul",
    "mul_add",
    "num_days",
    "overflowing_add",
    "overflowing_sub",
    "pow",
    "powf",
    "powi",
    "rem",
    "rem_euclid",
    "saturating_add",
    "saturating_mul",
    "saturating_pow",
    "saturating_sub",
    "signed_duration_since",
    "sqrt",
    "sub",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
    "round_dp",
    "trunc_with_scale",
    "years_since",
];

/// Whether a field or parameter tells things apart and says nothing about them.
pub(super) fn is_identity(name: &str) -> bool {
    technical::is_identifier(name)
}

/// The last name of an expression: of a field, a variable or a method.
pub(super) fn name_of(body: &Body, id: ExprId) -> Option<&SmolStr> {
    match body.expr(id) {
        Expr::Path(path) => Some(path),
        Expr::MethodCall(receiver, name, arguments) if arguments.is_empty() && is_transparent(name) => {
            name_of(body, *receiver)
        }
        Expr::Field(_, name) | Expr::MethodCall(_, name, _) => Some(name),
        Expr::Reference(_, inner)
        | Expr::Unary(_, inner)
        | Expr::Try(inner)
        | Expr::Await(inner)
        | Expr::Typed(inner, _) => name_of(body, *inner),
        _ => None,
    }
}
