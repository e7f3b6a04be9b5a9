//! Waiting for several futures on one task.

use crate::engine::BoxFuture;
use std::future::poll_fn;
use std::task::Poll;

/// All results, in the order of the futures. All are polled whenever one of them may go on, which is fine for as many
/// branches as somebody writes down.
pub(crate) async fn join_all<T>(futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Some).collect();
    let mut results: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, result) in waiting.iter_mut().zip(&mut results) {
            if let Some(Poll::Ready(value)) = future.as_mut().map(|future| future.as_mut().poll(context)) {
                *result = Some(value);
                *future = None;
            }
        }
        if waiting.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn results_come_in_the_order_of_the_futures_and_time_is_shared() {
        let before = tokio::time::Instant::now();
        let sleep = |seconds| -> BoxFuture<'static, u64> {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                seconds
            })
        };
        assert_eq!(join_all(vec![sleep(3), sleep(1), sleep(2)]).await, [3, 1, 2]);
        assert_eq!(before.elapsed().as_secs(), 3);
        assert!(join_all::<u64>(Vec::new()).await.is_empty());
    }
}
