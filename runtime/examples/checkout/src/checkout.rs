//! The orchestrator: what happens in which order, and what is undone.

use super::order::{self, CheckoutError, Order, Sale};
use super::shop::Shop;
use baton_runtime::{
    self as baton, Attempt, Definition, DefinitionErrors, Effect, Kind, Layer, Orchestrator, Pipeline, RetryPolicy,
    RunContext, RunError, StepError, Undo,
};
use std::sync::Arc;
use std::time::Duration;

type Done<T> = Result<T, StepError<CheckoutError>>;

/// Sells: puts aside, takes the money, sends, writes.
#[baton::orchestrator(layer = "domain", cross_domain = [])]
pub(crate) struct Checkout {
    shop: Arc<Shop>,
    pipeline: Pipeline<Shop, Sale, CheckoutError>,
}

impl Checkout {
    pub(crate) fn new(shop: Arc<Shop>) -> Result<Self, DefinitionErrors> {
        let patient = RetryPolicy::default().initial_interval(Duration::from_millis(100)).maximum_attempts(3);
        let pipeline = Pipeline::builder("checkout")
            .step("reserve", reserve, |_, ()| {})
            .compensate(release)
            .step("charge", charge, Sale::paid_by)
            .effect(Effect::Idempotent)
            .retry(patient)
            .timeout(Duration::from_secs(10))
            .compensate(refund)
            .fallback("send", |couriers| {
                couriers
                    .step("bicycle", by_bicycle, Sale::sent_by)
                    .compensate(cancel)
                    .step("van", by_van, Sale::sent_by)
                    .compensate(cancel)
            })
            .step("mail", mail, |_, ()| {})
            .build()?;
        Ok(Self { shop, pipeline })
    }
}

impl Orchestrator for Checkout {
    const NAME: &'static str = "checkout";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = Order;
    type Output = Sale;
    type Error = CheckoutError;

    async fn orchestrate(&self, cx: &RunContext<'_>, order: Order) -> Result<Sale, RunError<CheckoutError>> {
        let sale = order::begin(order)?;
        self.pipeline.run(cx, &self.shop, sale).await
    }

    fn definition(&self) -> Definition {
        self.pipeline.definition()
    }
}

async fn reserve(shop: Arc<Shop>, sale: Arc<Sale>, attempt: Attempt) -> Done<()> {
    Ok(shop.reserve(&sale.order, attempt.idempotency_key().as_str())?)
}

async fn release(shop: Arc<Shop>, _: Arc<Sale>, undo: Undo<()>) -> Done<()> {
    Ok(shop.release(undo.attempt.idempotency_key().as_str())?)
}

async fn charge(shop: Arc<Shop>, sale: Arc<Sale>, attempt: Attempt) -> Done<String> {
    Ok(shop.charge(sale.cents, attempt.idempotency_key().as_str())?)
}

async fn refund(shop: Arc<Shop>, sale: Arc<Sale>, undo: Undo<String>) -> Done<()> {
    Ok(shop.refund(sale.cents, undo.attempt.idempotency_key().as_str())?)
}

async fn by_bicycle(shop: Arc<Shop>, sale: Arc<Sale>, attempt: Attempt) -> Done<String> {
    Ok(shop.send("bicycle", &sale.order.to, attempt.idempotency_key().as_str())?)
}

async fn by_van(shop: Arc<Shop>, sale: Arc<Sale>, attempt: Attempt) -> Done<String> {
    Ok(shop.send("van", &sale.order.to, attempt.idempotency_key().as_str())?)
}

async fn cancel(shop: Arc<Shop>, _: Arc<Sale>, undo: Undo<String>) -> Done<()> {
    Ok(shop.cancel(undo.attempt.idempotency_key().as_str())?)
}

async fn mail(shop: Arc<Shop>, sale: Arc<Sale>, attempt: Attempt) -> Done<()> {
    Ok(shop.mail(&sale.order.to, attempt.idempotency_key().as_str())?)
}
