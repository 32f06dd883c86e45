//! One kind of effect, task, branch, list and value worked out. Leptos compiles each of these anew for every closure it
//! is given; here the closure goes behind a pointer, so that the download stays small.
//!
//! Invariant: these behave as their namesakes in Leptos do; nothing here is about the product.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
};

use leptos::prelude::*;
use uuid::Uuid;

/// Runs now and again whenever a signal that it reads changes.
pub fn effect(run: impl FnMut() + 'static) {
    fn begin(mut run: Box<dyn FnMut()>) {
        Effect::new(move |_: Option<()>| run());
    }
    begin(Box::new(run));
}

/// Runs a future beside the page. It is begun at once, so that a request is on its way while the page
/// is still being drawn.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    fn begin(mut task: Pin<Box<dyn Future<Output = ()>>>) {
        let begun = untrack(|| task.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        if begun.is_pending() {
            wasm_bindgen_futures::spawn_local(task);
        }
    }
    begin(Box::pin(task));
}

/// What happens on an event.
pub fn on<E: 'static>(heard: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(heard)
}

/// A view that is drawn anew whenever a signal that it reads changes.
pub fn dynamic<V: IntoView + 'static>(draw: impl Fn() -> V + Send + 'static) -> AnyView {
    fn begin(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || draw()).into_any()
    }
    begin(Box::new(move || draw().into_any()))
}

/// A view that is there while a test holds; it is drawn anew only when the test's answer changes.
pub fn when<V: IntoView + 'static>(
    test: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn() -> V + Send + 'static,
) -> AnyView {
    fn begin(holds: Memo<bool>, draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        dynamic(move || holds.get().then(&draw))
    }
    begin(memo(test), Box::new(move || draw().into_any()))
}

/// A value that is worked out anew when a signal that it reads changes, and is heard of when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    fn begin<T: PartialEq + Send + Sync + 'static>(work: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
        Memo::new(move |_| work())
    }
    begin(Box::new(work))
}

/// A value that is worked out each time it is read.
pub fn derive<T: Send + Sync + 'static>(work: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    fn begin<T: Send + Sync + 'static>(work: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
        Signal::derive(work)
    }
    begin(Box::new(work))
}

/// A list whose entries stay as they are while others come and go.
pub fn each<V: IntoView + 'static>(
    ids: impl Fn() -> Vec<Uuid> + Send + Sync + 'static,
    draw: impl Fn(Uuid) -> V + Send + Sync + 'static,
) -> AnyView {
    type Ids = Box<dyn Fn() -> Vec<Uuid> + Send + Sync>;
    type Draw = Arc<dyn Fn(Uuid) -> AnyView + Send + Sync>;
    fn begin(ids: Ids, draw: Draw) -> AnyView {
        view! { <For each=ids key=|id| *id children=move |id| draw(id) /> }.into_any()
    }
    begin(Box::new(ids), Arc::new(move |id| draw(id).into_any()))
}
