//! The services that the checkout needs. Each notes what it does in one file, which stands for the outside world: it
//! stays when the process is gone.

use super::order::{self, CheckoutError, Order};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// Warehouse, bank and couriers.
pub(crate) struct Shop {
    book: PathBuf,
    crash: bool,
}

impl Shop {
    /// A shop that keeps its book there. With `crash`, the process ends as soon as a card is charged.
    pub(crate) fn new(book: PathBuf, crash: bool) -> Self {
        Self { book, crash }
    }

    pub(crate) fn reserve(&self, order: &Order, key: &str) -> Result<(), CheckoutError> {
        self.once("warehouse", key, &format!("{} pieces are put aside", order.pieces))?;
        Ok(())
    }

    pub(crate) fn release(&self, key: &str) -> Result<(), CheckoutError> {
        self.once("warehouse", key, "they are back on the shelf")?;
        Ok(())
    }

    /// Takes the money, once for each key, and returns the number of the payment.
    pub(crate) fn charge(&self, cents: u64, key: &str) -> Result<String, CheckoutError> {
        let done = self.once("bank", key, &format!("{}.{:02} are charged", cents / 100, cents % 100))?;
        if done && self.crash {
            // No destructor runs and nothing is flushed, as in a real crash.
            #[expect(clippy::disallowed_methods, reason = "the example shows what a crash does")]
            std::process::abort();
        }
        Ok(format!("payment {key}"))
    }

    pub(crate) fn refund(&self, cents: u64, key: &str) -> Result<(), CheckoutError> {
        self.once("bank", key, &format!("{}.{:02} are given back", cents / 100, cents % 100))?;
        Ok(())
    }

    pub(crate) fn send(&self, courier: &str, to: &str, key: &str) -> Result<String, CheckoutError> {
        order::reachable(courier, to)?;
        self.once("courier", key, &format!("a {courier} is on its way"))?;
        Ok(courier.to_owned())
    }

    pub(crate) fn cancel(&self, key: &str) -> Result<(), CheckoutError> {
        self.once("courier", key, "it turns round")?;
        Ok(())
    }

    pub(crate) fn mail(&self, to: &str, key: &str) -> Result<(), CheckoutError> {
        self.once("mail", key, &format!("a receipt goes to the {to}"))?;
        Ok(())
    }

    /// Does something unless it was done for this key already, and says whether it did.
    fn once(&self, service: &str, key: &str, what: &str) -> Result<bool, CheckoutError> {
        let unreachable = |error: io::Error| CheckoutError::Unreachable(service.to_owned(), error.to_string());
        let text = match fs::read_to_string(&self.book) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read.map_err(unreachable)?,
        };
        let done = text.lines().all(|line| line.split_whitespace().next() != Some(key));
        let line = if done {
            format!("{key}  {service}: {what}")
        } else {
            format!("-  {service}: {key} again, nothing is done")
        };
        let mut book = OpenOptions::new().create(true).append(true).open(&self.book).map_err(unreachable)?;
        writeln!(book, "{line}").map_err(unreachable)?;
        Ok(done)
    }
}
