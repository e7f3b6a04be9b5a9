//! What an order is, what it costs, and whether it can be taken: pure functions over values.

use baton_runtime::{Category, Checks, DomainError};
use serde::{Deserialize, Serialize};

/// What somebody wants, and where to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) to: String,
    pub(crate) pieces: u32,
}

/// An order on its way through the checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sale {
    pub(crate) order: Order,
    pub(crate) cents: u64,
    pub(crate) payment: Option<String>,
    pub(crate) courier: Option<String>,
}

impl Sale {
    pub(crate) fn paid_by(&mut self, payment: String) {
        self.payment = Some(payment);
    }

    pub(crate) fn sent_by(&mut self, courier: String) {
        self.courier = Some(courier);
    }
}

/// How a checkout fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum CheckoutError {
    #[error("the order cannot be taken: {0}")]
    Invalid(String),
    #[error("the {0} doesn't go to the {1}")]
    TooFar(String, String),
    #[error("the {0} cannot be reached: {1}")]
    Unreachable(String, String),
}

impl DomainError for CheckoutError {
    fn category(&self) -> Category {
        match self {
            Self::Invalid(_) => Category::Validation,
            Self::TooFar(..) => Category::Conflict,
            Self::Unreachable(..) => Category::Dependency,
        }
    }
}

const CENTS_A_PIECE: u64 = 1_050;

/// The sale as it begins: checked, and with its price.
pub(crate) fn begin(order: Order) -> Result<Sale, CheckoutError> {
    let checks = Checks::new()
        .check("pieces", |order: &Order| if order.pieces == 0 { Err("there are none") } else { Ok(()) })
        .check("address", |order| if order.to.is_empty() { Err("it is empty") } else { Ok(()) });
    checks.all(&order).map_err(|violations| CheckoutError::Invalid(violations.to_string()))?;
    let cents = u64::from(order.pieces) * CENTS_A_PIECE;
    Ok(Sale { order, cents, payment: None, courier: None })
}

/// Whether a courier goes there.
pub(crate) fn reachable(courier: &str, to: &str) -> Result<(), CheckoutError> {
    match (courier, to) {
        (_, "moon") | ("bicycle", "island") => Err(CheckoutError::TooFar(courier.to_owned(), to.to_owned())),
        _ => Ok(()),
    }
}
